"""The connection to the daemon, made again whenever it is lost."""

from __future__ import annotations

import logging
from typing import Any, Protocol
from uuid import uuid4

import anyio

from parleq_client import ClientError, UnreachableError
from parleq_client.asynchronous import AsyncConnection
from parleq_hotkey.ports import Receipt

NAME = "parleq-hotkey"
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0
REACH_WITHIN_S = 1.0
"""So long a press waits for a daemon that is not there yet."""

Object = dict[str, Any]
_log = logging.getLogger(__name__)


class User(Protocol):
    """Who the link is for."""

    async def connected(self) -> None:
        """The daemon is there: calls can be made. It must `Link.introduce` this client; ClientError may come out."""

    def disconnected(self, failure: ClientError) -> None:
        """The connection has ended, or could not be made; told once until there is one again."""

    def told(self, method: str, params: Object) -> None:
        """A notification. It must not wait."""

    async def asked(self, method: str, params: Object) -> Object:
        """A request of the daemon. Raises ClientError to refuse it."""


class Link:
    """``instance`` stays the same over all connections: what was dictated over one belongs to the next as well.

    ``pauses``: how long is waited before another attempt, in seconds, first and longest.
    """

    def __init__(
        self, path: str, *, version: str = "", pauses: tuple[float, float] = (FIRST_PAUSE_S, LONGEST_PAUSE_S)
    ) -> None:
        self.path = path
        self.instance = str(uuid4())
        self._version = version
        self._first_pause, self._longest_pause = pauses
        self._connection: AsyncConnection | None = None
        self._failure: ClientError = UnreachableError(f"no parleqd at {path} yet", "wait a moment")
        self._owed: dict[str, Receipt] = {}
        self._up = anyio.Event()
        self._wake = anyio.Event()

    @property
    def up(self) -> bool:
        """Is there a connection?"""
        return self._up.is_set()

    async def run(self, user: User) -> None:
        """Connects for ``user``, again and again, until cancelled."""
        pause, tell = self._first_pause, True
        while True:
            self._wake = anyio.Event()
            try:
                async with AsyncConnection.open(self.path) as connection:
                    await self._use(connection, user)
                    pause, tell = self._first_pause, True
                    raise await connection.until_closed()
            except ClientError as failure:
                self._failure = failure
            self._connection = None
            if self._up.is_set():
                self._up = anyio.Event()
            if tell:
                _log.warning("daemon lost or not there: %s", self._failure.reason)
                user.disconnected(self._failure)
                tell = False
            with anyio.move_on_after(pause):
                await self._wake.wait()
            pause = min(2 * pause, self._longest_pause)

    async def _use(self, connection: AsyncConnection, user: User) -> None:
        connection.on_notification = user.told
        connection.on_request = user.asked
        self._connection = connection
        await user.connected()
        _log.info("daemon reached")
        self._up.set()
        for session_id, receipt in list(self._owed.items()):
            await self.acknowledge(session_id, receipt)

    async def introduce(self) -> None:
        """The handshake. Partial texts are asked for by their topic, when they are shown. Raises ClientError."""
        if self._connection is None:
            raise self._failure
        await self._connection.initialize(
            NAME, instance=self.instance, version=self._version, insert=True, partials=False
        )

    async def call(self, method: str, params: Object | None = None, *, timeout: float | None = 30.0) -> Object:
        """As `AsyncConnection.call`. Raises UnreachableError at once while there is no connection."""
        if self._connection is None:
            raise self._failure
        return await self._connection.call(method, params, timeout=timeout)

    async def acknowledge(self, session_id: str, receipt: Receipt) -> None:
        """Tells what became of a text: now, or when there is a daemon again, or never to one that does not know it."""
        told = {"status": str(receipt.status), "detail": receipt.detail}
        self._owed.pop(session_id, None)
        try:
            await self.call("session/acknowledge", {"session_id": session_id, "receipt": told})
        except UnreachableError:
            self._owed[session_id] = receipt
        except ClientError as problem:
            _log.info("receipt of %s not taken: %s", session_id, problem.reason)

    async def reach(self, within_s: float = REACH_WITHIN_S) -> None:
        """Has a connection made at once where there is none; it may still be missing afterwards."""
        if not self.up:
            self._wake.set()
            with anyio.move_on_after(within_s):
                await self._up.wait()
