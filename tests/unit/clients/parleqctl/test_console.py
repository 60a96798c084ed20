from __future__ import annotations

import errno
import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import pytest

from parleq_client import LocalError
from parleqctl.console import Console, LiveLine, OutputError, failure_object
from tests.fakes.command_line import MemoryStream


class BrokenStream(MemoryStream):
    """A stream whose other end is gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


def a_console(*, terminal: bool = False, **environment: str) -> tuple[Console, MemoryStream, MemoryStream]:
    out, err = MemoryStream(), MemoryStream(terminal=terminal)
    return Console(None, out, err, environment), out, err


def test_a_prompt_leaves_its_line_open() -> None:
    console, out, err = a_console()
    console.prompt("Name: ")
    assert (out.written, err.written) == ("", "Name: ")
    Console(None, None, None, {}).prompt("Name: ")
    Console(None, None, BrokenStream(), {}).prompt("Name: ")


def test_results_go_to_stdout_and_all_else_to_stderr() -> None:
    console, out, err = a_console()
    console.text("text")
    console.json({"a": "é\u2028"})
    console.note("note")
    console.warning("odd\x1b", "rate_limited", "wait")
    console.failure(LocalError("too_large", "big\nfile", "cut it"), as_json=True, about="a.flac")
    assert out.written.splitlines()[:2] == ["text", '{"a": "\\u00e9\\u2028"}']
    assert out.written.endswith('{"error": {"reason": "too_large", "message": "big\\nfile", "hint": "cut it"}}\n')
    assert err.written.splitlines() == [
        "note",
        "parleqctl: warning: odd  [rate_limited]; wait",
        "parleqctl: error: a.flac: big file [too_large]",
        "  hint: cut it",
    ]


def test_colour_is_for_terminals_and_can_be_refused() -> None:
    for terminal, environment, coloured in (
        (False, {}, False),
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ):
        console, _, err = a_console(terminal=terminal, **environment)
        console.warning("odd")
        assert ("\x1b[33m" in err.written) is coloured


def test_a_live_line_is_rewritten_and_cleared_before_anything_else() -> None:
    console, _, err = a_console(terminal=True)
    assert console.live.shown
    console.live.show("one")
    console.live.show("\x1b[2Jtwo\n")
    console.note("note")
    console.live.clear()
    assert err.written == "\rone\x1b[K\r [2Jtwo \x1b[K\r\x1b[Knote\n"


@pytest.mark.parametrize(("terminal", "kind"), [(False, "xterm"), (True, "dumb")])
def test_without_a_terminal_that_can_rewrite_there_is_no_live_line(terminal: bool, kind: str) -> None:
    console, _, err = a_console(terminal=terminal, TERM=kind)
    console.live.show("one")
    assert not console.live.shown
    assert err.written == ""


def test_a_live_line_fits_the_terminal() -> None:
    with terminal_of_columns(20) as stream:
        live, written = LiveLine(stream), MemoryStream()
        stream.write = written.write  # type: ignore[method-assign]
        live.show("0123456789" * 3)
    assert written.written == "\r…234567890123456789\x1b[K"


def test_output_that_nobody_reads_is_told_from_output_that_fails() -> None:
    with pytest.raises(OutputError) as left:
        Console(None, BrokenStream(), None, {}).text("x")
    assert left.value.reader_left
    with pytest.raises(OutputError, match="standard output is closed") as closed:
        Console(None, None, None, {}).json({})
    assert not closed.value.reader_left
    assert closed.value.reason == "output_closed"


def test_diagnostics_never_fail() -> None:
    for stream in (None, BrokenStream(terminal=True)):
        console = Console(None, MemoryStream(), stream, {})
        console.live.show("x")
        console.note("x")
        console.live.clear()


def test_an_error_as_json_has_three_parts() -> None:
    assert failure_object(LocalError("too_large", "m")) == {
        "error": {"reason": "too_large", "message": "m", "hint": ""}
    }


@contextmanager
def terminal_of_columns(columns: int) -> Iterator[TextIO]:
    import fcntl
    import struct
    import termios

    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(terminal, "w") as stream:
        yield stream
    os.close(controller)
