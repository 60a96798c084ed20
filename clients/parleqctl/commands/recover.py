"""``parleqctl recover``: the last dictation once more, from its audio."""

from __future__ import annotations

from parleqctl.delivery import deliver, show_progress
from parleqctl.parser import json_option

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
The audio is kept in memory until the next dictation, for 10 minutes at most, and not at
all with `keep = 0` in [history].

example:
  parleqctl recover"""
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    console = invocation.console
    with invocation.shake_hands(partials=console.live.shown) as connection:
        dictation = show_progress(connection, console)
        dictation.recover()
        return deliver(dictation, invocation)
