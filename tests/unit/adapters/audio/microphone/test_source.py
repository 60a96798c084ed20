from __future__ import annotations

import anyio
import anyio.lowlevel
import pytest

from parleqd.core.capture.ladder import Rung
from parleqd.core.ports import MicrophoneChoice
from parleqd.protocol.names import MicrophoneState, Reason
from tests.fakes.microphone_stage import BLOCK, Stage, until
from tests.fakes.pulsectl import FakeServer
from tests.fakes.sink import MemorySink
from tests.fakes.sounddevice import FakeSoundDevice, PortAudioError


@pytest.mark.asyncio
async def test_it_is_untried_then_listens_then_is_idle_and_closed() -> None:
    stage, sink = Stage(server=FakeServer("mic")), MemorySink()
    async with stage.running():
        assert stage.source.status.device == "Mic"
        async with stage.capturing(sink):
            (await stage.stream()).feed(BLOCK)
            await stage.status(MicrophoneState.LISTENING)
        assert stage.library.open == []
        assert sink.pcm == BLOCK
    states = [status.state for status in stage.statuses]
    assert states == [MicrophoneState.UNTRIED, MicrophoneState.LISTENING, MicrophoneState.IDLE]


@pytest.mark.asyncio
async def test_without_portaudio_it_is_missing_and_says_what_to_install() -> None:
    stage = Stage()

    def load() -> FakeSoundDevice:
        raise OSError("PortAudio library not found")

    source = type(stage.source)(stage.log, load, lambda: stage.server)
    status = await source.probe()
    assert (status.state, status.reason) == (MicrophoneState.MISSING, Reason.NO_PORTAUDIO)
    assert "libportaudio2" in status.hint
    assert source.status == status


@pytest.mark.asyncio
async def test_a_probe_hears_sound_or_tells_that_there_is_none() -> None:
    stage = Stage()
    stage.library.at_once = [BLOCK] * 15
    assert (await stage.source.probe()).message == ""
    stage.library.at_once = [bytes(len(BLOCK))] * 15
    status = await stage.source.probe()
    assert (status.state, status.reason) == (MicrophoneState.IDLE, Reason.DEAD_INPUT)
    assert "flat silence" in status.message
    assert stage.library.open == []


@pytest.mark.asyncio
async def test_a_probe_of_a_muted_microphone_names_the_command_that_unmutes_it() -> None:
    stage = Stage(server=FakeServer("mic"), library=FakeSoundDevice(("pulse", 32)))
    stage.server.muted.add("mic")
    stage.library.at_once = [bytes(len(BLOCK))] * 15
    status = await stage.source.probe()
    assert (status.state, status.reason) == (MicrophoneState.IDLE, Reason.SOURCE_MUTED)
    assert "pactl set-source-mute mic 0" in status.hint


@pytest.mark.asyncio
async def test_a_probe_during_a_capture_leaves_that_alone() -> None:
    stage = Stage()
    async with stage.capturing(MemorySink()):
        (await stage.stream()).feed(BLOCK)
        await stage.status(MicrophoneState.LISTENING)
        assert (await stage.source.probe()).state is MicrophoneState.LISTENING
    assert len(stage.library.opened) == 1


@pytest.mark.asyncio
async def test_another_choice_holds_from_the_next_capture_on() -> None:
    stage = Stage(server=FakeServer("mic", "usb"), library=FakeSoundDevice(("pulse", 32)))
    async with stage.running():
        async with stage.capturing(MemorySink()):
            await stage.stream()
            stage.source.choose(MicrophoneChoice("usb"))
            await anyio.lowlevel.checkpoint()
            assert len(stage.library.opened) == 1
        async with stage.capturing(MemorySink()):
            (await stage.stream(2)).feed(BLOCK)
            await stage.status(MicrophoneState.LISTENING)
            assert stage.source.status.device == "Usb"


@pytest.mark.asyncio
async def test_a_pre_roll_is_heard_first_and_the_stream_goes_on() -> None:
    stage, sink = Stage(), MemorySink()
    first, second, third = BLOCK, BLOCK[::-1], BLOCK[::2] * 2
    async with stage.running(MicrophoneChoice(preroll_s=0.04)):
        native = await stage.stream()
        for block in (third, first, second):
            native.feed(block)
        async with stage.capturing(sink):
            await until(lambda: "microphone_opened" in stage.log.events())
            native.feed(third)
            await stage.status(MicrophoneState.LISTENING)
        assert sink.frames == [first, second, third]
        native.feed(first)
        assert stage.library.open == [native]
        assert sink.frames == [first, second, third]
    assert stage.library.open == []


