from __future__ import annotations

from collections.abc import Iterator

import anyio
import pytest
from anyio import to_thread
from jeepney import MessageType
from jeepney.bus_messages import message_bus

from parleq_hotkey.bus_wire import BusError, Trouble, Wire
from parleqd._tools.private_bus import PrivateBus, private_bus
from tests.parts import need


@pytest.fixture
def daemon() -> Iterator[PrivateBus]:
    need("dbus-daemon")
    with private_bus() as running:
        yield running


@pytest.mark.asyncio
async def test_a_message_and_its_answer(daemon: PrivateBus) -> None:
    wire = await Wire.connect(daemon.address)
    try:
        await wire.send(message_bus.Hello(), wire.serial())
        answer = await wire.receive()
        assert answer.header.message_type is MessageType.method_return
        assert answer.body[0].startswith(":")
    finally:
        await wire.close()


@pytest.mark.asyncio
async def test_the_end_of_the_bus_is_an_error_of_either_side(daemon: PrivateBus) -> None:
    wire = await Wire.connect(daemon.address)
    try:
        await to_thread.run_sync(daemon.kill)
        with pytest.raises(BusError) as caught:
            await wire.receive()
        assert caught.value.trouble is Trouble.CLOSED
        with pytest.raises(BusError):
            await wire.send(message_bus.Hello())
    finally:
        await wire.close()


@pytest.mark.asyncio
async def test_somebody_who_is_no_bus(daemon: PrivateBus) -> None:
    name = f"{daemon.folder}/no-bus"

    async def answer(stream: anyio.abc.SocketStream) -> None:
        async with stream:
            await stream.receive()
            await stream.send(b"HTTP/1.1 400 Bad Request\r\n")

    async with await anyio.create_unix_listener(f"\0{name}") as listener, anyio.create_task_group() as group:
        group.start_soon(listener.serve, answer)
        with pytest.raises(BusError, match="no D-Bus bus answers") as caught:
            await Wire.connect(f"unix:abstract={name}")
        group.cancel_scope.cancel()
    assert caught.value.trouble is Trouble.NO_BUS
