"""``parleqctl models``: speech models."""

from __future__ import annotations

import os

from parleqctl import exits
from parleqctl.layout import progress, table
from parleqctl.parser import Parser, add_parser, json_option

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

    from parleqctl.invocation import Invocation

_TOKEN = "install"


def add_arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.epilog = """\
examples:
  parleqctl models list
  parleqctl models install base.en
  parleqctl models install ./my-model      a folder that faster-whisper opens
  parleqctl models use base.en
  parleqctl models calibrate               measure again how fast the model in use is here"""
    actions = parser.actions()
    add_parser(actions, "list", "list the models, installed or not").set_defaults(run=run_list)
    for name, summary, run in (
        ("install", "fetch a model, or register a folder", run_install),
        ("use", "make a model the configured one", run_use),
        ("remove", "delete an installed model", run_remove),
    ):
        action = add_parser(actions, name, summary)
        action.add_argument("name", metavar="NAME", help="as `models list` prints it, or a folder (with a / in it)")
        action.set_defaults(run=run)
    action = add_parser(actions, "calibrate", "measure how fast a model is on this machine")
    action.add_argument("name", metavar="NAME", nargs="?", help="an installed one; by default the one in use")
    action.set_defaults(run=run_calibrate)
    for action in actions.choices.values():
        json_option(action)


def run_list(invocation: Invocation) -> int:
    """Lists the models."""
    answer = invocation.ask_patiently("models/list")
    if invocation.as_json:
        invocation.console.json(answer)
    elif answer.get("models"):
        invocation.console.text(table([_row(entry) for entry in answer["models"]]))
    else:
        invocation.console.note("no models")
    return exits.DONE


def run_install(invocation: Invocation) -> int:
    """Fetches or registers one, with its progress on a terminal."""
    live = invocation.console.live

    def show(method: str, params: dict[str, Any]) -> None:
        if method == "$/progress" and params.get("token") == _TOKEN:
            live.show(progress(params.get("message", ""), params.get("done", 0), params.get("total", 0)))

    # Notifications, progress among them, go to clients that have shaken hands only.
    with invocation.shake_hands() as connection:
        connection.on_notification = show
        params = {"name": _name(invocation), "progress_token": _TOKEN}
        entry = connection.call("models/install", params, timeout=None)
    invocation.result(entry, f"{entry['name']} is installed in {entry['path']}{_speed_note(entry)}")
    return exits.DONE


def run_calibrate(invocation: Invocation) -> int:
    """Measures one."""
    if invocation.arguments.name is None:
        invocation.arguments.name = invocation.ask_patiently("settings/get", key="speech.model")["settings"][0]["value"]
    entry = invocation.ask_patiently("models/calibrate", name=_name(invocation))
    invocation.result(entry, f"{entry['name']} runs at {_speed(entry)} here")
    return exits.DONE


def run_use(invocation: Invocation) -> int:
    """Makes one the configured model."""
    entry = invocation.ask_patiently("models/use", name=_name(invocation))
    invocation.result(entry, f"{entry['name']} is in use")
    return exits.DONE


def run_remove(invocation: Invocation) -> int:
    """Deletes one."""
    name = _name(invocation)
    answer = invocation.ask_patiently("models/remove", name=name)
    invocation.result(answer, f"{name} is removed")
    return exits.DONE


def _name(invocation: Invocation) -> str:
    """A folder as its absolute path; what is no folder goes as it is, for the daemon to know or refuse."""
    name: str = invocation.arguments.name
    is_path = name.startswith((".", "~")) or ("/" in name and os.path.isdir(name))
    return os.path.abspath(os.path.expanduser(name)) if is_path else name


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    return (
        "*" if entry["in_use"] else "",
        entry["name"],
        "installed" if entry["installed"] else "",
        ", ".join(filter(None, (entry.get("description"), _speed(entry)))),
        entry["path"],
    )


def _speed(entry: dict[str, Any]) -> str:
    """How fast it is here, as far as the daemon knows."""
    factor = entry.get("factor")
    return "" if factor is None else f"{'about ' if entry['estimated'] else ''}{factor:.2g} x real time"


def _speed_note(entry: dict[str, Any]) -> str:
    return f"; it runs at {_speed(entry)} here" if entry.get("factor") is not None else ""
