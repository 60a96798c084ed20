"""The session bus (D-Bus), within the event loop: calls, properties and signals of other programs.

    async with Bus.session() as bus:
        (identifier,) = await bus.call(NAME, PATH, INTERFACE, "Notify", "susssasa{sv}i", body, timeout=2.0)
        async with bus.signals(sender=await bus.owner(NAME), interface=INTERFACE, member="ActionInvoked") as signals:
            async for signal in signals: ...

A value of the type "v" is a pair (signature, value), as jeepney has it. Rules: the D-Bus specification.
"""

from __future__ import annotations

import math
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageFlag, MessageType, new_method_call
from jeepney.fds import FileDescriptor

from parleq_hotkey.background import beside
from parleq_hotkey.bus_wire import BusError, Trouble, Wire, bus_closed

__all__ = ["BUS", "PROPERTIES", "TIMEOUT_S", "Bus", "BusError", "Signal", "Signals", "Trouble", "session_address"]

BUS = "org.freedesktop.DBus"
"""The name of the bus itself, and of the interface of its own methods."""
PROPERTIES = "org.freedesktop.DBus.Properties"
TIMEOUT_S = 5.0
"""How long an answer is waited for where nothing else is said, in seconds."""
_BUS_PATH = "/org/freedesktop/DBus"


