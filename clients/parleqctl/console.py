"""A command's streams: results on stdout, all else on stderr, colour and rewriting on terminals only."""

from __future__ import annotations

import errno
import json
import os
import sys

from parleq_client import ClientError, LocalError
from parleqctl.display import one_line, tail
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self, TextIO

_PROGRAM = "parleqctl"


class OutputError(LocalError):
    """A result could not be written. ``reader_left`` when whoever read it has closed its end of the pipe."""

    def __init__(self, error: OSError) -> None:
        super().__init__(Reason.OUTPUT_CLOSED, f"the result could not be written: {error.strerror or error}")
        self.reader_left = error.errno == errno.EPIPE


class Console:
    """What a command reads and writes. A stream is None when the process was started without it."""

    def __init__(
        self,
        stdin: TextIO | None,
        stdout: TextIO | None,
        stderr: TextIO | None,
        environment: Mapping[str, str],
    ) -> None:
        self.stdin = stdin
        self.environment = environment
        self._stdout = stdout
        self._stderr = stderr
        terminal = stderr is not None and stderr.isatty() and environment.get("TERM") != "dumb"
        self.live = LiveLine(stderr if terminal else None)
        self._colour = terminal and not environment.get("NO_COLOR")

    @classmethod
    def of_process(cls) -> Self:
        """The process's own streams; what their encoding lacks is written as an escape, never an error."""
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        return cls(sys.stdin, sys.stdout, sys.stderr, os.environ)

    def text(self, text: str) -> None:
        """A result for people, verbatim, and a line end. Raises OutputError unless all of it was written."""
        self.live.clear()
        try:
            if self._stdout is None:
                raise OSError(errno.EBADF, "standard output is closed")
            self._stdout.write(f"{text}\n")
            self._stdout.flush()
        except OSError as error:
            self._discard_output()
            raise OutputError(error) from error

    def json(self, value: object) -> None:
        """A result for programs: one line, in ASCII, so that no reader's idea of a line end can break it."""
        self.text(json.dumps(value))

    def note(self, text: str) -> None:
        """A line on stderr: never a result, so never a failure."""
        self.prompt(f"{text}\n")

    def prompt(self, text: str) -> None:
        """The beginning of a line on stderr, which an answer is to end."""
        self.live.clear()
        if self._stderr is None:
            return
        try:
            self._stderr.write(text)
            self._stderr.flush()
        except OSError:
            pass

    def warning(self, message: str, reason: str = "", hint: str = "") -> None:
        """One line on stderr about something that did not stop the command."""
        said = f"{message}{f' [{reason}]' if reason else ''}{f'; {hint}' if hint else ''}"
        self.note(f"{_PROGRAM}: {self._coloured('33', 'warning')}: {one_line(said)}")

    def failure(self, error: ClientError, *, as_json: bool, about: str = "") -> None:
        """Why the command, or its file ``about``, gave no result: on stderr, and as JSON if asked."""
        message = f"{about}: {error.message}" if about else error.message
        self.note(f"{_PROGRAM}: {self._coloured('31', 'error')}: {one_line(message)} [{one_line(error.reason)}]")
        if error.hint:
            self.note(f"  hint: {one_line(error.hint)}")
        if as_json:
            self.json(failure_object(error))

    def _coloured(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text

    def _discard_output(self) -> None:
        """Lets the interpreter's own flush at exit write the rest into nothing, instead of failing again."""
        if self._stdout is None or self._stdout is not sys.stdout:
            return
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, self._stdout.fileno())
        os.close(sink)


class LiveLine:
    """One line at the bottom of a terminal that is written over and over; without a terminal, nothing."""

    def __init__(self, stream: TextIO | None) -> None:
        self.shown = stream is not None
        self._stream = stream
        self._dirty = False

    def show(self, text: str) -> None:
        """Shows the end of ``text`` that fits the terminal's width."""
        if self._stream is None:
            return
        # The last column stays free: many terminals wrap the line when it is written to.
        self._write(f"\r{tail(one_line(text), self._columns() - 1)}\x1b[K")
        self._dirty = True

    def clear(self) -> None:
        """Takes the line away, so that others can be written in its place."""
        if self._dirty:
            self._dirty = False
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._stream = None

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80 if self._stream else 80
        except OSError:
            return 80


def failure_object(error: ClientError) -> dict[str, dict[str, str]]:
    """An error as ``--json`` prints it."""
    return {"error": {"reason": error.reason, "message": error.message, "hint": error.hint}}
