"""Messages to and from a D-Bus bus, one by one: what `bus` is made of, and services in tests.

jeepney serialises and parses; the socket is anyio's, which can pass file descriptors (jeepney's own asyncio connection
cannot).
"""

from __future__ import annotations

import os
from array import array
from enum import StrEnum
from itertools import count

import anyio
from anyio.abc import UNIXSocketStream
from jeepney import Message, Parser
from jeepney.auth import BEGIN, Authenticator
from jeepney.bus import get_connectable_addresses
from jeepney.fds import FileDescriptor

_TIMEOUT_S = 5.0
_CHUNK = 65536
_MOST_FDS = 16


class Trouble(StrEnum):
    """Why something on the bus did not work."""

    NO_BUS = "no_bus"
    NO_SERVICE = "no_service"
    NO_METHOD = "no_method"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    CLOSED = "closed"
    FAILED = "failed"


class BusError(Exception):
    """A call that failed, or no bus at all: ``trouble`` says why. ``name``: its D-Bus name, "" if it is ours."""

    def __init__(self, trouble: Trouble, message: str, name: str = "") -> None:
        super().__init__(message)
        self.trouble = trouble
        self.message = message
        self.name = name


class Wire:
    """Messages to and from one bus, without any order in them."""

    def __init__(self, stream: UNIXSocketStream) -> None:
        self._stream = stream
        self._parser = Parser()
        self._serials = count(start=1)
        self._sending = anyio.Lock()

    @classmethod
    async def connect(cls, address: str) -> Wire:
        """Connects to the bus of that address ("unix:path=/run/user/1000/bus"). Raises BusError (no bus)."""
        try:
            with anyio.fail_after(_TIMEOUT_S):
                stream = await anyio.connect_unix(next(get_connectable_addresses(address)))
                return cls(await _authenticated(stream))
        except (OSError, RuntimeError, ValueError, anyio.EndOfStream, anyio.BrokenResourceError) as problem:
            raise BusError(Trouble.NO_BUS, f"no D-Bus bus answers at {address!r}") from problem

    def serial(self) -> int:
        """A number for the next message."""
        return next(self._serials)

    async def send(self, message: Message, serial: int = 0) -> None:
        """Sends a message. Raises BusError once the bus has gone."""
        fds = array("i")
        data = message.serialise(serial or self.serial(), fds=fds)
        async with self._sending:
            try:
                await (self._stream.send_fds(data, fds) if fds else self._stream.send(data))
            except (anyio.BrokenResourceError, anyio.ClosedResourceError) as problem:
                raise bus_closed() from problem

    async def receive(self) -> Message:
        """The next message. Raises BusError once the bus has gone."""
        while (message := self._parser.get_next_message()) is None:
            try:
                data, fds = await self._stream.receive_fds(_CHUNK, _MOST_FDS)
            except (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError) as problem:
                raise bus_closed() from problem
            for fd in fds:
                os.set_inheritable(fd, False)
            self._parser.add_data(data, [FileDescriptor(fd) for fd in fds])
        return message

    async def close(self) -> None:
        """Ends the connection."""
        await self._stream.aclose()


async def _authenticated(stream: UNIXSocketStream) -> UNIXSocketStream:
    """Says who we are, and asks for file descriptors. Raises AuthenticationError, a ValueError."""
    try:
        talk = Authenticator(enable_fds=True)
        for line in talk:
            if line:
                await stream.send(line)
            if not talk.authenticated:
                talk.feed(await stream.receive(1024))
        await stream.send(BEGIN)
    except BaseException:
        await anyio.aclose_forcefully(stream)
        raise
    return stream


def bus_closed() -> BusError:
    """The bus has gone."""
    return BusError(Trouble.CLOSED, "the session bus has ended")
