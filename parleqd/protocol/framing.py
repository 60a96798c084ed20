"""Bytes to messages and back, without I/O: one JSON text a line, or ``Content-Length`` headers (as in LSP).

The first byte that is not white space decides for the whole connection: ``C`` or ``c`` means headers, anything else
lines. Whatever is malformed becomes a ``FrameProblem`` that the caller answers; the decoder always finds its way to
the next message, so one bad message never wedges a connection.
"""

from __future__ import annotations

import enum
import re

from parleqd.protocol.names import MAX_MESSAGE_BYTES, Reason

MAX_HEADER_BYTES = 8 * 1024
_SPACE = b" \t\r\n"
_BLOCK_END = re.compile(rb"\r?\n\r?\n")
"""An empty line; a client that writes bare newlines is understood too."""
_BLOCK_END_BYTES = 4
_HEADER = re.compile(rb"^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$")
_GLUED_LENGTH = re.compile(rb"(content-length):[ \t]*([0-9]+)[ \t]*$", re.IGNORECASE)
"""A body whose own headers were bad stands, without a newline, before the headers of the next message."""
_HEADER_TAIL = 64
"""What is kept of an over-long header block: enough for the length that ends it."""


class Framing(enum.Enum):
    """How messages are told apart on one connection."""

    LINES = "lines"
    HEADERS = "headers"


class FrameProblem:
    """A stretch of input that held no message. ``reason`` is ``too_large`` or ``None`` for malformed input."""

    def __init__(self, message: str, reason: Reason | None = None) -> None:
        self.message = message
        self.reason = reason


def encode(body: bytes, framing: Framing) -> bytes:
    """Frame one JSON text (which holds no raw newline)."""
    if framing is Framing.HEADERS:
        return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    return body + b"\n"


class Decoder:
    """Feed it bytes as they come; it returns whole messages and problems, in order."""

    def __init__(self, limit: int = MAX_MESSAGE_BYTES) -> None:
        self.framing: Framing | None = None
        self._limit = limit
        self._buffer = bytearray()
        self._scanned = 0  # how much of the buffer is known to hold no end mark, so that long input stays linear
        self._skip_bytes = 0  # body bytes still to be thrown away
        self._skip_to_mark = False  # inside an over-long line or header block: throw away up to its end
        self._length: int | None = None  # headers read, body awaited

    def feed(self, data: bytes) -> list[bytes | FrameProblem]:
        """Take the next bytes; return what they completed."""
        self._buffer += data
        if self.framing is None and not self._choose():
            return []
        found: list[bytes | FrameProblem] = []
        step = self._next_line if self.framing is Framing.LINES else self._next_headed
        while step(found):
            pass
        return found

    def end(self) -> list[bytes | FrameProblem]:
        """The peer sends no more. A last line without its newline still counts; half a headed message does not."""
        found: list[bytes | FrameProblem] = []
        if self.framing is Framing.LINES and not self._skip_to_mark:
            self._line(bytes(self._buffer), found)
        elif self.framing is Framing.HEADERS and (self._length is not None or self._buffer.strip()):
            found.append(FrameProblem("the connection ended in the middle of a message"))
        self._buffer.clear()
        return found

    def _choose(self) -> bool:
        rest = self._buffer.lstrip(_SPACE)
        if not rest:
            self._buffer.clear()
            return False
        self.framing = Framing.HEADERS if rest[:1] in b"Cc" else Framing.LINES
        self._buffer = rest
        return True

    def _cut(self, at: int, end: int) -> bytes:
        """What stands before ``at``; it and what follows up to ``end`` are consumed."""
        piece = bytes(self._buffer[:at])
        del self._buffer[:end]
        self._scanned = 0
        return piece

    def _overflow(self, limit: int, keep: int, found: list[bytes | FrameProblem], problem: FrameProblem) -> None:
        """No mark within ``limit``: report it once, then throw input away, but for the last bytes, up to the mark."""
        if len(self._buffer) <= limit:
            return
        if not self._skip_to_mark:
            self._skip_to_mark = True
            found.append(problem)
        del self._buffer[: len(self._buffer) - keep]
        self._scanned = 0

    def _next_line(self, found: list[bytes | FrameProblem]) -> bool:
        at = self._buffer.find(b"\n", self._scanned)
        if at < 0:
            self._scanned = len(self._buffer)
            self._overflow(self._limit, 0, found, self._too_large(f"more than {self._limit}"))
            return False
        line = self._cut(at, at + 1)
        if self._skip_to_mark:
            self._skip_to_mark = False
        elif len(line) > self._limit:
            found.append(self._too_large(str(len(line))))
        else:
            self._line(line, found)
        return True

    def _line(self, line: bytes, found: list[bytes | FrameProblem]) -> None:
        if stripped := line.strip(_SPACE):
            found.append(stripped)

    def _next_headed(self, found: list[bytes | FrameProblem]) -> bool:
        if self._skip_bytes:
            gone = min(self._skip_bytes, len(self._buffer))
            del self._buffer[:gone]
            self._skip_bytes -= gone
            if self._skip_bytes:
                return False
        if self._length is not None:
            return self._body(found)
        problem = FrameProblem(f"a header block of more than {MAX_HEADER_BYTES} bytes")
        end = _BLOCK_END.search(self._buffer, self._scanned)
        if end is None:
            self._scanned = max(0, len(self._buffer) - _BLOCK_END_BYTES + 1)
            limit, keep = MAX_HEADER_BYTES + _BLOCK_END_BYTES - 1, _HEADER_TAIL + _BLOCK_END_BYTES
            self._overflow(limit, keep, found, problem)
            return False
        block = self._cut(end.start(), end.end())
        if len(block) > MAX_HEADER_BYTES and not self._skip_to_mark:
            self._skip_to_mark = True
            found.append(problem)
        if self._skip_to_mark:
            block = block[-_HEADER_TAIL:]
        if block.strip(_SPACE):
            self._headers(block, found, reported=self._skip_to_mark)
        self._skip_to_mark = False
        return True

    def _headers(self, block: bytes, found: list[bytes | FrameProblem], reported: bool) -> None:
        """Find the length of the body. ``reported``: the block began badly, which has been said."""
        length: bytes | None = None
        for line in block.strip(_SPACE).splitlines():
            match = _HEADER.match(line)
            if match is None:
                if not reported:
                    found.append(FrameProblem("a header line must read `Name: value`"))
                reported = True
                match = _GLUED_LENGTH.search(line)
            if match is not None and match[1].lower() == b"content-length":
                length = match[2]
        if length is not None:
            self._expect(length, found)
        elif not reported:
            found.append(FrameProblem("a header block without Content-Length"))

    def _expect(self, length: bytes, found: list[bytes | FrameProblem]) -> None:
        """A body of so many bytes follows."""
        if not length.isdigit() or len(length) > 15:
            found.append(FrameProblem("Content-Length must be a number of bytes"))
        elif int(length) > self._limit:
            self._skip_bytes = int(length)
            found.append(self._too_large(length.decode()))
        else:
            self._length = int(length)

    def _body(self, found: list[bytes | FrameProblem]) -> bool:
        assert self._length is not None
        if len(self._buffer) < self._length:
            return False
        found.append(bytes(self._buffer[: self._length]))
        del self._buffer[: self._length]
        self._length = None
        self._scanned = 0
        return True

    def _too_large(self, size: str) -> FrameProblem:
        return FrameProblem(f"a message of {size} bytes; the limit is {self._limit}", Reason.TOO_LARGE)
