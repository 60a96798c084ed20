"""A client and the daemon's end of its connection, without a listener between them."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import anyio
from anyio.abc import UNIXSocketStream

from parleqd.protocol.framing import Framing
from parleqd.rpc.connection import HANG_UP_POLL_S, WAITING_AT_ONCE, Connection
from parleqd.rpc.dispatch import HANDLERS, Handle
from tests.fakes.client import DEADLINE, Client
from tests.fakes.engine import Engine, running_engine


class Line:
    """A client, and the daemon's end of its connection."""

    def __init__(self, client: Client, connection: Connection) -> None:
        self.client = client
        self.connection = connection
        self.over = anyio.Event()

    async def run(self) -> None:
        await self.connection.run()
        self.over.set()

    async def until_over(self) -> None:
        with anyio.fail_after(DEADLINE):
            await self.over.wait()


@asynccontextmanager
async def connected(
    engine: Engine,
    number: int = 1,
    framing: Framing = Framing.LINES,
    waiting_at_once: int = WAITING_AT_ONCE,
    hang_up_poll_s: float = HANG_UP_POLL_S,
    handlers: Mapping[str, Handle] = HANDLERS,
) -> AsyncIterator[Line]:
    ours, theirs = socket.socketpair()
    async with await UNIXSocketStream.from_socket(ours) as near, await UNIXSocketStream.from_socket(theirs) as far:
        connection = Connection(far, engine.services, number, waiting_at_once, hang_up_poll_s, handlers)
        line = Line(Client(near, framing), connection)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(line.run)
            yield line
            tasks.cancel_scope.cancel()


@asynccontextmanager
async def a_line(instance: str | None = None, **capabilities: bool) -> AsyncIterator[tuple[Engine, Line]]:
    """An engine with one connection, which has introduced itself if ``instance`` is given."""
    async with running_engine() as engine, connected(engine) as line:
        if instance is not None:
            await line.client.initialize(instance, topics=[], **capabilities)
        yield engine, line


async def dictation(engine: Engine, client: Client, text: str) -> str:
    """A stream session of the client's that waits for its text, which the recogniser has said already."""
    session_id: str = (await client.call("session/start", source="stream"))["session_id"]
    await client.call("session/stop", session_id=session_id)
    (await engine.puppets.life(1)).answer(session_id, text)
    return session_id
