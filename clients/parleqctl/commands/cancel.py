"""``parleqctl cancel``: gives the microphone dictation up, whoever started it."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.parser import json_option

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
example:
  parleqctl cancel"""
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    answer = invocation.ask("session/cancel")
    if invocation.as_json:
        invocation.console.json(answer)
    else:
        invocation.console.note("cancelled")
    return exits.DONE
