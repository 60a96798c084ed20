from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager

import anyio
import pytest
from anyio import to_thread

from parleq_hotkey.feedback.notifications import SERVICE, DesktopNotifier, examine
from parleqd._tools.private_bus import PrivateBus, private_bus
from parleqd._tools.private_x import private_x
from parleqd.protocol.names import Reason
from tests.fakes.bus_service import Call, FakeFault, FakeService
from tests.parts import need


@asynccontextmanager
async def a_bus(services: Mapping[str, str] | None = None) -> AsyncIterator[PrivateBus]:
    need("dbus-daemon")
    with ExitStack() as stack:
        bus = await to_thread.run_sync(stack.enter_context, private_bus(services))
        try:
            yield bus
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(stack.close)


def notifications() -> FakeService:
    service = FakeService(SERVICE)
    service.method(SERVICE, "Notify", "u", lambda call: (7,))
    service.method(SERVICE, "CloseNotification", "", lambda call: ())
    return service


@pytest.mark.asyncio
async def test_a_message_takes_the_place_of_the_one_before_and_can_be_taken_away() -> None:
    async with a_bus() as bus, notifications().on(bus.address) as service:
        notifier = DesktopNotifier("parleq", bus.env)
        await notifier.close()
        await notifier.show("Listening…")
        await notifier.show("It <failed> & waits", "a < b", urgent=True)
        await notifier.close()
        await notifier.close()
    first, second = (call.body for call in service.named("Notify"))
    assert first[:6] == ("parleq", 0, "", "Listening…", "", [])
    assert second[:5] == ("parleq", 7, "", "It <failed> & waits", "a &lt; b")
    assert first[6]["urgency"] == ("y", 1)
    assert second[6]["urgency"] == ("y", 2)
    assert (first[6]["transient"], second[6]["transient"]) == (("b", True), ("b", False))
    assert first[6]["x-canonical-private-synchronous"] == ("s", "parleq")
    assert [call.body for call in service.named("CloseNotification")] == [(7,)]


@pytest.mark.asyncio
async def test_a_desktop_that_refuses_or_has_no_such_service_or_no_bus_stays_silent() -> None:
    def refuse(call: Call) -> tuple[int]:
        raise FakeFault("org.freedesktop.DBus.Error.AccessDenied", "no")

    service = notifications()
    service.method(SERVICE, "Notify", "u", refuse)
    async with a_bus() as bus:
        await DesktopNotifier("parleq", bus.env).show("nobody is there")
        async with service.on(bus.address):
            await DesktopNotifier("parleq", bus.env).show("refused")
    assert len(service.named("Notify")) == 1
    for environment in ({}, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/at/all"}):
        await DesktopNotifier("parleq", environment).show("no bus")


@pytest.mark.asyncio
async def test_whether_messages_can_be_shown() -> None:
    async with a_bus() as bus:
        missing = await examine(bus.env)
        async with notifications().on(bus.address):
            there = await examine(bus.env)
    assert (missing.kind, missing.name, missing.usable) == ("feedback", "notifications", False)
    assert (missing.reason, missing.message) == (Reason.NO_NOTIFICATIONS, "no program shows notifications")
    assert "`sudo apt install dunst`" in missing.hint
    assert (there.usable, there.reason) == (True, None)
    without = await examine({})
    assert (without.usable, without.reason) == (False, Reason.NO_NOTIFICATIONS)
    assert "session bus" in without.message


@pytest.mark.asyncio
async def test_a_service_that_the_bus_can_start_counts() -> None:
    async with a_bus({SERVICE: "/bin/false"}) as bus:
        assert (await examine(bus.env)).usable


@pytest.mark.asyncio
async def test_dunst_shows_one_message_at_a_time() -> None:
    for part in ("dunst", "xvfb"):
        need(part)
    async with a_bus() as bus:
        with ExitStack() as stack:
            x = await to_thread.run_sync(stack.enter_context, private_x())
            try:
                await to_thread.run_sync(lambda: bus.program("dunst", env={"DISPLAY": x.name}))
                await to_thread.run_sync(bus.until_has, SERVICE)
                notifier = DesktopNotifier("parleq", bus.env)
                await notifier.show("Listening…")
                await notifier.show("The text waits", "`parleqctl last --copy` has it.", urgent=True)

                def displayed() -> str:
                    return x.run("env", f"DBUS_SESSION_BUS_ADDRESS={bus.address}", "dunstctl", "count", "displayed")

                await to_thread.run_sync(x.until, lambda: displayed().strip() == "1", "one message is shown")
                await notifier.close()
                await to_thread.run_sync(x.until, lambda: displayed().strip() == "0", "it is gone")
            finally:
                with anyio.CancelScope(shield=True):
                    await to_thread.run_sync(stack.close)
