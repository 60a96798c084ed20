"""What every audio source must do; files through the real decoding child, and frames out of memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from parleqd.adapters.audio.file import FileSource
from parleqd.adapters.audio.scripted import ScriptedSource
from parleqd.core.errors import OutsideError
from parleqd.core.ports import AudioSource, CaptureRequest
from parleqd.protocol.names import Pace, Reason, Source
from tests import clips
from tests.audio_files import write_wav
from tests.fakes.log import MemoryLog
from tests.fakes.sink import MemorySink

SOUND = clips.tone(1.5)


class Case:
    """A source and what to ask it for: good audio, none at all, and audio that breaks off half-way."""

    def __init__(self, good: AudioSource, unreadable: AudioSource, broken: AudioSource, folder: Path) -> None:
        self.good, self.unreadable, self.broken = good, unreadable, broken
        self._folder = folder

    def request(self, name: str) -> CaptureRequest:
        return CaptureRequest(Source.FILE, path=str(self._folder / name), pace=Pace.FAST)


def files(folder: Path) -> Case:
    write_wav(folder / "good", SOUND)
    whole = (folder / "good").read_bytes()
    (folder / "broken").write_bytes(whole[: len(whole) // 2])
    (folder / "unreadable").write_text("no audio")
    source = FileSource(MemoryLog())
    return Case(source, source, source, folder)


def scripts(folder: Path) -> Case:
    def failing(reason: Reason, sound: bytes) -> ScriptedSource:
        return ScriptedSource([sound], failure=OutsideError(reason, "so it is written"))

    half = SOUND[: len(SOUND) // 4 * 2]
    return Case(
        ScriptedSource([half, SOUND[len(half) :]]),
        failing(Reason.AUDIO_UNREADABLE, b""),
        failing(Reason.AUDIO_INCOMPLETE, half),
        folder,
    )


@pytest.fixture(params=[files, scripts])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    build: Callable[[Path], Case] = request.param
    return build(tmp_path)


@pytest.mark.asyncio
async def test_all_frames_arrive_in_order_and_the_capture_ends(case: Case) -> None:
    sink = MemorySink()
    await case.good.capture(case.request("good"), sink)
    assert sink.pcm == SOUND


@pytest.mark.asyncio
async def test_what_cannot_be_heard_at_all(case: Case) -> None:
    sink = MemorySink()
    with pytest.raises(OutsideError) as error:
        await case.unreadable.capture(case.request("unreadable"), sink)
    assert error.value.reason is Reason.AUDIO_UNREADABLE
    assert sink.pcm == b""


@pytest.mark.asyncio
async def test_what_breaks_off_is_delivered_first(case: Case) -> None:
    sink = MemorySink()
    with pytest.raises(OutsideError) as error:
        await case.broken.capture(case.request("broken"), sink)
    assert error.value.reason is Reason.AUDIO_INCOMPLETE
    assert 0 < len(sink.pcm) < len(SOUND)
    assert SOUND.startswith(sink.pcm)


@pytest.mark.asyncio
async def test_a_full_sink_holds_the_source_back(case: Case) -> None:
    sink = MemorySink(room=1)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(case.good.capture, case.request("good"), sink)
        await sink.waiting.wait()
        assert len(sink.pcm) < len(SOUND)
        sink.make_room()
    assert sink.pcm == SOUND


@pytest.mark.asyncio
async def test_cancelling_ends_it(case: Case) -> None:
    sink = MemorySink(room=0)
    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(case.good.capture, case.request("good"), sink)
            await sink.waiting.wait()
            tasks.cancel_scope.cancel()
    assert sink.pcm == b""