_TROUBLES = {
    "ServiceUnknown": Trouble.NO_SERVICE,
    "NameHasNoOwner": Trouble.NO_SERVICE,
    "UnknownMethod": Trouble.NO_METHOD,
    "UnknownInterface": Trouble.NO_METHOD,
    "UnknownObject": Trouble.NO_METHOD,
    "UnknownProperty": Trouble.NO_METHOD,
    "AccessDenied": Trouble.REFUSED,
    "NoReply": Trouble.TIMEOUT,
    "Timeout": Trouble.TIMEOUT,
    "Disconnected": Trouble.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal as it came. ``sender`` is a unique name (":1.7"); ``at``: when it came, in monotonic seconds."""

    sender: str
    path: str
    interface: str
    member: str
    body: tuple[Any, ...]
    at: float


class Signals:
    """Signals in the order they came, none lost. Iterating raises BusError (closed) once the bus has gone."""

    def __init__(self, stream: MemoryObjectReceiveStream[Signal]) -> None:
        self._stream = stream

    def __aiter__(self) -> Signals:
        return self

    async def __anext__(self) -> Signal:
        try:
            return await self._stream.receive()
        except anyio.EndOfStream as end:
            raise bus_closed() from end


class _Reply:
    """The place of an answer that is on its way."""

    def __init__(self) -> None:
        self.here = anyio.Event()
        self.message: Message | None = None


class Bus:
    """A connection to a bus: from `Bus.session` or `Bus.at`. ``closed`` is set once the bus has gone."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._replies: dict[int, _Reply] = {}
        self._subscribers: dict[MemoryObjectSendStream[Signal], MatchRule] = {}
        self.unique_name = ""
        self.closed = anyio.Event()

    @classmethod
    @asynccontextmanager
    async def session(cls, environment: Mapping[str, str] | None = None) -> AsyncIterator[Bus]:
        """The bus of the user's session, as the variables of the environment name it. Raises BusError (no bus)."""
        async with cls.at(session_address(os.environ if environment is None else environment)) as bus:
            yield bus

    @classmethod
    @asynccontextmanager
    async def at(cls, address: str) -> AsyncIterator[Bus]:
        """The bus of that address, until the end of the block. Raises BusError (no bus)."""
        wire = await Wire.connect(address)
        bus = cls(wire)
        try:
            async with beside(bus._listen):
                (bus.unique_name,) = await bus.call(BUS, _BUS_PATH, BUS, "Hello")
                yield bus
        finally:
            with anyio.CancelScope(shield=True):
                await wire.close()

    async def call(
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: tuple[Any, ...] = (),
        *,
        timeout: float = TIMEOUT_S,
        start: bool = True,
    ) -> tuple[Any, ...]:
        """Calls a method and gives the values it answers; a file descriptor is an int, the caller's to close.

        ``start``: may the bus start the service if it is not running? Raises BusError.
        """
        message = new_method_call(DBusAddress(path, destination, interface), member, signature or None, body)
        if not start:
            message.header.flags |= MessageFlag.no_auto_start
        answer = await self._answer(message, f"{interface}.{member} of {destination}", timeout)
        if answer.header.message_type is MessageType.error:
            raise _error(answer)
        return _body(answer)

    async def get(self, destination: str, path: str, interface: str, name: str, *, timeout: float = TIMEOUT_S) -> Any:
        """The value of a property, never starting its service. Raises BusError."""
        body = (interface, name)
        answer = await self.call(destination, path, PROPERTIES, "Get", "ss", body, timeout=timeout, start=False)
        return answer[0][1]

    async def owner(self, name: str) -> str:
        """The unique name of the program that has this name; "" when nobody has. Raises BusError."""
        try:
            return str((await self.call(BUS, _BUS_PATH, BUS, "GetNameOwner", "s", (name,)))[0])
        except BusError as problem:
            if problem.trouble is Trouble.NO_SERVICE:
                return ""
            raise

    async def name_has_owner(self, name: str) -> bool:
        """Is there a program of that name now? Raises BusError."""
        return bool(await self.owner(name))

    async def names(self) -> list[str]:
        """Every name on the bus now. Raises BusError."""
        return list((await self.call(BUS, _BUS_PATH, BUS, "ListNames"))[0])

    async def can_start(self, name: str) -> bool:
        """Would the bus start a program of that name if it were called? Raises BusError."""
        return name in (await self.call(BUS, _BUS_PATH, BUS, "ListActivatableNames"))[0]

    async def process(self, name: str) -> int:
        """The process id of the program of that name. Raises BusError."""
        return int((await self.call(BUS, _BUS_PATH, BUS, "GetConnectionUnixProcessID", "s", (name,)))[0])

    @asynccontextmanager
    async def signals(
        self, *, sender: str = "", path: str = "", interface: str = "", member: str = "", arg0: str = ""
    ) -> AsyncIterator[Signals]:
        """The signals that fit what is given, from now on until the end of the block. Raises BusError.

        ``sender``: a unique name (`owner`), or that of the bus itself. ``arg0``: the first value, a string.
        """
        rule = MatchRule(
            type="signal", sender=sender or None, path=path or None, interface=interface or None, member=member or None
        )
        if arg0:
            rule.add_arg_condition(0, arg0)
        writer, reader = anyio.create_memory_object_stream[Signal](math.inf)
        with writer, reader:
            self._subscribers[writer] = rule
            try:
                await self.call(BUS, _BUS_PATH, BUS, "AddMatch", "s", (rule.serialise(),))
                yield Signals(reader)
            finally:
                self._subscribers.pop(writer, None)
                with anyio.CancelScope(shield=True):
                    await self._forget(rule)

    async def _forget(self, rule: MatchRule) -> None:
        message = new_method_call(DBusAddress(_BUS_PATH, BUS, BUS), "RemoveMatch", "s", (rule.serialise(),))
        message.header.flags |= MessageFlag.no_reply_expected
        try:
            with anyio.move_on_after(TIMEOUT_S):
                await self._wire.send(message)
        except BusError:
            pass  # The bus has gone, and its rules with it.

    async def _answer(self, message: Message, what: str, timeout: float) -> Message:
        if self.closed.is_set():
            raise bus_closed()
        serial, reply = self._wire.serial(), _Reply()
        self._replies[serial] = reply
        try:
            with anyio.fail_after(timeout):
                await self._wire.send(message, serial)
                await reply.here.wait()
        except TimeoutError as late:
            raise BusError(Trouble.TIMEOUT, f"{what} did not answer within {timeout:g} s") from late
        finally:
            del self._replies[serial]
        if reply.message is None:
            raise bus_closed()
        return reply.message

    async def _listen(self) -> None:
        """Hands out what comes, until the bus has gone."""
        try:
            while True:
                self._take(await self._wire.receive())
        except BusError:
            self.closed.set()
            for reply in self._replies.values():
                reply.here.set()
            for writer in self._subscribers:
                writer.close()

    def _take(self, message: Message) -> None:
        fields = message.header.fields
        if message.header.message_type in (MessageType.method_return, MessageType.error):
            reply = self._replies.get(fields[HeaderFields.reply_serial])
            if reply is not None:
                reply.message = message
                reply.here.set()
                return
        elif message.header.message_type is MessageType.signal:
            for writer, rule in self._subscribers.items():
                if rule.matches(message):
                    writer.send_nowait(_signal(message))
        _discard(message)


def session_address(environment: Mapping[str, str]) -> str:
    """The address of the session bus: DBUS_SESSION_BUS_ADDRESS, else the socket that systemd has. Raises BusError."""
    address = environment.get("DBUS_SESSION_BUS_ADDRESS", "")
    if address:
        return address
    folder = environment.get("XDG_RUNTIME_DIR", "")
    if not folder:
        raise BusError(Trouble.NO_BUS, "neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set")
    return f"unix:path={folder}/bus"


def _error(answer: Message) -> BusError:
    name = str(answer.header.fields.get(HeaderFields.error_name, ""))
    short = name.removeprefix("org.freedesktop.DBus.Error.")
    told = answer.body[0] if answer.body and isinstance(answer.body[0], str) else name
    trouble = Trouble.NO_SERVICE if short.startswith("Spawn.") else _TROUBLES.get(short, Trouble.FAILED)
    return BusError(trouble, told, name)


def _body(message: Message) -> tuple[Any, ...]:
    return tuple(value.to_raw_fd() if isinstance(value, FileDescriptor) else value for value in message.body)


def _discard(message: Message) -> None:
    """Closes the file descriptors of a message that nobody takes."""
    for value in message.body:
        if isinstance(value, FileDescriptor):
            value.close()


def _signal(message: Message) -> Signal:
    fields = message.header.fields
    return Signal(
        sender=fields.get(HeaderFields.sender, ""),
        path=fields[HeaderFields.path],
        interface=fields[HeaderFields.interface],
        member=fields[HeaderFields.member],
        body=message.body,
        at=monotonic(),
    )
