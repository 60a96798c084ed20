from __future__ import annotations

import hashlib
from pathlib import Path

import anyio
import pytest

from parleqd.adapters.models.catalogue import Published
from parleqd.adapters.models.download import download
from parleqd.core.errors import OutsideError
from parleqd.core.ports import DownloadProgress
from parleqd.protocol.names import Reason
from tests.fakes.hub import REPOSITORY, REVISION, WEIGHTS, running_hub

MODEL = Published("base", REPOSITORY, REVISION, len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest())
MEBIBYTE = 1024 * 1024


def quiet(progress: DownloadProgress) -> None:
    """Nobody watches."""


@pytest.mark.asyncio
async def test_progress_is_heard_while_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[DownloadProgress] = []
    async with running_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        await download(MODEL, tmp_path, heard.append)
    weights = [step for step in heard if step.file == "model.bin"]
    assert len(weights) >= len(WEIGHTS) // MEBIBYTE
    assert weights[-1].done == weights[-1].total


@pytest.mark.asyncio
async def test_a_cancelled_download_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = anyio.Path(tmp_path / "model.bin.part")
    async with running_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        hub.hold_after = 3 * MEBIBYTE
        reached = anyio.Event()

        def watch(progress: DownloadProgress) -> None:
            if progress.file == "model.bin" and progress.done >= 2 * MEBIBYTE:
                reached.set()

        with anyio.fail_after(15):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(download, MODEL, tmp_path, watch)
                await reached.wait()
                tasks.cancel_scope.cancel()
        kept = (await part.stat()).st_size
        assert kept >= 2 * MEBIBYTE - 1024
        await download(MODEL, tmp_path, quiet)
        assert hub.ranges[-1] == f"bytes={kept}-"
    assert not await part.exists()
    assert await anyio.Path(tmp_path / "model.bin").read_bytes() == WEIGHTS


@pytest.mark.asyncio
async def test_what_the_child_says_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_hub() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
        hub.corrupt.add("model.bin")
        with pytest.raises(OutsideError, match="is not the file that was published") as failed:
            await download(MODEL, tmp_path, quiet)
    assert failed.value.reason == Reason.MODEL_DAMAGED
    assert failed.value.hint


@pytest.mark.asyncio
async def test_a_child_that_dies_without_a_word(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="ended unexpectedly") as failed:
        await download(MODEL, tmp_path / "no-such-folder", quiet)
    assert failed.value.reason == Reason.DOWNLOAD_FAILED
