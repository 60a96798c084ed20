"""``parleqctl refine``: a text changed as an instruction says."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.delivery import report
from parleqctl.layout import table
from parleqctl.parser import json_option
from parleqctl.text_input import text_of

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from parleqctl.invocation import Invocation

_COLUMNS = 160


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
A failure keeps the text: it is printed as it was, with the reason on standard error.

examples:
  parleqctl refine --instruction "replace Tuesday with Friday" "We meet on Tuesday."
  parleqctl last | parleqctl refine --preset shorter | parleqctl refine --preset 4
  parleqctl refine --list"""
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--instruction", metavar="TEXT", help="what to change")
    how.add_argument("--preset", metavar="NAME|DIGIT", help="an instruction by its name or digit")
    how.add_argument("--list", action="store_true", help="list the presets instead")
    parser.add_argument("text", nargs="?", metavar="TEXT", help="the text; - or nothing reads standard input")
    modes = ("raw", "instant", "polished")
    said = "polished lets a model do it; raw and instant put the instruction behind the text (default: as configured)"
    parser.add_argument("--mode", choices=modes, help=said)
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    arguments = invocation.arguments
    if arguments.list:
        return _list(invocation)
    answer = invocation.ask_patiently(
        "text/refine",
        text=text_of(arguments.text, invocation.console),
        instruction=arguments.instruction,
        preset=arguments.preset,
        mode=arguments.mode,
    )
    invocation.result(answer, answer.get("text", ""))
    report(answer, invocation.console)
    return exits.DONE


def _list(invocation: Invocation) -> int:
    answer = invocation.ask("text/presets")
    rows = [(str(one.get("digit") or "-"), one["name"], one["instruction"]) for one in answer.get("presets") or ()]
    invocation.result(answer, table(rows, _COLUMNS))
    return exits.DONE
