from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleq_hotkey.bus import Bus
from parleq_hotkey.portals import APP_ID, Portal, Refused, no_portal
from parleq_hotkey.ports import DesktopError
from parleqd._tools.private_bus import PrivateBus, private_bus
from parleqd.protocol.names import Reason
from tests.fakes.bus_service import FakeService
from tests.fakes.portal import SHORTCUTS, FakePortal
from tests.parts import need

REGISTRY = "org.freedesktop.host.portal.Registry"


@pytest.fixture
def daemon() -> Iterator[PrivateBus]:
    need("dbus-daemon")
    with private_bus() as running:
        yield running


@asynccontextmanager
async def found(daemon: PrivateBus, fake: FakePortal) -> AsyncIterator[Portal]:
    async with fake.on(daemon.address), Bus.at(daemon.address) as bus:
        yield await Portal.found(bus, SHORTCUTS)


@pytest.mark.asyncio
async def test_a_session_is_made_and_closed(daemon: PrivateBus) -> None:
    fake = FakePortal()
    async with found(daemon, fake) as portal:
        assert portal.owner == fake.unique_name
        session = await portal.session(SHORTCUTS, "no")
        assert session.path == fake.session
        await session.close()
        assert [call.path for call in fake.named("Close")] == [session.path]


@pytest.mark.asyncio
async def test_an_answer_that_comes_before_the_call_returns_is_not_lost(daemon: PrivateBus) -> None:
    """The portal made up answers so: its Response goes out before the reply of the call."""
    async with found(daemon, FakePortal()) as portal:
        for _ in range(20):
            await portal.session(SHORTCUTS, "no")


@pytest.mark.asyncio
async def test_the_user_refuses(daemon: PrivateBus) -> None:
    fake = FakePortal()
    async with found(daemon, fake) as portal:
        fake.allows = False
        with pytest.raises(Refused, match="it was not wanted") as caught:
            await portal.session(SHORTCUTS, "it was not wanted")
    assert caught.value.reason is Reason.NO_PORTAL


@pytest.mark.asyncio
async def test_the_program_is_named_before_all_else_where_the_portal_can_be_told(daemon: PrivateBus) -> None:
    fake = FakePortal()
    fake.method(REGISTRY, "Register", "", lambda call: ())
    async with found(daemon, fake) as portal:
        await portal.session(SHORTCUTS, "no")
    assert next(call.member for call in fake.calls if call.member != "Ping") == "Register"
    assert fake.named("Register")[0].body == (APP_ID, {})


@pytest.mark.asyncio
async def test_a_session_that_is_closed_is_noticed(daemon: PrivateBus) -> None:
    fake = FakePortal()
    async with found(daemon, fake) as portal:
        session = await portal.session(SHORTCUTS, "no")
        async with session.watched() as ended:
            assert not ended.is_set()
            await fake.end_session()
            with anyio.fail_after(5):
                await ended.wait()


@pytest.mark.asyncio
async def test_a_portal_without_the_interface(daemon: PrivateBus) -> None:
    bare = FakeService("org.freedesktop.portal.Desktop")
    bare.method("org.freedesktop.DBus.Peer", "Ping", "", lambda call: ())
    async with bare.on(daemon.address), Bus.at(daemon.address) as bus:
        with pytest.raises(DesktopError, match="has no GlobalShortcuts") as caught:
            await Portal.found(bus, SHORTCUTS)
    assert "xdg-desktop-portal" in caught.value.hint
    assert caught.value.reason is no_portal("").reason
