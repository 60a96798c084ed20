from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from anyio import to_thread

from parleq_hotkey.feedback.media import PLAYER, Players
from parleq_hotkey.feedback.record import Record
from parleqd._tools.private_bus import PrivateBus, private_bus
from tests.fakes.bus_service import SILENT, Call, FakeFault
from tests.fakes.players import FakePlayer
from tests.parts import need


@pytest.fixture
def bus() -> Iterator[PrivateBus]:
    need("dbus-daemon")
    with private_bus() as running:
        yield running


def players(bus: PrivateBus, folder: Path) -> Players:
    return Players(Record(folder / "paused.json"), bus.env)


@pytest.mark.asyncio
async def test_what_plays_is_paused_and_that_alone_goes_on(bus: PrivateBus, tmp_path: Path) -> None:
    music, film, radio = FakePlayer("music", "Playing"), FakePlayer("film", "Paused"), FakePlayer("radio", "Stopped")
    async with AsyncExitStack() as stack:
        for player in (music, film, radio):
            await stack.enter_async_context(player.on(bus.address))
        quiet = players(bus, tmp_path)
        await quiet.quieten()
        assert [player.status for player in (music, film, radio)] == ["Paused", "Paused", "Stopped"]
        await quiet.restore()
        await quiet.restore()
        assert [player.status for player in (music, film, radio)] == ["Playing", "Paused", "Stopped"]
        assert len(music.named("Play")) == 1
        assert film.calls + radio.calls == []
    assert await to_thread.run_sync(os.listdir, tmp_path) == []


@pytest.mark.asyncio
async def test_what_the_user_has_touched_meanwhile_is_the_user_s(bus: PrivateBus, tmp_path: Path) -> None:
    stopped, resumed, ended = FakePlayer("a", "Playing"), FakePlayer("b", "Playing"), FakePlayer("c", "Playing")
    quiet = players(bus, tmp_path)
    async with stopped.on(bus.address), resumed.on(bus.address):
        async with ended.on(bus.address):
            await quiet.quieten()
        ended.status = "Paused"
        stopped.status, resumed.status = "Stopped", "Playing"
        async with ended.on(bus.address):  # started again: another program of the same name
            await quiet.restore()
            assert [one.named("Play") for one in (stopped, resumed, ended)] == [[], [], []]


@pytest.mark.asyncio
async def test_after_a_crash_the_next_start_lets_it_go_on(bus: PrivateBus, tmp_path: Path) -> None:
    async with FakePlayer("music", "Playing").on(bus.address) as music:
        written: list[bool] = []

        async def pause(call: Call) -> tuple[()]:
            written.append("paused.json" in await to_thread.run_sync(os.listdir, tmp_path))
            music.property(PLAYER, "PlaybackStatus", "s", "Paused")
            return ()

        music.method(PLAYER, "Pause", "", pause)
        await players(bus, tmp_path).quieten()
        assert written == [True]
        await players(bus, tmp_path).restore()
        assert music.value(PLAYER, "PlaybackStatus") == "Playing"


@pytest.mark.asyncio
async def test_players_that_refuse_are_silent_or_mirror_others_do_no_harm(bus: PrivateBus, tmp_path: Path) -> None:
    def refuse(call: Call) -> tuple[()]:
        raise FakeFault("org.freedesktop.DBus.Error.Failed", "no")

    stubborn, silent = FakePlayer("stubborn", "Playing"), FakePlayer("silent", "Playing")
    mirror, music = FakePlayer("playerctld", "Playing"), FakePlayer("music", "Playing")
    stubborn.method(PLAYER, "Pause", "", refuse)
    silent.method(PLAYER, "Pause", "", lambda call: SILENT)
    async with AsyncExitStack() as stack:
        for player in (stubborn, silent, mirror, music):
            await stack.enter_async_context(player.on(bus.address))
        quiet = players(bus, tmp_path)
        await quiet.quieten()
        assert (music.status, mirror.calls) == ("Paused", [])
        await quiet.restore()
        assert music.status == "Playing"
        assert stubborn.named("Play") == []


@pytest.mark.asyncio
async def test_without_a_bus_nothing_happens(tmp_path: Path) -> None:
    quiet = Players(Record(tmp_path / "paused.json"), {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"})
    await quiet.quieten()
    left: list[dict[str, object]] = [{"name": "org.mpris.MediaPlayer2.a", "owner": ":1.1"}, {"name": 1}]
    await to_thread.run_sync(lambda: Record(tmp_path / "paused.json").write(left))
    await quiet.restore()
