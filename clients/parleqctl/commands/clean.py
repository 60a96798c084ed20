"""``parleqctl clean``: cleanup alone."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.delivery import report
from parleqctl.parser import json_option, mode_option
from parleqctl.text_input import text_of

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
examples:
  parleqctl clean "um so we we meet at noon period"
  parleqctl clean --mode polished < notes.txt"""
    parser.add_argument("text", nargs="?", metavar="TEXT", help="the text; - or nothing reads standard input")
    mode_option(parser)
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    arguments = invocation.arguments
    text = text_of(arguments.text, invocation.console)
    answer = invocation.ask_patiently("text/clean", text=text, mode=arguments.mode)
    invocation.result(answer, answer.get("text", ""))
    report(answer, invocation.console)
    return exits.DONE
