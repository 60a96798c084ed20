"""``parleqctl stop``: ends the recording of the microphone, whoever began it."""

from __future__ import annotations

from parleqctl.parser import json_option
from parleqctl.recording import end, end_and_print

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Waits until the text is inserted. When no client could insert it, the exit code is 4 and the
text stays pending: `parleqctl last`. An interrupt ends the waiting, never the dictation.

examples:
  parleqctl stop
  parleqctl stop --print | wl-copy
  parleqctl stop --print --json | jq -r .raw"""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--print", action="store_true", help="print the text instead of having it inserted")
    how.add_argument("--no-wait", action="store_true", help="return at once")
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    if invocation.arguments.print:
        return end_and_print(invocation)
    return end(invocation, wait=not invocation.arguments.no_wait)
