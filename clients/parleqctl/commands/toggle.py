"""``parleqctl toggle``: one key for the beginning and the end of a dictation."""

from __future__ import annotations

from parleqctl.parser import json_option, mode_option
from parleqctl.recording import NotRecordingError, begin, end, end_and_print

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Does as `stop` while the microphone records, else as `start`. Of two that begin at the same
moment one begins, and the other says microphone_busy.

examples (for a key binding of your desktop):
  parleqctl toggle
  parleqctl toggle --mode raw
  parleqctl toggle --print | wl-copy"""
    parser.add_argument("--print", action="store_true", help="when it ends one: print the text instead of inserting it")
    mode_option(parser)
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    try:
        return end_and_print(invocation) if invocation.arguments.print else end(invocation)
    except NotRecordingError:
        return begin(invocation)
