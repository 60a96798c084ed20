from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from parleqd.adapters.models.catalogue import Published
from parleqd.adapters.models.store import FolderModelStore
from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.ports import DownloadProgress
from parleqd.protocol.names import Reason
from tests.fakes.hub import MODEL_FILES, REPOSITORY, REVISION, WEIGHTS, running_hub, write_model

BASE = Published("base", REPOSITORY, REVISION, len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest())
PARTIAL = f"base-{REVISION[:12]}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    write_model(tmp_path / "mine", MODEL_FILES)
    return tmp_path / "mine"


def quiet(progress: DownloadProgress) -> None:
    """Nobody watches."""


def store_at(root: Path) -> FolderModelStore:
    return FolderModelStore(root, None, [BASE])


def test_nothing_is_created_by_looking(root: Path) -> None:
    assert [model.name for model in store_at(root).list()] == ["base"]
    assert not root.exists()


def test_without_the_embedded_model_its_name_is_like_any_other(root: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        FolderModelStore(root, None).find("tiny.en")
    assert refused.value.hint == "run: parleqctl models install tiny.en"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("bsae", "did you mean base? "), ("nothing-like-it", ""), ("../x", ""), ("", ""), (".", "")],
)
def test_an_unknown_name_is_told_what_was_meant(root: Path, name: str, hint: str) -> None:
    with pytest.raises(RefusedError) as refused:
        store_at(root).find(name)
    assert refused.value.hint == hint + "parleqctl models list names them; a folder is given by its absolute path"


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["x" * 5000, "é" * 200, "/" + "x" * 5000])
async def test_a_name_too_long_for_any_folder_is_a_missing_model(root: Path, name: str) -> None:
    store = store_at(root)
    with pytest.raises(RefusedError) as refused:
        await to_thread.run_sync(store.find, name)
    assert refused.value.reason == Reason.MODEL_MISSING
    with pytest.raises(RefusedError) as refused:
        await store.install(name, quiet)
    assert refused.value.reason == Reason.MODEL_MISSING
    with pytest.raises(RefusedError):
        await store.remove(name)


@pytest.mark.asyncio
async def test_a_registered_folder_is_removed_by_name_not_by_path(root: Path, mine: Path) -> None:
    store = store_at(root)
    await store.install(str(mine), quiet)
    with pytest.raises(RefusedError, match="is a path, not the name of a model") as refused:
        await store.remove(str(mine))
    assert "by its name" in refused.value.hint


def test_a_damaged_model_says_so(root: Path) -> None:
    write_model(root / "base", {"model.bin": WEIGHTS})
    store = store_at(root)
    assert [model.installed for model in store.list()] == [False]
    with pytest.raises(OutsideError) as damaged:
        store.find("base")
    assert damaged.value.reason == Reason.MODEL_DAMAGED


@pytest.mark.asyncio
async def test_a_fetched_model_lies_in_its_folder_and_the_partial_one_is_gone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        model = await store_at(root).install("base", quiet)
    assert model.path == str(root / "base")
    names = {entry.name async for entry in anyio.Path(model.path).iterdir()}
    assert names == set(MODEL_FILES) - {"README.md"}
    assert [entry async for entry in anyio.Path(root / ".partial").iterdir()] == []


@pytest.mark.asyncio
async def test_a_damaged_model_is_fetched_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await to_thread.run_sync(write_model, root / "base", {"model.bin": b""})
    async with running_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        assert (await store_at(root).install("base", quiet)).installed


@pytest.mark.asyncio
async def test_one_model_is_fetched_once_at_a_time(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        hub.hold_after = 1
        with anyio.fail_after(15):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(store_at(root).install, "base", quiet)
                await hub.holding.wait()
                with pytest.raises(OutsideError, match="is being downloaded already"):
                    await store_at(root).install("base", quiet)
                tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_what_was_fetched_so_far_can_be_removed(root: Path) -> None:
    await to_thread.run_sync(write_model, root / ".partial" / PARTIAL, {"model.bin.part": b"x"})
    await store_at(root).remove("base")
    assert not await anyio.Path(root / ".partial" / PARTIAL).exists()


@pytest.mark.asyncio
async def test_a_registered_folder_is_only_forgotten(root: Path, mine: Path) -> None:
    store = store_at(root)
    model = await store.install(str(mine), quiet)
    assert (model.name, model.description) == ("mine", f"registered: {mine}")
    assert await store.install(str(mine), quiet) == model
    assert [model.name for model in await to_thread.run_sync(store.list)] == ["base", "mine"]
    await store.remove("mine")
    assert await anyio.Path(mine / "model.bin").exists()


@pytest.mark.asyncio
async def test_a_folder_can_stand_in_for_a_model_of_the_catalogue(root: Path, tmp_path: Path) -> None:
    await to_thread.run_sync(write_model, tmp_path / "base", MODEL_FILES)
    store = store_at(root)
    await store.install(str(tmp_path / "base"), quiet)
    assert (await to_thread.run_sync(store.find, "base")).path == str(root / "base")


@pytest.mark.asyncio
async def test_two_folders_of_one_name_are_a_conflict(root: Path, mine: Path, tmp_path: Path) -> None:
    await to_thread.run_sync(write_model, tmp_path / "other" / "mine", MODEL_FILES)
    store = store_at(root)
    await store.install(str(mine), quiet)
    with pytest.raises(RefusedError, match="there is a model mine already") as refused:
        await store.install(str(tmp_path / "other" / "mine"), quiet)
    assert refused.value.reason == Reason.MODEL_CONFLICT


@pytest.mark.asyncio
async def test_a_registered_folder_that_went_away_can_be_replaced(root: Path, mine: Path) -> None:
    store = store_at(root)
    await store.install(str(mine), quiet)
    await to_thread.run_sync(shutil.rmtree, mine)
    (listed,) = [model for model in await to_thread.run_sync(store.list) if model.name == "mine"]
    assert not listed.installed
    with pytest.raises(RefusedError, match="is not a folder"):
        await to_thread.run_sync(store.find, "mine")
    await to_thread.run_sync(write_model, mine, MODEL_FILES)
    assert (await store.install(str(mine), quiet)).installed


@pytest.mark.asyncio
async def test_a_folder_that_is_no_model_is_refused(root: Path, tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match=r"has no model\.bin") as damaged:
        await store_at(root).install(str(tmp_path), quiet)
    assert damaged.value.reason == Reason.MODEL_DAMAGED
    assert not await anyio.Path(root).exists()


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["base", "folder"])
async def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, mine: Path, name: str) -> None:
    await anyio.Path(tmp_path / "file").touch()
    store = store_at(tmp_path / "file" / "models")
    with pytest.raises(OutsideError, match="cannot be") as failed:
        await store.install(str(mine) if name == "folder" else name, quiet)
    assert failed.value.reason == Reason.DOWNLOAD_FAILED
