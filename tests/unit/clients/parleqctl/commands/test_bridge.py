from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest
from anyio.abc import Process

from parleqctl.commands.bridge import Relay
from tests.fakes.command_line import parleqctl_process
from tests.fakes.daemon import STATUS, FakeDaemon, Object, Peer, never, running_daemon

LINE = b'{"jsonrpc":"2.0","id":1,"method":"status/get","params":{}}'


@asynccontextmanager
async def bridged(daemon: FakeDaemon) -> AsyncIterator[Process]:
    command, variables = parleqctl_process()
    environment = {**os.environ, **variables, "PARLEQ_SOCKET": daemon.path}
    async with await anyio.open_process([*command, "bridge"], env=environment) as process:
        yield process


async def everything(process: Process) -> bytes:
    assert process.stdout is not None
    return b"".join([chunk async for chunk in process.stdout])


@pytest.mark.asyncio
@pytest.mark.parametrize("framed", [LINE + b"\n", b"Content-Length: %d\r\n\r\n%s" % (len(LINE), LINE)])
async def test_both_framings_pass_and_every_answer_comes_after_the_input_has_ended(framed: bytes) -> None:
    waiting = anyio.Event()

    async def later(peer: Peer, params: Object) -> Object:
        await waiting.wait()
        return STATUS

    async with running_daemon({"status/get": later}) as daemon, bridged(daemon) as process:
        assert process.stdin is not None
        await process.stdin.send(framed)
        await process.stdin.aclose()
        await daemon.until_asked("status/get")
        waiting.set()
        answer = await everything(process)
        assert await process.wait() == 0
    assert b'"state": "idle"' in answer
    assert answer.startswith(b"Content-Length: " if framed.startswith(b"C") else b"{")


@pytest.mark.asyncio
async def test_a_daemon_that_goes_first_ends_the_bridge_with_3() -> None:
    async def die(peer: Peer, params: Object) -> Object:
        await peer.send_raw(b"last words")
        await peer.hang_up()
        return STATUS

    async with running_daemon({"status/get": die}) as daemon, bridged(daemon) as process:
        assert process.stdin is not None
        await process.stdin.send(LINE + b"\n")
        assert await everything(process) == b"last words"
        assert await process.wait() == 3
        assert process.stderr is not None
        assert b"closed the connection" in await process.stderr.receive()


@pytest.mark.asyncio
async def test_a_reader_that_goes_ends_the_bridge() -> None:
    async with running_daemon({"status/get": never}) as daemon, bridged(daemon) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        await process.stdin.send(LINE + b"\n")
        await daemon.until_asked("status/get")
        await process.stdout.aclose()
        assert await process.wait() == 0


def relayed(to_daemon: bytes, from_daemon: bytes) -> tuple[bytes, bytes, bool]:
    """What each side gets when both talk at once and end: over a socket pair, a pipe and a file."""
    ours, daemon = socket.socketpair()
    source, writer = os.pipe()
    reader, sink = os.pipe()
    try:
        os.write(writer, to_daemon)
        os.close(writer)
        daemon.sendall(from_daemon)
        daemon.shutdown(socket.SHUT_WR)
        ended_here = Relay(source, sink, ours).run()
        ours.close()
        daemon.settimeout(5)
        received = b"".join(iter(lambda: daemon.recv(65536), b""))
        os.close(sink)
        return received, os.read(reader, 65536), ended_here
    finally:
        daemon.close()
        os.close(source)
        os.close(reader)


@pytest.mark.parametrize("data", [b"", b"\x00\xff\r\n", bytes(range(256)) * 100])
def test_bytes_pass_untouched_in_both_directions(data: bytes) -> None:
    received, printed, _ = relayed(b"hello", data)
    assert printed == data
    assert received in (b"hello", b"")


def test_more_than_the_buffers_hold_passes_whole(tmp_path: object) -> None:
    ours, daemon = socket.socketpair()
    much = os.urandom(3_000_000)
    daemon.setblocking(False)
    echoed = bytearray()

    class Echo(Relay):
        """Plays the daemon between two turns: sends back what has come."""

        def _poll(self) -> list[tuple[int, int]]:
            try:
                echoed.extend(chunk := daemon.recv(65536))
                if not chunk:
                    daemon.close()
                    return super()._poll()
                daemon.sendall(chunk)
            except (BlockingIOError, OSError):
                pass
            return super()._poll()

    with open(os.memfd_create("source"), "w+b") as source, open(os.memfd_create("sink"), "w+b") as sink:
        source.write(much)
        source.seek(0)
        assert Echo(source.fileno(), sink.fileno(), ours).run() is True
        sink.seek(0)
        assert sink.read() == much
    assert bytes(echoed) == much
    ours.close()


def test_a_daemon_that_reads_no_more_still_gets_its_last_words_through() -> None:
    ours, daemon = socket.socketpair()
    daemon.sendall(b"bye")
    daemon.close()
    reader, sink = os.pipe()
    source, writer = os.pipe()
    os.write(writer, b"unheard")
    assert Relay(source, sink, ours).run() is False
    assert os.read(reader, 100) == b"bye"
    for descriptor in (reader, sink, source, writer):
        os.close(descriptor)
    ours.close()
