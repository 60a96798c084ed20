"""One suite for every model store: the real one over folders and a loopback hub, and the one in memory."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest
from anyio import to_thread

from parleqd.adapters.models.catalogue import Published
from parleqd.adapters.models.store import FolderModelStore
from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.ports import DownloadProgress, ModelStore
from parleqd.protocol.names import Reason
from tests.fakes import hub
from tests.fakes.hub import MODEL_FILES, WEIGHTS, running_hub, write_model
from tests.fakes.models import MemoryModelStore

BASE = Published("base", hub.REPOSITORY, hub.REVISION, len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest())


class Kit(Protocol):
    """A store with tiny.en embedded, that offers base and can be told to fail at fetching it."""

    store: ModelStore

    def fail(self) -> None:
        """From now on fetching fails."""


class FolderKit:
    def __init__(self, store: FolderModelStore, hub: hub.LoopbackHub) -> None:
        self.store: ModelStore = store
        self._hub = hub

    def fail(self) -> None:
        self._hub.listing_status = 503


class MemoryKit:
    def __init__(self) -> None:
        self._store = MemoryModelStore()
        self.store: ModelStore = self._store

    def fail(self) -> None:
        self._store.failure = OutsideError(Reason.DOWNLOAD_FAILED, "no")


@asynccontextmanager
async def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kit]:
    embedded = tmp_path / "embedded"
    await to_thread.run_sync(write_model, embedded, MODEL_FILES)
    async with running_hub() as served:
        monkeypatch.setenv("HF_ENDPOINT", served.endpoint)
        yield FolderKit(FolderModelStore(tmp_path / "models", embedded, [BASE]), served)


@asynccontextmanager
async def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kit]:
    yield MemoryKit()


class Running(Protocol):
    def __call__(self) -> AbstractAsyncContextManager[Kit]: ...


@pytest.fixture(params=[folders, memory], ids=["folders", "memory"])
def running(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    return partial(request.param, tmp_path, monkeypatch)


def quiet(progress: DownloadProgress) -> None:
    """Nobody watches."""


@pytest.mark.asyncio
async def test_embedded_and_offered_models_are_listed(running: Running) -> None:
    async with running() as kit:
        listed = {model.name: model for model in await to_thread.run_sync(kit.store.list)}
    assert set(listed) == {"tiny.en", "base"}
    assert (listed["tiny.en"].installed, listed["tiny.en"].removable) == (True, False)
    assert listed["tiny.en"].path
    assert (listed["base"].installed, listed["base"].path) == (False, "")


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["base", "no-such-model"])
async def test_what_is_not_installed_is_missing(running: Running, name: str) -> None:
    async with running() as kit:
        with pytest.raises(RefusedError) as refused:
            await to_thread.run_sync(kit.store.find, name)
    assert refused.value.reason == Reason.MODEL_MISSING
    assert refused.value.hint


@pytest.mark.asyncio
async def test_an_installed_model_is_found_until_it_is_removed(running: Running) -> None:
    heard: list[DownloadProgress] = []
    async with running() as kit:
        installed = await kit.store.install("base", heard.append)
        assert await to_thread.run_sync(kit.store.find, "base") == installed
        assert (installed.name, installed.installed, installed.removable) == ("base", True, True)
        assert installed.path
        await kit.store.remove("base")
        with pytest.raises(RefusedError):
            await to_thread.run_sync(kit.store.find, "base")
    assert heard
    assert heard[-1].done == heard[-1].total > 0
    assert [step.done for step in heard] == sorted(step.done for step in heard)


@pytest.mark.asyncio
async def test_installing_again_changes_nothing(running: Running) -> None:
    heard: list[DownloadProgress] = []
    async with running() as kit:
        first = await kit.store.install("base", quiet)
        assert await kit.store.install("base", heard.append) == first
        assert (await kit.store.install("tiny.en", heard.append)).installed
    assert heard == []


@pytest.mark.asyncio
async def test_a_failed_download_leaves_the_model_out(running: Running) -> None:
    async with running() as kit:
        kit.fail()
        with pytest.raises(OutsideError) as failed:
            await kit.store.install("base", quiet)
        assert failed.value.reason == Reason.DOWNLOAD_FAILED
        with pytest.raises(RefusedError):
            await to_thread.run_sync(kit.store.find, "base")


@pytest.mark.asyncio
async def test_nobody_installs_what_is_not_offered(running: Running) -> None:
    async with running() as kit:
        with pytest.raises(RefusedError) as refused:
            await kit.store.install("no-such-model", quiet)
    assert refused.value.reason == Reason.MODEL_MISSING


@pytest.mark.asyncio
async def test_a_folder_is_found_and_registered_under_its_name(running: Running, tmp_path: Path) -> None:
    folder = tmp_path / "my-model"
    await to_thread.run_sync(write_model, folder, MODEL_FILES)
    async with running() as kit:
        assert (await to_thread.run_sync(kit.store.find, str(folder))).path == str(folder)
        registered = await kit.store.install(str(folder), quiet)
        assert (registered.name, registered.installed, registered.removable) == ("my-model", True, True)
        assert await to_thread.run_sync(kit.store.find, "my-model") == registered


@pytest.mark.asyncio
async def test_the_embedded_model_stays(running: Running) -> None:
    async with running() as kit:
        with pytest.raises(RefusedError) as refused:
            await kit.store.remove("tiny.en")
        assert (await to_thread.run_sync(kit.store.find, "tiny.en")).installed
    assert refused.value.reason == Reason.MODEL_CONFLICT


@pytest.mark.asyncio
async def test_what_is_not_there_cannot_be_removed(running: Running) -> None:
    async with running() as kit:
        with pytest.raises(RefusedError) as refused:
            await kit.store.remove("base")
    assert refused.value.reason == Reason.MODEL_MISSING
