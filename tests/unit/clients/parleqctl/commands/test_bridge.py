from __future__ import annotations

import os
import select
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio.abc import Process

from parleqctl.commands.bridge import Relay
from tests.fakes.command_line import parleqctl_process
from tests.fakes.daemon import STATUS, FakeDaemon, Object, Peer, never, running_daemon

LINE = b'{"jsonrpc":"2.0","id":1,"method":"status/get","params":{}}'


@asynccontextmanager
async def bridged(daemon: FakeDaemon, stdout: int = subprocess.PIPE) -> AsyncIterator[Process]:
    command, variables = parleqctl_process()
    environment = {**os.environ, **variables, "PARLEQ_SOCKET": daemon.path}
    async with await anyio.open_process([*command, "bridge"], env=environment, stdout=stdout) as process:
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
    reader, sink = os.pipe()
    async with running_daemon({"status/get": never}) as daemon, bridged(daemon, sink) as process:
        os.close(sink)
        assert process.stdin is not None
        await process.stdin.send(LINE + b"\n")
        await daemon.until_asked("status/get")
        os.close(reader)
        assert await process.wait() == 0


@pytest.mark.parametrize("data", [b"", b"\x00\xff\r\n", bytes(range(256)) * 100])
def test_bytes_come_untouched(data: bytes) -> None:
    ours, daemon = socket.socketpair()
    source, writer = os.pipe()
    reader, sink = os.pipe()
    daemon.sendall(data)
    daemon.shutdown(socket.SHUT_WR)
    Relay(source, sink, ours).run()
    os.close(sink)
    assert os.read(reader, 65536) == data
    for descriptor in (source, writer, reader):
        os.close(descriptor)
    ours.close()
    daemon.close()


class Echoed(Relay):
    """Plays a slow daemon between two turns: what has come goes back, and nothing is read meanwhile."""

    def __init__(self, source: int, sink: int, stream: socket.socket, daemon: socket.socket) -> None:
        super().__init__(source, sink, stream)
        self._daemon = daemon
        self._heard = b""
        daemon.setblocking(False)

    def _poll(self) -> list[tuple[int, int]]:
        try:
            if not self._heard:
                self._heard = self._daemon.recv(65536)
                if not self._heard:
                    self._daemon.close()
            self._heard = self._heard[self._daemon.send(self._heard) :]
        except OSError:
            pass  # Nothing to read, no room to write, or closed already.
        return super()._poll()


def test_more_than_the_buffers_hold_passes_whole(tmp_path: Path) -> None:
    much = os.urandom(3_000_000)
    (tmp_path / "source").write_bytes(much)
    ours, daemon = socket.socketpair()
    with ours, daemon, open(tmp_path / "source", "rb") as source, open(tmp_path / "sink", "wb") as sink:
        assert Echoed(source.fileno(), sink.fileno(), ours, daemon).run() is True
    assert (tmp_path / "sink").read_bytes() == much


class Told(Relay):
    """Is told at first, one thing a turn, what poll(2) would not say, or only may."""

    def __init__(self, source: int, sink: int, stream: socket.socket, turns: Iterator[tuple[int, int]]) -> None:
        super().__init__(source, sink, stream)
        self._turns = turns

    def _poll(self) -> list[tuple[int, int]]:
        turn = next(self._turns, None)
        return super()._poll() if turn is None else [turn]


def test_input_and_room_that_are_not_there_after_all_are_no_end() -> None:
    ours, daemon = socket.socketpair()
    source, writer = os.pipe()
    reader, sink = os.pipe()
    for descriptor in (source, sink):
        os.set_blocking(descriptor, False)
    stuffing = os.write(sink, bytes(1_000_000))

    def turns() -> Iterator[tuple[int, int]]:
        yield source, select.POLLIN  # there is nothing
        os.write(writer, b"late")
        yield source, select.POLLIN
        yield ours.fileno(), select.POLLOUT
        assert daemon.recv(100) == b"late"
        daemon.sendall(b"answer")
        daemon.shutdown(socket.SHUT_WR)
        yield ours.fileno(), select.POLLIN
        yield sink, select.POLLOUT  # it is full
        os.read(reader, stuffing)

    with ours, daemon:
        Told(source, sink, ours, turns()).run()
    assert os.read(reader, 100) == b"answer"
    for descriptor in (source, writer, reader, sink):
        os.close(descriptor)


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
