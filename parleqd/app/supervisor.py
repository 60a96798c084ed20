"""What the daemon tells the service manager that started it: that it is ready, what it does, that it lives.

The messages are those of sd_notify(3), datagrams to the socket that ``NOTIFY_SOCKET`` names. Without one (started by
hand, or by launchd, which has no such thing) nothing is told.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import MutableMapping
from contextlib import suppress

import anyio
from anyio import to_thread

from parleqd.engine.bus import Note
from parleqd.protocol.names import Topic
from parleqd.rpc.services import Services

PATIENCE_S = 2.0
"""With a manager whose queue is full: it must not keep the daemon from stopping."""
_VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
_SIGNS_A_TURN = 3
"""Signs of life in the time that the manager allows for one: two may come late."""


class Supervisor:
    """The service manager. ``address`` as in ``NOTIFY_SOCKET``, "" for none.

    ``watchdog_s``: it wants a sign of life within so many seconds, always; 0 = it wants none.
    """

    def __init__(self, address: str = "", watchdog_s: float = 0.0) -> None:
        self._address = address if address[:1] in ("/", "@") else ""  # others are for virtual machines
        self._watchdog_s = watchdog_s if self._address else 0.0

    @classmethod
    def of_environment(cls, environment: MutableMapping[str, str]) -> Supervisor:
        """Who started this process. What tells of it is taken out of ``environment``: it is not for children."""
        address, allowed_us, pid = (environment.pop(name, "") for name in _VARIABLES)
        ours = pid in ("", str(os.getpid())) and allowed_us.isdecimal()
        return cls(address, int(allowed_us) / 1e6 if ours else 0.0)

    async def ready(self, services: Services) -> None:
        """The daemon answers, or answers again after `reloading`."""
        await self._tell("READY=1", f"STATUS={status_line(services)}")

    async def reloading(self) -> None:
        """The settings are read again."""
        await self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}", "STATUS=reads its settings")

    async def stopping(self) -> None:
        """The daemon is about to end."""
        await self._tell("STOPPING=1", "STATUS=stopping")

    async def keep_posted(self, services: Services) -> None:
        """Tell what the daemon does, whenever that changes, until cancelled."""
        if not self._address:
            return
        changes, told = Changes(), ""
        services.bus.join(changes)
        try:
            while True:
                await changes.next()
                if (line := status_line(services)) != told:
                    told = line
                    await self._tell(f"STATUS={line}")
        finally:
            services.bus.leave(changes)

    async def give_signs_of_life(self) -> None:
        """Feed the watchdog until cancelled.

        From the event loop, and only when a worker thread has answered as well: a daemon whose loop or whose threads
        are stuck serves nobody, and is better started anew, the journal in its hand.
        """
        if not self._watchdog_s:
            return
        while True:
            await to_thread.run_sync(_nothing, abandon_on_cancel=True)
            await self._tell("WATCHDOG=1")
            await anyio.sleep(self._watchdog_s / _SIGNS_A_TURN)

    async def _tell(self, *lines: str) -> None:
        """One message. A manager that does not listen is no reason to fail; one that is slow is waited for a while."""
        if not self._address:
            return
        place = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address  # abstract: unix(7)
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:  # no descriptor: none is told
            out.setblocking(False)
            with anyio.move_on_after(PATIENCE_S):
                out.connect(place)
                while not _sent(out, "\n".join(lines).encode()):
                    await anyio.wait_writable(out)


class Changes:
    """Subscribes to the bus for the daemon itself: whether there was anything, never what."""

    def __init__(self) -> None:
        self._event = anyio.Event()

    def take(self, note: Note) -> None:
        """One note."""
        if note.topic is Topic.STATE:
            self._event.set()

    def wants(self, topic: Topic) -> bool:
        """It has no need of what is made for listeners only."""
        return False

    async def next(self) -> None:
        """Wait for the next one; those that come in between count as one."""
        await self._event.wait()
        self._event = anyio.Event()


def status_line(services: Services) -> str:
    """What the daemon does, in counts and names: ``2 under way, 1 text waits; tiny.en is ready``."""
    busy, waiting = len(services.sessions.busy()), len(services.sessions.pending())
    model = services.recognition.model
    doing = f"{busy} under way" if busy else "idle"
    waits = f", {waiting} {'text waits' if waiting == 1 else 'texts wait'}" if waiting else ""
    return f"{doing}{waits}; {model.name} is {model.state}"


def _sent(out: socket.socket, message: bytes) -> bool:
    """Whether there was room in the queue."""
    try:
        out.send(message)
    except BlockingIOError:
        return False
    return True


def _nothing() -> None:
    """What a worker thread does to show that it is there."""
