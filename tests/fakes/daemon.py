"""A daemon that answers from a script, over a real Unix socket: what client tests talk to.

It is kept honest by the table of methods: what a client asks must fit the method's parameters, to the field,
and what the script answers must fit its result.
"""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import msgspec
from anyio.abc import ByteStream, SocketListener
from anyio.streams.buffered import BufferedByteReceiveStream

from parleqd.protocol.messages import Message
from parleqd.protocol.methods import CLIENT_NOTIFICATIONS, METHODS
from parleqd.protocol.names import MAX_MESSAGE_BYTES, ErrorCode

Object = dict[str, Any]
DEADLINE = 10.0
_METHODS = {method.name: method for method in METHODS}
_NOTES = {note.name: note for note in CLIENT_NOTIFICATIONS}


class Refusal(Exception):
    """Raised or returned by a script: answered as an error."""

    def __init__(self, reason: str, message: str = "no", hint: str = "", code: int = ErrorCode.REFUSED) -> None:
        super().__init__(message)
        self.error = {"code": int(code), "message": message, "data": {"reason": reason, "hint": hint}}


class Peer:
    """One connected client, as a script sees it."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._input = BufferedByteReceiveStream(stream)
        self._sending = anyio.Lock()
        self._headers = False

    async def notify(self, method: str, params: Object) -> None:
        await self.send({"jsonrpc": "2.0", "method": method, "params": params})

    async def request(self, number: int, method: str, params: Object) -> None:
        """The answer will stand in the daemon's ``answers``."""
        await self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})

    async def send(self, message: Object) -> None:
        body = json.dumps(message).encode()
        await self.send_raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body) if self._headers else body + b"\n")

    async def send_raw(self, data: bytes) -> None:
        async with self._sending:
            await self._stream.send(data)

    async def hang_up(self) -> None:
        """Closes the connection, as a daemon that dies does."""
        await self._stream.aclose()

    async def receive(self) -> Object:
        """The next message, by either framing. Raises anyio's EndOfStream or IncompleteRead at the end."""
        line = await self._input.receive_until(b"\n", MAX_MESSAGE_BYTES + 1)
        if line[:1] not in (b"C", b"c"):
            return _object(line)
        self._headers = True
        length = 0
        while header := line.strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
            line = await self._input.receive_until(b"\n", 1024)
        return _object(await self._input.receive_exactly(length))


Reply = Object | Refusal | Callable[[Peer, Object], Awaitable[Object]]


class FakeDaemon:
    """What was asked, and what is answered. ``received``: (method, params) of requests and notifications."""

    def __init__(self, path: str, replies: Mapping[str, Reply]) -> None:
        self.path = path
        self.replies: dict[str, Reply] = {**USUAL, **replies}
        self.received: list[tuple[str, Object]] = []
        self.answers: list[Object] = []
        self._changed = anyio.Event()

    def asked(self, method: str) -> list[Object]:
        """The parameters of every call of ``method``."""
        return [params for name, params in self.received if name == method]

    async def until_asked(self, method: str, times: int = 1) -> None:
        """Waits until ``method`` has come so often. Raises TimeoutError after `DEADLINE` seconds."""
        await self._until(lambda: len(self.asked(method)) >= times)

    async def until_answered(self, times: int = 1) -> None:
        """Waits for the client's answers to requests of the daemon."""
        await self._until(lambda: len(self.answers) >= times)

    async def _until(self, holds: Callable[[], bool]) -> None:
        with anyio.fail_after(DEADLINE):
            while not holds():
                await self._changed.wait()

    async def serve(self, stream: ByteStream) -> None:
        """One connection: a client that closes its sending side still gets every answer it waits for."""
        peer = Peer(stream)
        async with stream, anyio.create_task_group() as tasks:
            while True:
                try:
                    message = await peer.receive()
                except (
                    anyio.EndOfStream,
                    anyio.IncompleteRead,
                    anyio.ClosedResourceError,
                    anyio.BrokenResourceError,
                ):
                    return
                self._note(message)
                if "id" in message and "method" in message:
                    tasks.start_soon(self._reply, peer, message)

    def _note(self, message: Object) -> None:
        if "method" in message:
            known = _METHODS.get(message["method"]) or _NOTES.get(message["method"])
            if known is not None:
                fitting(message["params"], known.params)
            self.received.append((message["method"], message["params"]))
        else:
            self.answers.append(message)
        self._changed.set()
        self._changed = anyio.Event()

    async def _reply(self, peer: Peer, message: Object) -> None:
        method = message["method"]
        reply = self.replies.get(method)
        answer: Object = {"jsonrpc": "2.0", "id": message["id"]}
        try:
            if reply is None:
                raise Refusal("", f"no {method} here", code=ErrorCode.METHOD_NOT_FOUND)
            if isinstance(reply, Refusal):
                raise reply
            answer["result"] = reply if isinstance(reply, dict) else await reply(peer, message["params"])
            msgspec.json.decode(json.dumps(answer["result"]), type=_METHODS[method].result)
        except Refusal as refusal:
            answer["error"] = refusal.error
        try:
            await peer.send(answer)
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            return


