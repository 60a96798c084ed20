from __future__ import annotations

import os
from collections.abc import Iterator

import anyio
import pytest
from anyio import to_thread

from parleq_hotkey.bus import Bus, BusError, Trouble, session_address
from parleqd._tools.private_bus import PrivateBus, private_bus
from tests.fakes.bus_service import SILENT, Call, FakeFault, FakeService
from tests.parts import need

NAME = "org.example.Echo"


@pytest.fixture
def daemon() -> Iterator[PrivateBus]:
    need("dbus-daemon")
    with private_bus() as running:
        yield running


def echo() -> FakeService:
    service = FakeService(NAME)
    service.method(NAME, "Echo", "sv", lambda call: call.body)
    service.method(NAME, "Silent", "", lambda call: SILENT)
    service.method(NAME, "Forbidden", "", forbidden)
    service.property(NAME, "Level", "u", 7)
    return service


def forbidden(call: Call) -> tuple[str, ...]:
    raise FakeFault("org.freedesktop.DBus.Error.AccessDenied", "not for you")


async def trouble_of(bus: Bus, member: str, *, name: str = NAME, timeout: float = 5.0) -> Trouble:
    with pytest.raises(BusError) as caught:
        await bus.call(name, "/", NAME, member, timeout=timeout)
    return caught.value.trouble


@pytest.mark.asyncio
async def test_calls_and_properties(daemon: PrivateBus) -> None:
    async with Bus.session(daemon.env) as bus, echo().on(daemon.address) as service:
        body = ("größe 👍", ("as", ["a", "b"]))
        assert await bus.call(NAME, "/a/path", NAME, "Echo", "sv", body) == body
        assert service.calls == [Call(bus.unique_name, "/a/path", NAME, "Echo", body)]
        assert await bus.get(NAME, "/", NAME, "Level") == 7
        assert await bus.owner(NAME) == service.unique_name
        assert await bus.process(NAME) == os.getpid()
        assert NAME in await bus.names()


@pytest.mark.asyncio
async def test_names_that_nobody_has(daemon: PrivateBus) -> None:
    async with Bus.at(daemon.address) as bus:
        assert not await bus.name_has_owner(NAME)
        assert await bus.owner(NAME) == ""
        assert not await bus.can_start(NAME)


@pytest.mark.asyncio
async def test_many_calls_at_once_each_get_their_own_answer(daemon: PrivateBus) -> None:
    answers: dict[int, str] = {}

    async def ask(bus: Bus, number: int) -> None:
        answers[number] = (await bus.call(NAME, "/", NAME, "Echo", "sv", (str(number), ("u", 0))))[0]

    async with Bus.at(daemon.address) as bus, echo().on(daemon.address), anyio.create_task_group() as group:
        for number in range(50):
            group.start_soon(ask, bus, number)
    assert answers == {number: str(number) for number in range(50)}


@pytest.mark.asyncio
async def test_why_a_call_fails(daemon: PrivateBus) -> None:
    async with Bus.at(daemon.address) as bus, echo().on(daemon.address):
        assert await trouble_of(bus, "Echo", name="org.example.Nobody") is Trouble.NO_SERVICE
        assert await trouble_of(bus, "Unknown") is Trouble.NO_METHOD
        assert await trouble_of(bus, "Forbidden") is Trouble.REFUSED
        assert await trouble_of(bus, "Silent", timeout=0.05) is Trouble.TIMEOUT
        with pytest.raises(BusError, match=r"no org\.example\.Echo\.Colour") as caught:
            await bus.get(NAME, "/", NAME, "Colour")
        assert caught.value.trouble is Trouble.NO_METHOD


