"""HTTP/1.1 on loopback, byte for byte as a test wrote it down: a server, and a proxy before it."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto
from itertools import count

import anyio
from anyio.abc import ByteReceiveStream, ByteSendStream, ByteStream, SocketAttribute
from anyio.streams.buffered import BufferedByteReceiveStream
from anyio.streams.tls import TLSListener


class Do(Enum):
    """What a server does beside sending bytes. ``HANG``: nothing, until the client leaves."""

    CLOSE = auto()
    RESET = auto()
    HANG = auto()


Step = bytes | float | anyio.Event | Do
Script = Sequence[Step]


@dataclass(frozen=True)
class Seen:
    """One request. Header names are lower case; ``connection`` counts from 0."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    connection: int


class HttpServer:
    """Plays its scripts in turn, one a request; the last one again and again."""

    def __init__(self, scripts: Sequence[Script], address: str) -> None:
        self.address = address
        self.seen: list[Seen] = []
        self.left = anyio.Event()
        """A client left while the server did nothing."""
        self.closed = anyio.Event()
        """The server has closed a connection."""
        self.connections = 0
        self._scripts = list(scripts)
        self._numbers = count()

    async def serve(self, stream: ByteStream) -> None:
        """One connection."""
        number = next(self._numbers)
        self.connections += 1
        try:
            async with stream:
                buffered = BufferedByteReceiveStream(stream)
                while await self._play(await self._request(buffered, number), stream):
                    pass
        except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError):
            return  # the client left
        self.closed.set()

    async def _request(self, stream: BufferedByteReceiveStream, number: int) -> Script:
        first, *lines = (await stream.receive_until(b"\r\n\r\n", 65536)).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await stream.receive_exactly(int(headers.get("content-length", "0")))
        method, target, _ = first.split(" ")
        self.seen.append(Seen(method, target, headers, body, number))
        return self.script_for(self.seen[-1])

    def script_for(self, request: Seen) -> Script:
        """The answer to this request: the next, or the last for ever."""
        return self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]

    async def _play(self, script: Script, stream: ByteStream) -> bool:
        """Whether the connection goes on."""
        for step in script:
            if isinstance(step, bytes):
                await stream.send(step)
            elif isinstance(step, anyio.Event):
                await step.wait()
            elif isinstance(step, float):
                await anyio.sleep(step)
            elif step is Do.HANG:
                await self._wait_for_the_end(stream)
            else:
                if step is Do.RESET:
                    raw = stream.extra(SocketAttribute.raw_socket)
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
        return True

    async def _wait_for_the_end(self, stream: ByteStream) -> None:
        try:
            while True:
                await stream.receive()
        finally:
            self.left.set()


class Proxy:
    """Answers CONNECT with ``answer``, and relays where that is a 200."""

    def __init__(self, answer: bytes, address: str) -> None:
        self.address = address
        self.seen: list[str] = []
        self._answer = answer

    async def serve(self, stream: ByteStream) -> None:
        """One connection."""
        async with stream:
            head = await BufferedByteReceiveStream(stream).receive_until(b"\r\n\r\n", 65536)
            self.seen.append(head.decode("latin-1"))
            await stream.send(self._answer)
            if b" 200 " not in self._answer:
                return
            host, _, port = head.split(b" ")[1].decode().rpartition(":")
            async with await anyio.connect_tcp(host, int(port)) as server, anyio.create_task_group() as tasks:  # noqa: TID251
                tasks.start_soon(_relay, server, stream)
                await _relay(stream, server)
                tasks.cancel_scope.cancel()


@asynccontextmanager
async def running_http_server(*scripts: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[HttpServer]:
    """A server on a port of its own; ``address`` is its URL without a path, with the name localhost under TLS."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(SocketAttribute.local_port)
    server = HttpServer(scripts, f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}")
    secured = TLSListener(listener, tls, standard_compatible=False) if tls else listener
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(secured.serve, server.serve)
        yield server
        tasks.cancel_scope.cancel()


@asynccontextmanager
async def running_proxy(answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> AsyncIterator[Proxy]:
    """A proxy on a port of its own."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    proxy = Proxy(answer, f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}")
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, proxy.serve)
        yield proxy
        tasks.cancel_scope.cancel()


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """The first part of an answer."""
    lines = [f"HTTP/1.1 {status} Words", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


def whole(body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> bytes:
    """An answer of known length."""
    return head(status, {"Content-Length": str(len(body)), **(headers or {})}) + body


def chunk(data: bytes) -> bytes:
    """A piece of a body of unknown length (``Transfer-Encoding: chunked``); an empty one ends it."""
    return b"%x\r\n%b\r\n" % (len(data), data)


async def _relay(source: ByteReceiveStream, sink: ByteSendStream) -> None:
    try:
        async for data in source:
            await sink.send(data)
    except anyio.BrokenResourceError:
        return
