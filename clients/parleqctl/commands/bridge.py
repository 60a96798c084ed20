"""``parleqctl bridge``: stdio joined to the daemon's socket, byte for byte, for editors that spawn."""

from __future__ import annotations

import os
import select
import socket

from parleq_client import UnreachableError
from parleq_client.wire import start_hint
from parleqctl import exits

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from parleqctl.invocation import Invocation

_BUFFERED = 256 * 1024
"""Bytes on their way in each direction; a side that reads slowly slows the other, and memory stays small."""
_CHUNK = 64 * 1024
_GONE = select.POLLERR | select.POLLHUP | select.POLLNVAL


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Both framings of the protocol pass: one JSON text a line, and Content-Length headers. The end
of standard input closes the sending side only, so every answer still comes. Ends with 0 when
this side ends, with 3 when the daemon goes first.

example (Neovim):
  vim.lsp.start({ name = "parleq", cmd = { "parleqctl", "bridge" } })"""
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    path = invocation.socket_path
    with invocation.connect() as connection, connection.detach() as stream:
        if Relay(0, 1, stream).run():
            return exits.DONE
    raise UnreachableError(f"parleqd at {path} closed the connection", start_hint(path))


class Relay:
    """Two buffered directions between a pair of descriptors and a connected socket."""

    def __init__(self, source: int, sink: int, stream: socket.socket) -> None:
        self._source, self._sink, self._stream = source, sink, stream
        self._to_daemon, self._to_sink = bytearray(), bytearray()
        self._source_open = self._daemon_open = True
        self._half_closed = False

    def run(self) -> bool:
        """Until one side ends: True when that was this side, False when it was the daemon."""
        self._stream.setblocking(False)
        while self._daemon_open or self._to_sink:
            self._half_close()
            ready = dict(self._poll())
            if ready.get(self._sink, 0) & _GONE:
                return True
            if self._source in ready:
                self._take_from_source()
            events = ready.get(self._stream.fileno(), 0)
            if events & select.POLLOUT and self._to_daemon:
                self._send_to_daemon()
            if events & ~select.POLLOUT:
                self._take_from_daemon()
            if ready.get(self._sink, 0) & select.POLLOUT and not self._write_to_sink():
                return True
        return self._half_closed

    def _poll(self) -> list[tuple[int, int]]:
        # A descriptor of which nothing is wanted stays out: its end would be reported again and again.
        poller = select.poll()
        poller.register(self._sink, select.POLLOUT if self._to_sink else 0)
        if self._source_open and len(self._to_daemon) < _BUFFERED:
            poller.register(self._source, select.POLLIN)
        wanted = select.POLLOUT if self._to_daemon else 0
        if self._daemon_open and len(self._to_sink) < _BUFFERED:
            wanted |= select.POLLIN
        if wanted:
            poller.register(self._stream, wanted)
        return poller.poll()

    def _half_close(self) -> None:
        if self._source_open or self._to_daemon or self._half_closed:
            return
        self._half_closed = True
        try:
            self._stream.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # The daemon has gone: reading will tell.

    def _take_from_source(self) -> None:
        try:
            chunk = os.read(self._source, _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        self._to_daemon += chunk
        self._source_open = bool(chunk)

    def _send_to_daemon(self) -> None:
        try:
            del self._to_daemon[: self._stream.send(self._to_daemon[:_CHUNK])]
        except BlockingIOError:
            return
        except OSError:
            # It reads no more, but what it has said may still be on its way.
            self._to_daemon.clear()
            self._source_open = False

    def _take_from_daemon(self) -> None:
        try:
            chunk = self._stream.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        self._to_sink += chunk
        self._daemon_open = bool(chunk)

    def _write_to_sink(self) -> bool:
        """False when nobody reads any more. So little cannot block where poll said that there is room."""
        try:
            del self._to_sink[: os.write(self._sink, self._to_sink[: select.PIPE_BUF])]
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True
