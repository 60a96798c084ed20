"""A server that breaks one rule of the protocol: our daemon, behind a proxy that meddles with what passes."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread
from anyio.abc import SocketListener, SocketStream

from parleqctl.conformance.checks import Check, Group
from parleqctl.conformance.place import Place
from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.protocol.framing import Decoder, Framing, encode
from tests.integration.daemon import running_daemon

Object = dict[str, Any]
GONE = (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError)
IMPATIENT_S = 0.3
"""How long a check waits for what a broken server will not send."""


class Breach:
    """How a server breaks a rule; this one breaks none."""

    def up(self, data: bytes) -> bytes:
        """What the daemon gets of what the client has sent."""
        return data

    def down(self, message: Object) -> list[Object]:
        """What the client gets of what the daemon has sent."""
        return [message]

    def framed(self, body: bytes, framing: Framing) -> bytes:
        """How that is framed."""
        return encode(body, framing)


class Telling(Breach):
    """Meddles with what the daemon says."""

    def __init__(self, down: Callable[[Object], list[Object]]) -> None:
        self._down = down

    def down(self, message: Object) -> list[Object]:
        return self._down(message)


def forgives(code: int) -> Breach:
    """What is to be refused with this code is granted."""

    def down(message: Object) -> list[Object]:
        if message.get("error", {}).get("code") != code:
            return [message]
        return [{"jsonrpc": "2.0", "id": message["id"], "result": {"session_id": "s", "topics": []}}]

    return Telling(down)


def recodes(code: int, into: int) -> Breach:
    """Refuses with another code."""

    def down(message: Object) -> list[Object]:
        error = message.get("error")
        return [{**message, "error": {**error, "code": into}} if error and error["code"] == code else message]

    return Telling(down)


def changes_results(change: Callable[[Object], Object]) -> Breach:
    """Answers otherwise."""
    return Telling(
        lambda message: [{**message, "result": change(message["result"])} if "result" in message else message]
    )


def lacks(field: str) -> Breach:
    """Results without this field."""
    return changes_results(lambda result: {name: value for name, value in result.items() if name != field})


def drops(forgotten: Callable[[Object], bool]) -> Breach:
    """Does not say some things."""
    return Telling(lambda message: [] if forgotten(message) else [message])


@asynccontextmanager
async def breaking(breach: Breach, patience: float = IMPATIENT_S) -> AsyncIterator[Place]:
    """Where the server that breaks a rule listens."""
    recognisers = ScriptedFactory(["hello there"] * 20)
    async with running_daemon(recognisers=recognisers) as daemon, anyio.TemporaryDirectory(prefix="parleq-") as folder:
        path = str(Path(folder) / "s.sock")
        bound = socket.socket(socket.AF_UNIX)
        bound.bind(path)
        bound.listen()
        async with await SocketListener.from_socket(bound) as listener, anyio.create_task_group() as tasks:
            tasks.start_soon(listener.serve, partial(_serve, str(daemon.path), breach))
            yield Place(path, recording="/speech.flac", patience=patience)
            tasks.cancel_scope.cancel()


async def verdict(check: Check, breach: Breach, patience: float = IMPATIENT_S) -> str:
    """What a check says of such a server."""
    async with breaking(breach, patience) as place:
        return (await to_thread.run_sync(check.report, place))["verdict"]


async def failed(group: Group, breach: Breach, name: str) -> bool:
    """Does the check of this name find it out?"""
    (check,) = [check for check in group if check.name == name]
    return await verdict(check, breach) == "failed"


async def all_ok(group: Group) -> list[Object]:
    """The checks that find fault with our daemon."""
    async with breaking(Breach(), patience=10.0) as place:
        reports = [await to_thread.run_sync(check.report, place) for check in group]
    return [report for report in reports if report["verdict"] != "ok"]


async def _serve(path: str, breach: Breach, client: SocketStream) -> None:
    async with client, await anyio.connect_unix(path) as daemon, anyio.create_task_group() as tasks:
        tasks.start_soon(_up, client, daemon, breach)
        decoder = Decoder()
        try:
            while True:
                for body in decoder.feed(await daemon.receive()):
                    assert isinstance(body, bytes)
                    for message in breach.down(json.loads(body)):
                        data = json.dumps(message, ensure_ascii=False).encode()
                        await client.send(breach.framed(data, decoder.framing or Framing.LINES))
        except GONE:
            tasks.cancel_scope.cancel()


async def _up(client: SocketStream, daemon: SocketStream, breach: Breach) -> None:
    try:
        while True:
            await daemon.send(breach.up(await client.receive()))
    except anyio.EndOfStream:
        await daemon.send_eof()
    except GONE:
        return
