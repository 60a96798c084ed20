"""``parleqctl secret``: the keys of cleanup targets, in the system's keyring. Nothing here prints one."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.layout import table
from parleqctl.parser import Parser, add_parser, json_option
from parleqctl.text_input import text_of

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

    from parleqctl.console import Console
    from parleqctl.invocation import Invocation

_TARGET = "a cleanup target, as the settings name it"
_STATES = {
    "stored": "in the keyring",
    "missing": "missing",
    "not_needed": "not needed",
    "unknown": "unknown: the keyring cannot be read",
}


def add_arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.epilog = """\
A key is read from standard input, or asked for without being shown; it is never an argument, which other
programs could see.

examples:
  parleqctl secret set eastus
  pass azure/eastus | parleqctl secret set eastus
  parleqctl secret list
  parleqctl secret delete eastus"""
    actions = parser.actions()
    storing = add_parser(actions, "set", "keep a target's key, read from standard input")
    storing.add_argument("name", metavar="NAME", help=_TARGET)
    storing.set_defaults(run=run_set, surplus="a key is no argument: it is read from standard input, or asked for")
    deleting = add_parser(actions, "delete", "forget a target's key")
    deleting.add_argument("name", metavar="NAME", help=_TARGET)
    deleting.set_defaults(run=run_delete)
    listing = add_parser(actions, "list", "list the targets and where their keys come from, never a key")
    listing.add_argument("name", nargs="?", metavar="NAME", help=f"{_TARGET} (default: all)")
    listing.set_defaults(run=run_list)
    for action in actions.choices.values():
        json_option(action)


def run_set(invocation: Invocation) -> int:
    """Keeps one. Whether there is such a target is asked first, so that no key is typed in vain."""
    name, console = invocation.arguments.name, invocation.console
    invocation.ask_patiently("secrets/status", name=name)
    entry = invocation.ask_patiently("secrets/set", name=name, secret=_key(name, console))
    invocation.result(entry, f"the key of {name} is in the keyring")
    if entry.get("state") == "not_needed":
        console.warning(f"{name} signs in with {entry['auth']}, which uses no key")
    return exits.DONE


def run_delete(invocation: Invocation) -> int:
    """Forgets one."""
    name = invocation.arguments.name
    entry = invocation.ask_patiently("secrets/delete", name=name)
    invocation.result(entry, f"the keyring has no key of {name} any more")
    if entry.get("variable"):
        invocation.console.note(f"{name} takes its key from {entry['variable']} now, in parleqd's environment")
    return exits.DONE


def run_list(invocation: Invocation) -> int:
    """Lists targets."""
    console = invocation.console
    answer = invocation.ask_patiently("secrets/status", name=invocation.arguments.name)
    entries = answer.get("secrets") or []
    if invocation.as_json:
        console.json(answer)
    elif entries:
        console.text(table([_row(entry) for entry in entries]))
    else:
        console.note("no cleanup target is configured")
    # One keyring has one trouble, however many targets it concerns.
    trouble = next((entry for entry in entries if entry.get("reason")), None)
    if trouble is not None:
        console.warning(trouble["message"], trouble["reason"], trouble["hint"])
    if any(entry["state"] == "missing" for entry in entries):
        console.note("store one with `parleqctl secret set NAME`")
    return exits.DONE


def _key(name: str, console: Console) -> str:
    """Standard input; at a terminal, what is typed there unseen. The daemon judges it."""
    if console.stdin is None or not console.stdin.isatty():
        return text_of(None, console)
    from getpass import getpass

    try:
        return getpass(f"Key of {name} (not shown): ")
    except EOFError:
        return ""


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    variable = entry.get("variable")
    what = f"from {variable}" if variable else _STATES.get(entry["state"], entry["state"])
    return entry["name"], entry["auth"], what
