"""``parleqctl last``: the text of the last dictation, delivered or not."""

from __future__ import annotations

from parleq_client import RefusedError
from parleqctl.clipboard import copy
from parleqctl.delivery import exit_code, print_result
from parleqctl.parser import at_least_one, json_option
from parleqctl.texts import print_edits, text_options, wanted
from parleqd.protocol.names import ReceiptStatus

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from parleq_client import Connection
    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
A text that was still to be delivered stays so when it is only printed; with --copy it
counts as delivered, unless the program that waits for it is connected.

examples:
  parleqctl last
  parleqctl last --raw          as it was recognised, before any cleanup
  parleqctl last --edits        what cleanup changed, with a number each
  parleqctl last --undo 2       without the second of those changes
  parleqctl last --copy         into the clipboard instead of onto standard output"""
    which = text_options(parser)
    said = "the text without this edit; may be given again"
    which.add_argument("--undo", action="append", type=at_least_one, metavar="N", help=said)
    which.add_argument("--edits", action="store_true", help="list what was changed, with the numbers for --undo")
    parser.add_argument("--copy", action="store_true", help="put the text into the clipboard instead")
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    arguments = invocation.arguments
    with invocation.connect() as connection:
        entry = connection.call("history/last")
        result = entry["result"]
        if arguments.edits:
            return print_edits(result["edits"], invocation)
        text = wanted(entry, arguments)
        if arguments.undo:
            undone = connection.call("history/undo", {"session_id": result["session_id"], "edits": arguments.undo})
            result, text = {**result, **undone}, undone["text"]
        if arguments.copy:
            copy(text, invocation.console)
        if invocation.as_json or not arguments.copy:
            print_result({**result, "text": text} if not invocation.as_json else result, invocation)
        if arguments.copy and entry.get("delivery") == "pending":
            _settle(result, connection)
    return exit_code(result)


def _settle(result: dict[str, Any], connection: Connection) -> None:
    """The user took the text away to use it: it is pending no longer, unless its owner is there to take it.

    Merely printing it settles nothing: a status bar or a script may look, and the text still waits.
    """
    session = {"session_id": result["session_id"]}
    receipt = {"status": str(ReceiptStatus.SENT), "detail": "clipboard"}
    try:
        connection.call("session/claim", session)
        connection.call("session/acknowledge", {**session, "receipt": receipt})
    except RefusedError:
        pass
