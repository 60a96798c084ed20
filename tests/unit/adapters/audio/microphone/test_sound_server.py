from __future__ import annotations

from threading import Event
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from parleqd.adapters.audio.microphone.sound_server import SoundServer
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Device
from tests.fakes.pulsectl import CallError, FakeServer, PulseError


@pytest.mark.asyncio
async def test_sources_are_listed_with_monitors_and_the_default() -> None:
    fake = FakeServer("mic", "speaker.monitor")
    fake.muted = {"mic"}
    found = await SoundServer(lambda: fake).inputs()
    assert found is not None
    assert [one.device for one in found] == [
        Device("mic", "Mic", default=True),
        Device("speaker.monitor", "Speaker.Monitor", monitor=True),
    ]
    assert [(one.channels, one.rate, one.muted) for one in found] == [(1, 48_000, True), (1, 48_000, False)]


@pytest.mark.asyncio
async def test_how_a_source_is_connected_and_what_keeps_it_silent_is_told() -> None:
    fake = FakeServer("bluez.mic", "usb", "off")
    phones = {"device.bus": "bluetooth", "device.string": "AA:BB"}
    fake.properties = {"bluez.mic": phones, "usb": {"device.bus": "usb"}}
    fake.sinks = {"bluez.out": phones, "speaker": {"device.bus": "usb"}}
    fake.turned_down, fake.suspended = {"usb"}, {"off"}
    found = await SoundServer(lambda: fake).inputs()
    assert found is not None
    assert [(one.device.bus, one.device.output) for one in found] == [("bluetooth", True), ("usb", False), ("", False)]
    assert [(one.volume, one.suspended) for one in found] == [(1.0, False), (0.0, False), (1.0, True)]


@pytest.mark.asyncio
async def test_what_this_process_hears_is_found_and_can_be_moved() -> None:
    fake = FakeServer("mic", "usb")
    server = SoundServer(lambda: fake)
    assert await server.heard() is None
    fake.heard = "mic"
    await server.steer("mic")
    await server.steer("gone")
    assert fake.steered == []
    await server.steer("usb")
    heard = await server.heard()
    assert heard is not None
    assert heard.device.id == "usb"


@pytest.mark.asyncio
async def test_a_stream_that_does_not_tell_its_process_is_found_by_its_client() -> None:
    fake = FakeServer("mic", "usb")
    fake.heard, fake.own_alsa = "mic", True
    server = SoundServer(lambda: fake)
    await server.steer("usb")
    heard = await server.heard()
    assert heard is not None
    assert heard.device.id == "usb"


@pytest.mark.asyncio
async def test_a_stream_that_shows_late_is_moved_all_the_same() -> None:
    fake = FakeServer("mic", "usb")
    fake.heard, fake.shows_late = "mic", 2
    await SoundServer(lambda: fake).steer("usb")
    assert fake.steered == ["usb"]


@pytest.mark.asyncio
async def test_a_stream_that_has_no_source_yet_is_not_moved_to_the_one_it_will_get() -> None:
    fake = FakeServer("mic", "usb")
    fake.heard, fake.linked_late = "usb", 2
    server = SoundServer(lambda: fake)
    await server.steer("usb")
    assert (fake.linked_late, fake.steered) == (0, [])


@pytest.mark.asyncio
async def test_a_stream_that_never_shows_is_not_waited_for_long() -> None:
    fake = FakeServer("mic", "usb")
    with anyio.fail_after(2):
        await SoundServer(lambda: fake).steer("usb")
    assert fake.steered == []


@pytest.mark.asyncio
async def test_a_server_that_died_is_found_again_when_it_is_back() -> None:
    fake = FakeServer("mic")
    server = SoundServer(lambda: fake)
    assert await server.inputs()
    fake.up = False
    assert await server.inputs() is None
    assert fake.connections == 0
    fake.up = True
    assert await server.inputs()
    await server.close()
    assert fake.connections == 0


@pytest.mark.parametrize("failure", [PulseError("disconnected"), CallError("bad state")])
@pytest.mark.asyncio
async def test_a_server_that_dies_over_a_question_is_asked_anew(failure: Exception) -> None:
    fake = FakeServer("mic")
    server = SoundServer(lambda: fake)
    assert await server.inputs()
    fake.failures = [failure]
    assert await server.inputs()
    fake.up, fake.failures = False, [failure]
    assert await server.inputs() is None
    assert fake.connections == 0


@pytest.mark.parametrize("failure", [ImportError("no pulsectl"), OSError("no libpulse")])
@pytest.mark.asyncio
async def test_without_its_library_there_is_no_server(failure: Exception) -> None:
    def load() -> Any:
        raise failure

    server = SoundServer(load)
    assert await server.inputs() is None
    await server.close()


@pytest.mark.asyncio
async def test_a_library_that_is_not_there_is_not_looked_for_with_every_question() -> None:
    loads = []

    def load() -> Any:
        loads.append(1)
        raise ImportError("no pulsectl")

    server = SoundServer(load)
    for _ in range(3):
        assert await server.inputs() is None
    assert len(loads) == 1


@pytest.mark.asyncio
async def test_a_server_that_hangs_is_not_taken_for_none_and_is_heard_again_when_it_answers() -> None:
    fake = FakeServer("mic")
    fake.heard, fake.hang = "mic", Event()
    server = SoundServer(lambda: fake, patience_s=0.05)
    hangs = pytest.raises(OutsideError, match="the sound server does not answer")
    try:
        with hangs:
            await server.inputs()
        with hangs:
            await server.steer("mic")
        assert await server.heard() is None
    finally:
        fake.hang.set()
    await until_answered(server)
    assert await server.heard() is not None


@pytest.mark.parametrize("moments", range(7))
@pytest.mark.asyncio
async def test_a_question_that_was_not_waited_for_costs_no_other_its_answer(moments: int) -> None:
    fake = FakeServer("mic")
    server = SoundServer(lambda: fake)
    for _ in range(5):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.heard)
            for _ in range(moments):
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        assert await server.inputs()
    assert fake.connections == 1


async def until_answered(server: SoundServer) -> None:
    with anyio.fail_after(5):
        while True:
            try:
                assert await server.inputs()
                return
            except OutsideError:
                await anyio.lowlevel.checkpoint()
