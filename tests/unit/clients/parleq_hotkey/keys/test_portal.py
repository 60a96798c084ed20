"""Keys by the portal: over the real portal with a back-end of ours, and over one made up, which can do more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import pytest
from anyio import to_thread

from parleq_hotkey.keys.portal import PortalKeys
from parleq_hotkey.ports import DesktopError, KeyAction, KeyEvent, Keys, Role
from parleqd._tools.private_bus import PrivateBus, private_bus
from parleqd.protocol.names import Reason
from tests.fakes.bus_service import FakeService
from tests.fakes.portal import FakePortal
from tests.parts import need
from tests.portals import Desk, need_portal, running_portal

KEYS = Keys("F9", cancel="Escape", offer="ctrl+alt+F9")


@pytest.fixture
def daemon() -> Iterator[PrivateBus]:
    need("dbus-daemon")
    with private_bus() as running:
        yield running


class Watched:
    """A key source that watches, and what came of it."""

    def __init__(self, source: PortalKeys) -> None:
        self.source = source
        self.events: list[tuple[Role, KeyAction]] = []
        self.lost: DesktopError | None = None
        self.ready = anyio.Event()
        self.ended = anyio.Event()
        self.scope = anyio.CancelScope()
        self._changed = anyio.Event()

    def take(self, event: KeyEvent) -> None:
        self.events.append((event.role, event.action))
        self._changed.set()

    async def until(self, count: int) -> list[tuple[Role, KeyAction]]:
        with anyio.fail_after(5):
            while len(self.events) < count:
                self._changed = anyio.Event()
                await self._changed.wait()
        return self.events

    async def run(self, keys: Keys) -> None:
        try:
            with self.scope:
                await self.source.watch(keys, self.take, self.ready.set)
        except DesktopError as problem:
            self.lost = problem
            self.ready.set()
        finally:
            self.ended.set()


@asynccontextmanager
async def watching(daemon: PrivateBus, keys: Keys = KEYS) -> AsyncIterator[Watched]:
    watched = Watched(PortalKeys(daemon.env))
    async with anyio.create_task_group() as group:
        group.start_soon(watched.run, keys)
        with anyio.fail_after(10):
            await watched.ready.wait()
        yield watched
        group.cancel_scope.cancel()


async def lost(watched: Watched) -> DesktopError:
    with anyio.fail_after(5):
        await watched.ended.wait()
    assert watched.lost is not None
    return watched.lost


def asked(desk: Desk) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """The shortcuts that the desktop was asked for."""
    (call,) = desk.named("BindShortcuts")
    return next(value for value in call.body if isinstance(value, list))


@pytest.mark.parametrize("kind", ["real", "fake"])
class TestOverEitherPortal:
    @pytest.mark.asyncio
    async def test_press_and_release(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk, watching(daemon) as watched:
            assert watched.lost is None
            for member in ("Activated", "Deactivated", "Activated", "Deactivated"):
                await desk.shortcut(member, "dictate")
            await desk.shortcut("Activated", "offer")
            events = list(await watched.until(5))
        pressed, released = (Role.DICTATE, KeyAction.PRESSED), (Role.DICTATE, KeyAction.RELEASED)
        assert events == [pressed, released, pressed, released, (Role.OFFER, KeyAction.PRESSED)]

    @pytest.mark.asyncio
    @pytest.mark.parametrize("end", ["session", "bus", "watching"])
    async def test_what_is_held_when_it_ends_is_released(self, daemon: PrivateBus, kind: str, end: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk, watching(daemon) as watched:
            for name in ("dictate", "offer"):
                await desk.shortcut("Activated", name)
            assert len(await watched.until(2)) == 2
            if end == "session":
                await desk.end_session()
            elif end == "bus":
                await to_thread.run_sync(daemon.kill)
            else:
                watched.scope.cancel()
            with anyio.fail_after(5):
                await watched.ended.wait()
            assert sorted(watched.events[2:]) == [(role, KeyAction.RELEASED) for role in (Role.DICTATE, Role.OFFER)]

    @pytest.mark.asyncio
    async def test_a_lone_escape_stays_everybodys(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk, watching(daemon):
            shortcuts = asked(desk)
        triggers = {name: told["preferred_trigger"][1] for name, told in shortcuts}
        assert triggers == {"dictate": "F9", "offer": "CTRL+ALT+F9"}

    @pytest.mark.asyncio
    async def test_the_user_refuses(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk:
            desk.allows = False
            async with watching(daemon) as watched:
                problem = await lost(watched)
        assert (problem.reason, problem.message) == (Reason.NO_PORTAL, "the shortcut was not allowed")
        assert "allow" in problem.hint

    @pytest.mark.asyncio
    async def test_the_desktop_gives_no_key(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk:
            desk.gives_shortcuts = False
            async with watching(daemon) as watched:
                problem = await lost(watched)
        assert problem.reason is Reason.KEY_TAKEN
        assert "F9" in problem.message

    @pytest.mark.asyncio
    async def test_the_session_is_closed(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk, watching(daemon) as watched:
            await desk.end_session()
            assert (await lost(watched)).reason is Reason.NO_PORTAL

    @pytest.mark.asyncio
    async def test_the_bus_dies(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind), watching(daemon) as watched:
            await to_thread.run_sync(daemon.kill)
            assert (await lost(watched)).reason is Reason.NO_PORTAL


@pytest.mark.asyncio
async def test_the_portal_is_restarted(daemon: PrivateBus) -> None:
    async with running_portal(daemon, "fake"):
        async with anyio.create_task_group() as group:
            watched = Watched(PortalKeys(daemon.env))
            group.start_soon(watched.run, KEYS)
            await watched.ready.wait()
            assert watched.lost is None
            group.cancel_scope.cancel()
    portal = FakePortal()
    async with anyio.create_task_group() as group:
        watched = Watched(PortalKeys(daemon.env))
        async with portal.on(daemon.address):
            group.start_soon(watched.run, KEYS)
            await watched.ready.wait()
        assert (await lost(watched)).reason is Reason.NO_PORTAL
    async with portal.on(daemon.address), watching(daemon) as again:
        await portal.shortcut("Activated", "dictate")
        assert await again.until(1) == [(Role.DICTATE, KeyAction.PRESSED)]


@pytest.mark.asyncio
async def test_repeats_and_signals_of_others_are_left_out(daemon: PrivateBus) -> None:
    async with running_portal(daemon, "fake") as desk, watching(daemon) as watched:
        await desk.shortcut("Deactivated", "dictate")
        await desk.shortcut("Activated", "somebody_elses")
        await desk.shortcut("Activated", "dictate")
        await desk.shortcut("Activated", "dictate")
        ours, desk.session = desk.session, "/org/freedesktop/portal/desktop/session/1_99/other"
        await desk.shortcut("Deactivated", "dictate")
        desk.session = ours
        await desk.shortcut("Deactivated", "dictate")
        assert await watched.until(2) == [(Role.DICTATE, KeyAction.PRESSED), (Role.DICTATE, KeyAction.RELEASED)]


@pytest.mark.asyncio
async def test_a_cancel_chord_counts_only_while_it_is_wanted(daemon: PrivateBus) -> None:
    async with running_portal(daemon, "fake") as desk, watching(daemon, Keys("F9", cancel="ctrl+Escape")) as watched:
        for wanted in (False, True):
            watched.source.listen_for_cancel(wanted)
            await desk.shortcut("Activated", "cancel")
            await desk.shortcut("Deactivated", "cancel")
            await desk.shortcut("Activated", "dictate")
            await desk.shortcut("Deactivated", "dictate")
            await watched.until(4 if wanted else 2)
    assert [role for role, _action in watched.events] == [Role.DICTATE] * 2 + [Role.CANCEL] * 2


@pytest.mark.asyncio
async def test_no_portal_and_one_without_shortcuts(daemon: PrivateBus) -> None:
    async with watching(daemon) as watched:
        problem = await lost(watched)
    assert problem.reason is Reason.NO_PORTAL
    assert "install xdg-desktop-portal" in problem.hint
    bare = FakeService("org.freedesktop.portal.Desktop")
    bare.method("org.freedesktop.DBus.Peer", "Ping", "", lambda call: ())
    async with bare.on(daemon.address), watching(daemon) as watched:
        assert "has no GlobalShortcuts" in (await lost(watched)).message


@pytest.mark.asyncio
async def test_a_key_that_nobody_knows(daemon: PrivateBus) -> None:
    async with watching(daemon, Keys("no such key")) as watched:
        assert (await lost(watched)).reason is Reason.KEY_UNKNOWN
