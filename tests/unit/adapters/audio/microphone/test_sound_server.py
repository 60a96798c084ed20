from __future__ import annotations

from threading import Event
from typing import Any

import anyio
import pytest

from parleqd.adapters.audio.microphone.sound_server import SoundServer
from parleqd.core.ports import Device
from tests.fakes.pulsectl import FakeServer


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


@pytest.mark.parametrize("failure", [ImportError("no pulsectl"), OSError("no libpulse")])
@pytest.mark.asyncio
async def test_without_its_library_there_is_no_server(failure: Exception) -> None:
    def load() -> Any:
        raise failure

    server = SoundServer(load)
    assert await server.inputs() is None
    await server.close()


@pytest.mark.asyncio
async def test_a_server_that_hangs_is_as_good_as_none() -> None:
    go = Event()

    def load() -> FakeServer:
        go.wait(10)
        return FakeServer("mic")

    server = SoundServer(load, patience_s=0.05)
    try:
        assert await server.inputs() is None
        assert await server.heard() is None
    finally:
        go.set()
