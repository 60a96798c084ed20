"""Which text of an earlier dictation is wanted: the final one, the raw or Instant one, or one without some edits."""

from __future__ import annotations

from parleq_client import LocalError
from parleqctl import exits
from parleqctl.layout import table
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence
    from typing import Any

    from parleqctl.invocation import Invocation

_COLUMNS = 120


def text_options(parser: ArgumentParser) -> Any:
    """``--raw`` and ``--instant``, of which one can be given; more may be added to what is returned."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--raw", action="store_true", help="the text as it was recognised")
    which.add_argument("--instant", action="store_true", help="the text as it was cleaned on this device")
    return which


def wanted(entry: dict[str, Any], arguments: Namespace) -> str:
    """The text that the options name. Raises LocalError where there is none."""
    result: dict[str, Any] = entry["result"]
    if arguments.raw:
        return str(result["raw"])
    if not arguments.instant:
        return str(result["text"])
    instant = (entry.get("texts") or {}).get("instant")
    if instant is None:
        message = f"dictation {result['session_id']} was not cleaned on this device"
        raise LocalError(Reason.BAD_REQUEST, message, "--raw prints it as it was recognised")
    return str(instant)


def print_edits(edits: Sequence[dict[str, str]], invocation: Invocation) -> int:
    """One line an edit, with the number by which it can be taken back; gives the exit code."""
    if invocation.as_json:
        invocation.console.json({"edits": edits})
    elif edits:
        rows = [
            (str(number), edit["stage"], f"{edit['before']!r} → {edit['after']!r}")
            for number, edit in enumerate(edits, start=1)
        ]
        invocation.console.text(table(rows, _COLUMNS))
    else:
        invocation.console.note("nothing was changed")
    return exits.DONE