@pytest.mark.asyncio
async def test_a_pre_roll_that_is_no_longer_wanted_closes_the_microphone() -> None:
    stage = Stage()
    async with stage.running(MicrophoneChoice(preroll_s=1)):
        await stage.stream()
        stage.source.choose(MicrophoneChoice())
        await until(lambda: stage.library.open == [])
        stage.source.choose(MicrophoneChoice(preroll_s=1))
        await stage.stream(2)


@pytest.mark.asyncio
async def test_a_pre_roll_that_cannot_be_had_is_told() -> None:
    stage = Stage()
    stage.library.failures = [PortAudioError("busy", -1)]
    async with stage.running(MicrophoneChoice(preroll_s=1)):
        await stage.status(MicrophoneState.MISSING)
        assert "busy" in stage.source.status.message


@pytest.mark.asyncio
async def test_devices_are_the_servers_or_portaudios_own() -> None:
    stage = Stage(server=FakeServer("mic", "speaker.monitor"))
    assert [device.id for device in await stage.source.devices()] == ["mic", "speaker.monitor"]
    stage.server.up = False
    assert [device.id for device in await stage.source.devices()] == ["default, Fake"]
    assert stage.library.renewals == 1


@pytest.mark.asyncio
async def test_what_was_missing_is_missing_no_longer_when_the_server_knows_it() -> None:
    stage = Stage(server=FakeServer())
    async with stage.running():
        await stage.status(MicrophoneState.MISSING)
        stage.server.names.append("mic")
        await stage.status(MicrophoneState.UNTRIED)
    assert stage.source.status.device == "Mic"
    assert stage.source.status.message == ""


@pytest.mark.asyncio
async def test_after_a_loss_that_nobody_waited_for_it_is_looked_for_though_nothing_changed() -> None:
    stage = Stage(server=FakeServer("mic"), rungs=[Rung(0, False), Rung(60, True)])
    async with stage.running():
        async with stage.capturing(MemorySink()):
            native = await stage.stream()
            native.feed(BLOCK)
            await stage.status(MicrophoneState.LISTENING)
            native.vanish()
            await stage.status(MicrophoneState.RECOVERING)
        await stage.status(MicrophoneState.UNTRIED)
    assert MicrophoneState.MISSING in [status.state for status in stage.statuses]


@pytest.mark.asyncio
async def test_a_microphone_that_refuses_stays_missing_while_nothing_changes() -> None:
    stage = Stage(server=FakeServer("mic"))
    stage.library.failures = [PortAudioError("busy", -1)] * 4
    async with stage.running():
        async with stage.capturing(MemorySink()):
            await until(lambda: stage.problem is not None)
        asked = stage.server.asked
        await until(lambda: stage.server.asked > asked + 2)
        assert "busy" in stage.source.status.message


@pytest.mark.asyncio
async def test_a_pre_roll_comes_back_as_soon_as_the_server_knows_the_source() -> None:
    stage = Stage(server=FakeServer())
    async with stage.running(MicrophoneChoice(preroll_s=1)):
        await stage.status(MicrophoneState.MISSING)
        stage.server.names.append("mic")
        (await stage.stream()).feed(BLOCK)
        await stage.status(MicrophoneState.IDLE)
    assert stage.library.renewals == 0


@pytest.mark.asyncio
async def test_however_soon_a_capture_is_cancelled_the_next_one_hears_the_chosen_microphone() -> None:
    stage = Stage(FakeSoundDevice(("hw", 2), ("pulse", 32)), FakeServer("mic", "usb"))
    async with stage.running(MicrophoneChoice("usb")):
        for moments in range(40):
            async with stage.capturing(MemorySink()):
                for _ in range(moments):
                    await anyio.lowlevel.checkpoint()
            count = len(stage.library.opened)
            async with stage.capturing(MemorySink()):
                assert (await stage.stream(count + 1)).source == "usb"
            assert stage.library.open == []


@pytest.mark.asyncio
async def test_another_choice_is_looked_for_when_the_first_was_missing() -> None:
    stage = Stage(server=FakeServer("mic"))
    async with stage.running(MicrophoneChoice(channel=2)):
        async with stage.capturing(MemorySink()):
            await until(lambda: stage.problem is not None)
        assert stage.source.status.state is MicrophoneState.MISSING
        stage.source.choose(MicrophoneChoice())
        await stage.status(MicrophoneState.UNTRIED)
