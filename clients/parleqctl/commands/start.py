"""``parleqctl start``: a dictation with the microphone."""

from __future__ import annotations

import signal
from contextlib import contextmanager

from parleq_client import ClientError, Dictation
from parleqctl.delivery import deliver, tell_pending
from parleqctl.meter import Meter
from parleqctl.parser import json_option, mode_option
from parleqctl.recording import begin, start
from parleqd.protocol.names import Topic

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator
    from types import FrameType

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
        meter = Meter(console.live, "recording; Ctrl-C ends it")
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