@asynccontextmanager
async def running_daemon(replies: Mapping[str, Reply] | None = None) -> AsyncIterator[FakeDaemon]:
    """A daemon with `USUAL` answers, and ``replies`` beside or instead of them, until the block ends."""
    async with anyio.TemporaryDirectory(prefix="parleq-") as folder:
        daemon = FakeDaemon(str(Path(folder) / "d.sock"), replies or {})
        bound = socket.socket(socket.AF_UNIX)
        bound.bind(daemon.path)
        bound.listen()
        async with await SocketListener.from_socket(bound) as listener, anyio.create_task_group() as tasks:
            tasks.start_soon(listener.serve, daemon.serve)
            yield daemon
            tasks.cancel_scope.cancel()


def fitting(params: Object, struct: type[Message]) -> None:
    """Asserts that ``params`` are those of ``struct``, without a field that it does not have."""
    msgspec.convert(params, struct)
    unknown = set(params) - set(struct.__struct_fields__)
    assert not unknown, f"{struct.__name__} has no {sorted(unknown)}"


async def never(peer: Peer, params: Object) -> Object:
    """A reply that does not come."""
    await anyio.sleep_forever()
    raise AssertionError


def _object(text: bytes) -> Object:
    message = json.loads(text)
    assert isinstance(message, dict)
    return message


RESULT: Object = {
    "session_id": "s1",
    "verdict": "speech",
    "raw": "um hello world",
    "text": "Hello world.",
    "mode": {"asked": "instant", "used": "instant"},
    "fallback": None,
    "segments": [{"start": 0.0, "end": 1.0, "text": "um hello world"}],
    "edits": [{"stage": "fillers", "before": "um ", "after": ""}],
    "audio_seconds": 1.5,
    "timings_ms": {"release_to_raw": 10.0, "cleanup": 1.0, "release_to_text": 11.0, "decode": 9.0},
    "model": {"name": "tiny.en", "compute_type": "int8"},
    "warnings": [],
}

STATUS: Object = {
    "state": "idle",
    "model": {"name": "tiny.en", "compute_type": "int8", "state": "ready", "detail": ""},
    "device": "Built-in Microphone",
    "microphone": {
        "state": "idle",
        "device": "Built-in Microphone",
        "chosen": "default",
        "reason": None,
        "message": "",
        "hint": "",
    },
    "cleanup": {"mode": "instant", "targets": []},
    "pending": 0,
    "sessions": 0,
    "config": {"path": "/home/u/.config/parleq/config.toml", "state": "ok", "problems": []},
    "version": "0.1.0",
    "pid": 42,
    "uptime_seconds": 3725.0,
}

DEVICES: Object = {
    "devices": [
        {"id": "out.monitor", "name": "Monitor of Speakers", "default": False, "chosen": False, "monitor": True},
        {"id": "in.headset", "name": "Headset", "default": False, "chosen": False, "monitor": False},
        {"id": "in.built-in", "name": "Built-in Microphone", "default": True, "chosen": True, "monitor": False},
    ]
}

HEALTHY: Object = {
    "verdict": "warning",
    "checks": [
        {"check": "model", "verdict": "ok", "message": "tiny.en is installed", "hint": "", "reason": None},
        {
            "check": "microphone",
            "verdict": "warning",
            "message": "Headset gives silence only",
            "hint": "is it muted?",
            "reason": "dead_input",
        },
    ],
}

ENTRY: Object = {
    "session_id": "s1",
    "started": 1_700_000_000.0,
    "delivery": "delivered",
    "result": RESULT,
    "texts": {"raw": "um hello world", "instant": "Hello, world.", "polished": None},
}

USUAL: dict[str, Reply] = {
    "initialize": {
        "server": {"name": "parleqd", "version": "0.1.0"},
        "protocol": 1,
        "capabilities": {
            "sources": ["file", "stream"],
            "modes": ["raw", "instant"],
            "topics": ["state", "partial"],
        },
        "pending": [],
    },
    "session/start": {"session_id": "s1"},
    "session/recover": {"session_id": "s1"},
    "session/cancel": {"session_id": "s1"},
    "session/stop": {"session_id": "s1"},
    "session/audio": {},
    "session/result": RESULT,
    "session/acknowledge": {},
    "status/get": STATUS,
    "devices/list": DEVICES,
    "doctor/run": HEALTHY,
    "events/subscribe": {"topics": []},
    "text/clean": {
        "text": "Hello world.",
        "mode": {"asked": "instant", "used": "instant"},
        "fallback": None,
        "edits": [],
        "timings_ms": {"cleanup": 1.0},
    },
    "text/refine": {
        "text": "Hello, world.",
        "baseline": "Hello world.",
        "mode": {"asked": "polished", "used": "polished"},
        "fallback": None,
        "edits": [{"stage": "refined", "before": "Hello world.", "after": "Hello, world."}],
        "timings_ms": {"cleanup": 1.0},
    },
    "text/presets": {
        "presets": [
            {"name": "shorter", "instruction": "Make it shorter.", "digit": 1},
            {"name": "odd", "instruction": "Make it odd.", "digit": None},
        ]
    },
    "history/undo": {"text": "um Hello world.", "edits": []},
    "history/last": ENTRY,
    "history/show": ENTRY,
    "history/list": {"entries": [ENTRY]},
    "history/search": {"entries": [ENTRY]},
    "history/clear": {"cleared": 1},
}
