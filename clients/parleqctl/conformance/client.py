"""The judgement of a client: it connects twice to a scripted server, which goes away in between."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from time import monotonic

from parleq_client import LocalError
from parleqctl.conformance.judge import Judge
from parleqctl.conformance.line import Line
from parleqctl.conformance.scripted import expect_client
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WAITING = "conformance-waiting"
"""The session that waits for a client when it comes back."""


def judged(path: str, patience: float, on_listening: Callable[[], None] = lambda: None) -> list[dict[str, str]]:
    """Waits for a client at ``path`` and judges it: ``{check, verdict, message, hint}`` by rule.

    ``patience``: seconds that each step may take. Raises LocalError where no socket can be made there.
    """
    judge = Judge()
    with _listening(path) as listener:
        on_listening()
        first = _next_line(listener, patience)
        if first is None:
            judge.broken("initialize_first", f"no client came, or none said anything, within {patience:g} s")
            return judge.reports()
        with first:
            script = expect_client(first, judge, "conformance-1", [])
        second = None if script.left else _next_line(listener, patience)
        if script.left:
            judge.skipped("reconnect", "the client had left by itself")
            judge.skipped("pending", "the client had left by itself")
        elif second is None:
            judge.broken("reconnect", f"it did not come back within {patience:g} s")
        else:
            with second:
                again = expect_client(second, judge, "conformance-2", [WAITING])
            judge.see("reconnect", again.instance == script.instance, f"as {again.instance!r}, not {script.instance!r}")
            if again.fetched.count(WAITING) > 1:
                judge.broken("pending", "it was fetched more than once")
            judge.skipped("pending", "not fetched within the time: is it offered to a person?")
    return judge.reports()


def _next_line(listener: socket.socket, patience: float) -> Line | None:
    """The next client that says something: one may look first whether anybody listens.

    The first byte that it sends chooses the framing.
    """
    deadline = monotonic() + patience
    while (left := deadline - monotonic()) > 0:
        listener.settimeout(left)
        try:
            stream, _ = listener.accept()
        except OSError:
            return None
        stream.settimeout(left)
        try:
            first = stream.recv(1, socket.MSG_PEEK)
        except OSError:
            first = b""
        if first:
            return Line(stream, patience, headers=first in (b"C", b"c"))
        stream.close()
    return None


@contextmanager
def _listening(path: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        try:
            listener.bind(path)
        except OSError as error:
            hint = "end the daemon there first, or give another --socket, in a folder that exists"
            raise LocalError(
                Reason.SOCKET_UNUSABLE, f"no socket can be made at {path}: {error.strerror or error}", hint
            ) from error
        try:
            os.chmod(path, 0o600)
            listener.listen()
            yield listener
        finally:
            with suppress(FileNotFoundError):
                os.unlink(path)
