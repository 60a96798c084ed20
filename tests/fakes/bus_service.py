"""A program on a bus, made up for a test: a service of any name with methods, properties and signals.

    service = FakeService("org.freedesktop.Notifications")
    service.method("org.freedesktop.Notifications", "Notify", "u", lambda call: (7,))
    service.property("org.mpris.MediaPlayer2.Player", "PlaybackStatus", "s", "Playing")
    async with service.on(address):
        ...
        assert service.calls[-1].body == (...)
        await service.emit("/path", "an.interface", "Something", "s", ("value",))

A method is a function (may be async) of the `Call`; it gives the tuple of values to answer (with the signature named
when it was added), or raises `FakeFault`; `SILENT` given instead of a tuple means that no answer comes. A file
descriptor ("h") is an int, closed once it is sent. Methods and properties hold for every object path, as fakes need no
more. Kinds of services are subclasses beside this module.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import anyio
from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus

from parleq_hotkey.background import beside
from parleq_hotkey.bus import PROPERTIES
from parleq_hotkey.bus_wire import BusError, Wire

Body = tuple[Any, ...]
SILENT: Body = ("no answer",)


class FakeFault(Exception):
    """A method's error answer: its D-Bus name, such as "org.freedesktop.DBus.Error.AccessDenied", and a message."""

    def __init__(self, name: str, message: str = "") -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Call:
    """A call as it came: ``sender`` is the caller's unique name."""

    sender: str
    path: str
    interface: str
    member: str
    body: Body


Method = Callable[[Call], "Body | Awaitable[Body]"]


class FakeService:
    """One program on the bus with one name ("" for none). ``calls``: what it was asked, but for properties."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.unique_name = ""
        self.calls: list[Call] = []
        self._called = anyio.Event()
        self._methods: dict[tuple[str, str], tuple[str, Method]] = {}
        self._properties: dict[tuple[str, str], tuple[str, Any]] = {}
        self._wire: Wire | None = None
        self.method(PROPERTIES, "Get", "v", self._get)
        self.method(PROPERTIES, "GetAll", "a{sv}", self._get_all)
        self.method(PROPERTIES, "Set", "", self._set)

    def method(self, interface: str, member: str, signature: str, method: Method) -> None:
        """Adds a method that answers with values of that signature."""
        self._methods[interface, member] = (signature, method)

    def property(self, interface: str, name: str, signature: str, value: Any) -> None:
        """Adds a property, or sets it, without a signal."""
        self._properties[interface, name] = (signature, value)

    def value(self, interface: str, name: str) -> Any:
        """What a property is now."""
        return self._properties[interface, name][1]

    def named(self, member: str) -> list[Call]:
        """The calls of that method so far."""
        return [call for call in self.calls if call.member == member]

    async def until(self, condition: Callable[[], bool], within_s: float = 5.0) -> None:
        """Waits until the calls so far fulfil a condition."""
        with anyio.fail_after(within_s):
            while not condition():
                self._called = anyio.Event()
                await self._called.wait()

    async def emit(
        self, path: str, interface: str, member: str, signature: str = "", body: Body = (), *, to: str = ""
    ) -> None:
        """Sends a signal to whoever listens, or ``to`` one unique name only."""
        assert self._wire is not None
        signal = new_signal(DBusAddress(path, interface=interface), member, signature or None, body)
        if to:
            signal.header.fields[HeaderFields.destination] = to
        await self._wire.send(signal)

    @asynccontextmanager
    async def on(self, address: str) -> AsyncIterator[FakeService]:
        """Serves on the bus of that address until the end of the block; again afterwards, if wanted."""
        self._wire = wire = await Wire.connect(address)
        try:
            (self.unique_name,) = await self._ask(message_bus.Hello())
            if self.name:
                assert await self._ask(message_bus.RequestName(self.name)) == (1,), f"{self.name} is taken"
            async with beside(self._serve):
                yield self
        finally:
            with anyio.CancelScope(shield=True):
                await wire.close()

    async def _ask(self, message: Message) -> Body:
        """The bus's own answer to a call, before anything is served."""
        assert self._wire is not None
        await self._wire.send(message)
        while (answer := await self._wire.receive()).header.message_type is not MessageType.method_return:
            assert answer.header.message_type is not MessageType.error, answer
        return tuple(answer.body)

    async def _serve(self) -> None:
        assert self._wire is not None
        try:
            async with anyio.create_task_group() as group:
                while True:
                    message = await self._wire.receive()
                    if message.header.message_type is MessageType.method_call:
                        group.start_soon(self._reply, message)
        except* BusError:
            pass  # The bus has ended: so does this service.

    async def _reply(self, message: Message) -> None:
        assert self._wire is not None
        fields = message.header.fields
        call = Call(
            fields[HeaderFields.sender], fields[HeaderFields.path], fields.get(HeaderFields.interface, ""),
            fields[HeaderFields.member], message.body,
        )  # fmt: skip
        if call.interface != PROPERTIES:
            self.calls.append(call)
            self._called.set()
        try:
            if (call.interface, call.member) not in self._methods:
                raise FakeFault("org.freedesktop.DBus.Error.UnknownMethod", f"no {call.interface}.{call.member}")
            signature, method = self._methods[call.interface, call.member]
            given = method(call)
            body = await given if inspect.isawaitable(given) else given
            if body is SILENT:
                return
            await self._wire.send(new_method_return(message, signature or None, body))
            if signature == "h":
                os.close(body[0])
        except FakeFault as fault:
            await self._wire.send(new_error(message, fault.name, "s", (str(fault),)))

    def _get(self, call: Call) -> Body:
        interface, name = call.body
        if (interface, name) not in self._properties:
            raise FakeFault("org.freedesktop.DBus.Error.UnknownProperty", f"no {interface}.{name}")
        return (self._properties[interface, name],)

    def _get_all(self, call: Call) -> Body:
        (wanted,) = call.body
        return ({name: value for (interface, name), value in self._properties.items() if interface == wanted},)

    def _set(self, call: Call) -> Body:
        interface, name, value = call.body
        self._properties[interface, name] = value
        return ()