@pytest.mark.asyncio
async def test_signals_that_fit_come_in_order(daemon: PrivateBus) -> None:
    async with Bus.at(daemon.address) as bus, echo().on(daemon.address) as service:
        async with bus.signals(sender=service.unique_name, interface=NAME, member="Said", arg0="b") as signals:
            for word, number in (("a", 1), ("b", 2), ("b", 3)):
                await service.emit("/voice", NAME, "Said", "su", (word, number))
            await service.emit("/voice", NAME, "Sang", "su", ("b", 4))
            await service.emit("/voice", NAME, "Said", "su", ("b", 5))
            heard = [await anext(signals) for _ in range(3)]
        assert [signal.body for signal in heard] == [("b", 2), ("b", 3), ("b", 5)]
        assert {(signal.sender, signal.path, signal.member) for signal in heard} == {
            (service.unique_name, "/voice", "Said")
        }


@pytest.mark.asyncio
async def test_a_file_descriptor_arrives_as_a_number_that_is_the_callers(daemon: PrivateBus) -> None:
    reader, writer = os.pipe()
    service = FakeService(NAME)
    service.method(NAME, "Pipe", "h", lambda call: (writer,))
    async with Bus.at(daemon.address) as bus, service.on(daemon.address):
        (given,) = await bus.call(NAME, "/", NAME, "Pipe")
        assert not os.get_inheritable(given)
        os.set_blocking(given, False)
        os.write(given, b"through")
        os.close(given)
    os.set_blocking(reader, False)
    assert os.read(reader, 100) == b"through"
    os.close(reader)


@pytest.mark.asyncio
async def test_a_bus_that_dies_is_noticed_by_everyone_who_waits(daemon: PrivateBus) -> None:
    failed: list[Trouble] = []

    async def ask(bus: Bus) -> None:
        failed.append(await trouble_of(bus, "Silent"))

    async with Bus.at(daemon.address) as bus, echo().on(daemon.address) as service:
        async with bus.signals(interface=NAME) as signals, anyio.create_task_group() as group:
            group.start_soon(ask, bus)
            await service.until(lambda: bool(service.named("Silent")))
            await to_thread.run_sync(daemon.kill)
            with pytest.raises(BusError, match="the session bus has ended"):
                await anext(signals)
        await bus.closed.wait()
        assert await trouble_of(bus, "Echo") is Trouble.CLOSED
    assert failed == [Trouble.CLOSED]


@pytest.mark.asyncio
async def test_what_the_block_raises_comes_out_as_it_is(daemon: PrivateBus) -> None:
    with pytest.raises(LookupError, match="mine"):
        async with Bus.at(daemon.address):
            raise LookupError("mine")


@pytest.mark.asyncio
async def test_a_service_is_started_only_if_that_is_wanted() -> None:
    need("dbus-daemon")
    running = private_bus({NAME: "/bin/false"})
    daemon = await to_thread.run_sync(running.__enter__)
    try:
        async with Bus.at(daemon.address) as bus:
            assert await bus.can_start(NAME)
            with pytest.raises(BusError) as caught:
                await bus.call(NAME, "/", NAME, "Echo", start=False)
            assert caught.value.name.endswith(("ServiceUnknown", "NameHasNoOwner"))
            with pytest.raises(BusError) as caught:
                await bus.call(NAME, "/", NAME, "Echo")
            assert ".Spawn." in caught.value.name
            assert caught.value.trouble is Trouble.NO_SERVICE
    finally:
        await to_thread.run_sync(running.__exit__, None, None, None)


@pytest.mark.asyncio
@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "tcp:host=localhost", "nonsense", ""])
async def test_no_bus(address: str) -> None:
    with pytest.raises(BusError, match="no D-Bus bus answers") as caught:
        async with Bus.at(address):
            pass
    assert caught.value.trouble is Trouble.NO_BUS


def test_where_the_session_bus_is() -> None:
    assert session_address({"DBUS_SESSION_BUS_ADDRESS": "unix:path=/a", "XDG_RUNTIME_DIR": "/b"}) == "unix:path=/a"
    assert session_address({"XDG_RUNTIME_DIR": "/b"}) == "unix:path=/b/bus"
    with pytest.raises(BusError, match="XDG_RUNTIME_DIR"):
        session_address({})
