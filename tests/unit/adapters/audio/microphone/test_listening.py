from __future__ import annotations

import pytest

from parleqd.core.ports import MicrophoneChoice
from parleqd.protocol.names import MicrophoneState, Reason
from tests.fakes.microphone_stage import BLOCK, Stage, until
from tests.fakes.pulsectl import FakeServer
from tests.fakes.sink import MemorySink
from tests.fakes.sounddevice import FakeSoundDevice, PortAudioError

BUSY = PortAudioError("busy", -1)


@pytest.mark.asyncio
async def test_a_lost_stream_is_followed_by_another_and_nothing_is_lost() -> None:
    stage, sink = Stage(), MemorySink()
    async with stage.running(), stage.capturing(sink):
        first = await stage.stream()
        first.feed(BLOCK)
        await stage.status(MicrophoneState.LISTENING)
        first.vanish()
        second = await stage.stream(2)
        second.feed(BLOCK[::-1])
        await stage.status(MicrophoneState.LISTENING)
    assert sink.frames == [BLOCK, BLOCK[::-1]]
    assert stage.problem is None
    states = [status.state for status in stage.statuses]
    assert states[1:] == [
        MicrophoneState.LISTENING,
        MicrophoneState.RECOVERING,
        MicrophoneState.LISTENING,
        MicrophoneState.IDLE,
    ]


@pytest.mark.parametrize("heard", [True, False])
@pytest.mark.asyncio
async def test_a_stream_that_gives_no_sound_is_replaced(heard: bool) -> None:
    stage = Stage()
    async with stage.capturing(MemorySink()):
        first = await stage.stream()
        if heard:
            first.feed(BLOCK)
        await stage.stream(2)
        assert first not in stage.library.open
    (lost,) = stage.log.fields("microphone_lost")
    assert lost["how"] == ("fell_silent" if heard else "never_began")


@pytest.mark.asyncio
async def test_when_nothing_comes_back_what_was_heard_was_lost() -> None:
    stage, sink = Stage(), MemorySink()
    async with stage.capturing(sink):
        first = await stage.stream()
        first.feed(BLOCK)
        stage.library.failures = [BUSY] * 9
        first.vanish()
        await until(lambda: stage.problem is not None)
    assert stage.problem is not None
    assert stage.problem.reason is Reason.DEVICE_LOST
    assert "busy" in stage.problem.message
    assert sink.pcm == BLOCK
    assert stage.source.status.state is MicrophoneState.MISSING


@pytest.mark.asyncio
async def test_what_never_opens_is_no_microphone() -> None:
    stage = Stage()
    stage.library.failures = [BUSY] * 9
    async with stage.capturing(MemorySink()):
        await until(lambda: stage.problem is not None)
    assert stage.problem is not None
    assert stage.problem.reason is Reason.NO_MICROPHONE
    assert stage.library.renewals == 3


@pytest.mark.asyncio
async def test_a_channel_that_is_not_there_is_said_at_once() -> None:
    stage = Stage(FakeSoundDevice(("Mic", 2)))
    stage.source.choose(MicrophoneChoice(channel=3))
    async with stage.capturing(MemorySink()):
        await until(lambda: stage.problem is not None)
    assert stage.problem is not None
    assert stage.problem.message == "audio.channel is 3, but 'Mic' has 2 channels"
    assert stage.library.renewals == 0


@pytest.mark.asyncio
async def test_a_session_keeps_the_rate_it_began_with() -> None:
    stage, sink = Stage(), MemorySink()
    stage.library.refused = {16_000}
    async with stage.capturing(sink):
        first = await stage.stream()
        first.feed(BLOCK)
        await until(lambda: sink.rate == 44_100)
        stage.library.refused = set()
        first.vanish()
        assert (await stage.stream(2)).options["samplerate"] == 44_100


@pytest.mark.asyncio
async def test_the_server_moves_and_mutes_and_the_status_tells() -> None:
    stage = Stage(server=FakeServer("mic", "usb"))
    stage.server.heard = "mic"
    async with stage.running(), stage.capturing(MemorySink()):
        native = await stage.stream()
        native.feed(BLOCK)
        await stage.status(MicrophoneState.LISTENING)

        async def told(reason: Reason | None) -> None:
            def so() -> bool:
                native.feed(BLOCK)
                return stage.source.status.reason is reason

            await until(so)

        stage.server.heard = "usb"
        await told(Reason.DEVICE_CHANGED)
        stage.server.muted.add("usb")
        await told(Reason.SOURCE_MUTED)
        stage.server.heard = "mic"
        await told(None)
    changed = next(status for status in stage.statuses if status.reason is Reason.DEVICE_CHANGED)
    assert (changed.device, changed.message) == ("Usb", "the microphone changed from 'Mic' to 'Usb'")


@pytest.mark.asyncio
async def test_a_source_that_the_server_keeps_still_is_named_with_what_wakes_it() -> None:
    stage = Stage(server=FakeServer("mic"))
    stage.server.suspended.add("mic")
    async with stage.capturing(MemorySink()):
        await stage.stream()
        await stage.status(MicrophoneState.RECOVERING)
    told = next(status for status in stage.statuses if status.reason is not None) if stage.statuses else None
    status = told or stage.source.status
    assert (status.reason, status.hint) == (Reason.DEVICE_LOST, "`pactl suspend-source mic 0` wakes it up")


@pytest.mark.asyncio
async def test_a_stand_in_is_named_with_what_it_stands_in_for() -> None:
    stage = Stage(server=FakeServer("mic"))
    stage.source.choose(MicrophoneChoice("usb"))
    async with stage.capturing(MemorySink()):
        (await stage.stream()).feed(BLOCK)
        await stage.status(MicrophoneState.LISTENING)
        assert stage.source.status.reason is Reason.DEVICE_CHANGED
        assert "'usb' is not there; listening to 'Mic'" in stage.source.status.message


@pytest.mark.asyncio
async def test_a_capture_that_is_over_before_the_first_look_was_heard() -> None:
    stage, sink = Stage(), MemorySink()
    stage.library.failures = [BUSY]
    async with stage.running(), stage.capturing(sink):
        await until(lambda: "microphone_opened" in stage.log.events())
        (await stage.stream()).feed(BLOCK)
    assert sink.pcm == BLOCK
    assert stage.source.status.state is MicrophoneState.IDLE


@pytest.mark.asyncio
async def test_letting_go_while_it_is_sought_leaves_nothing_open_and_tells_why() -> None:
    stage = Stage()
    async with stage.running(), stage.capturing(MemorySink()):
        first = await stage.stream()
        first.feed(BLOCK)
        await stage.status(MicrophoneState.LISTENING)
        first.vanish()
        await stage.status(MicrophoneState.RECOVERING)
    assert stage.library.open == []
    assert stage.source.status.state is MicrophoneState.MISSING
