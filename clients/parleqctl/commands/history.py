"""``parleqctl history``: earlier dictations."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.clipboard import copy
from parleqctl.layout import duration, moment, table
from parleqctl.parser import Parser, add_parser, at_least_one, json_option
from parleqctl.texts import print_edits, text_options, wanted

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from parleqctl.invocation import Invocation

_PREVIEW_COLUMNS = 120
_LIMIT = 100


def add_arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.epilog = """\
Clearing forgets the last capture too (see `parleqctl recover`), and gives up texts that
were still to be delivered to programs that are gone.

examples:
  parleqctl history list --limit 5
  parleqctl history show ID --raw
  parleqctl history undo ID 2
  parleqctl history search meeting monday
  parleqctl history clear"""
    actions = parser.actions()
    listing = add_parser(actions, "list", "list earlier dictations, newest first")
    _limit_option(listing)
    listing.set_defaults(run=run_list)

    show = add_parser(actions, "show", "print the text of one")
    show.add_argument("id", metavar="ID", help="as `history list` prints it")
    text_options(show)
    show.set_defaults(run=run_show)

    copying = add_parser(actions, "copy", "put the text of one into the clipboard")
    copying.add_argument("id", metavar="ID", help="as `history list` prints it")
    text_options(copying)
    copying.set_defaults(run=run_copy)

    edits = add_parser(actions, "edits", "list what cleanup changed in one, with a number each")
    edits.add_argument("id", metavar="ID", help="as `history list` prints it")
    edits.set_defaults(run=run_edits)

    undo = add_parser(actions, "undo", "print the text of one without some of its edits")
    undo.add_argument("id", metavar="ID", help="as `history list` prints it")
    undo.add_argument("numbers", nargs="+", type=at_least_one, metavar="N", help="as `history edits` prints it")
    undo.set_defaults(run=run_undo)

    search = add_parser(actions, "search", "list the dictations that hold all these words")
    search.add_argument("words", nargs="+", metavar="WORD")
    _limit_option(search)
    search.set_defaults(run=run_search)

    add_parser(actions, "clear", "forget all of them, the last capture, and texts nobody waits for").set_defaults(
        run=run_clear
    )
    for action in actions.choices.values():
        json_option(action)


def run_list(invocation: Invocation) -> int:
    """Lists the latest."""
    return _print_list(invocation.ask("history/list", limit=invocation.arguments.limit), invocation)


def run_search(invocation: Invocation) -> int:
    """Lists those that hold all words."""
    arguments = invocation.arguments
    return _print_list(
        invocation.ask("history/search", words=" ".join(arguments.words), limit=arguments.limit), invocation
    )


def run_show(invocation: Invocation) -> int:
    """Prints one."""
    entry = invocation.ask("history/show", session_id=invocation.arguments.id)
    invocation.result(entry, wanted(entry, invocation.arguments))
    return exits.DONE


def run_copy(invocation: Invocation) -> int:
    """Puts one into the clipboard."""
    entry = invocation.ask("history/show", session_id=invocation.arguments.id)
    copy(wanted(entry, invocation.arguments), invocation.console)
    if invocation.as_json:
        invocation.console.json(entry)
    return exits.DONE


def run_edits(invocation: Invocation) -> int:
    """Lists what was changed in one."""
    edits = invocation.ask("history/show", session_id=invocation.arguments.id)["result"]["edits"]
    return print_edits(edits, invocation)


def run_undo(invocation: Invocation) -> int:
    """Prints one as it is without some edits."""
    arguments = invocation.arguments
    answer = invocation.ask("history/undo", session_id=arguments.id, edits=arguments.numbers)
    invocation.result(answer, answer["text"])
    return exits.DONE


def run_clear(invocation: Invocation) -> int:
    """Forgets all."""
    answer = invocation.ask("history/clear")
    if invocation.as_json:
        invocation.console.json(answer)
    else:
        invocation.console.note(f"forgot {answer.get('cleared', 0)} dictations")
    return exits.DONE


def _limit_option(parser: ArgumentParser) -> None:
    said = f"at most so many (default {_LIMIT})"
    parser.add_argument("--limit", type=at_least_one, default=_LIMIT, metavar="N", help=said)


def _print_list(answer: dict[str, Any], invocation: Invocation) -> int:
    entries = answer.get("entries") or []
    if invocation.as_json:
        invocation.console.json(answer)
    elif entries:
        invocation.console.text(table([_row(entry) for entry in entries], _PREVIEW_COLUMNS))
    else:
        invocation.console.note("no dictations")
    return exits.DONE


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    result = entry["result"]
    return (
        entry["session_id"],
        moment(entry["started"]),
        duration(result["audio_seconds"]),
        entry["delivery"],
        result["text"],
    )
