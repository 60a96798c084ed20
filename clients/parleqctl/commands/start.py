"""``parleqctl start``: a dictation with the microphone."""

from __future__ import annotations

import signal
from contextlib import contextmanager

from parleq_client import ClientError, Dictation
from parleqctl.delivery import deliver, tell_pending
from parleqctl.layout import level_bar
from parleqctl.parser import json_option, mode_option
from parleqctl.recording import begin, start
from parleqd.protocol.names import Topic

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator
    from types import FrameType

    from parleqctl.console import LiveLine
    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Returns once the microphone is heard; recording goes on until `stop`, `toggle` or `cancel`,
or for audio.max_minutes, and the text is inserted by whatever client can insert.

With --wait it stays, shows level and text on a terminal, and prints the text. Ctrl-C ends the
recording there; a second one ends the waiting, and the text stays pending: `parleqctl last`.

examples:
  parleqctl start
  parleqctl start --mode raw
  parleqctl start --wait > note.txt"""
    mode_option(parser)
    parser.add_argument("--wait", action="store_true", help="record until Ctrl-C, then print the text")
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    if not invocation.arguments.wait:
        return begin(invocation)
    console = invocation.console
    with invocation.shake_hands(partials=console.live.shown) as connection:
        if console.live.shown:
            connection.call("events/subscribe", {"topics": [str(Topic.LEVEL)]})
        meter = _Meter(console.live)
        dictation = Dictation(connection, on_partial=meter.partial, on_level=meter.level, on_phase=meter.phase)
        try:
            with _stopped_by_interrupt(dictation, invocation):
                start(dictation, invocation)
                dictation.while_recording()
        except KeyboardInterrupt:
            if dictation.session_id is not None:
                tell_pending(console)
            raise
        return deliver(dictation, invocation, keep=True)


class _Meter:
    """The text so far and how loud it is, on one line of a terminal."""

    def __init__(self, line: LiveLine) -> None:
        self._line = line
        self._text = "recording; Ctrl-C ends it"
        self._level = ""
        self._over = False

    def partial(self, stable: str, provisional: str) -> None:
        """More text."""
        self._text = f"{stable} {provisional}".strip()
        self._show()

    def level(self, dbfs: float) -> None:
        """Louder, or less so; what comes after the end is of no interest."""
        if not self._over:
            self._level = level_bar(dbfs)
            self._show()

    def phase(self, phase: str) -> None:
        """Once the recording is over there is no level any more."""
        self._over = phase != "recording"
        if self._over:
            self._level = ""
            self._line.show(f"{phase}…")
        else:
            self._show()

    def _show(self) -> None:
        self._line.show(f"{self._text} {self._level}".rstrip())


@contextmanager
def _stopped_by_interrupt(dictation: Dictation, invocation: Invocation) -> Iterator[None]:
    """Inside this block the first Ctrl-C ends the recording that was begun, and the second interrupts as usual.

    It asks over a connection of its own: the other one may be in the middle of a message.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        if dictation.session_id is None:
            raise KeyboardInterrupt
        try:
            with invocation.connect() as connection:
                connection.call("session/stop", {"session_id": dictation.session_id})
        except ClientError:
            pass  # It has ended, or the daemon has: the other connection tells.

    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, stop)
    except ValueError:  # Only the main thread can; elsewhere nobody interrupts.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
