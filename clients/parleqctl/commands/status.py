"""``parleqctl status``: what the daemon and its parts are doing."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.bars import FORMATS, as_bar
from parleqctl.layout import duration, table
from parleqctl.parser import json_option

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
examples:
  parleqctl status
  parleqctl status --json | jq -r .state
  parleqctl status --watch --json                 one line at every change
  parleqctl status --watch --format waybar        the same for a status bar; also i3blocks
  parleqctl status --format line                  a word or two, or nothing: for tmux"""
    json_option(parser)
    parser.add_argument("--watch", action="store_true", help="print it again at every change, until the daemon goes")
    said = "as a status bar wants it, told only when it differs"
    parser.add_argument("--format", choices=FORMATS, help=said)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    if invocation.arguments.watch:
        return _watch(invocation)
    status = invocation.ask("status/get")
    form = invocation.arguments.format
    if form:
        invocation.console.text(as_bar(form, status))
    else:
        invocation.result(status, as_table(status))
    return exits.DONE


def _watch(invocation: Invocation) -> int:
    """Never returns: ends by an interrupt, or by UnreachableError when the daemon goes."""
    form, last = invocation.arguments.format, None
    with invocation.shake_hands() as connection:
        connection.call("events/subscribe", {"topics": ["state", "notice"]})
        while True:
            status = connection.call("status/get")
            if not form:
                invocation.result(status, f"{as_table(status)}\n")
            elif (line := as_bar(form, status)) != last:
                invocation.console.text(line)
                last = line
            while connection.next_notification()[0] not in ("session/state", "daemon/state", "daemon/notice"):
                pass


def as_table(status: dict[str, Any]) -> str:
    """The status for people. Every part may be missing, so that an older daemon can be asked too."""
    model, cleanup = status.get("model") or {}, status.get("cleanup") or {}
    config = status.get("config") or {}
    rows = [
        ("state", str(status.get("state", "unknown"))),
        ("model", _model(model)),
        *_microphone(status),
        ("cleanup", str(cleanup.get("mode", ""))),
        *((f"  {target.get('name')}", _with_detail(target)) for target in cleanup.get("targets") or ()),
        ("pending", str(status.get("pending", 0))),
        ("sessions", str(status.get("sessions", 0))),
        ("config", f"{config.get('path')} ({config.get('state')})"),
        *([("", f"managed by {config['managed_by']}")] if config.get("managed_by") else []),
        *(("", str(problem)) for problem in config.get("problems") or ()),
        ("daemon", f"parleqd {status.get('version', '')}, pid {status.get('pid')}, {_up(status)}"),
    ]
    return table(rows)


def _model(model: dict[str, Any]) -> str:
    return f"{model.get('name')} ({model.get('compute_type')}), {_with_detail(model)}"


def _microphone(status: dict[str, Any]) -> list[tuple[str, str]]:
    """How the microphone is; where something is wrong, what to do about it in a line of its own."""
    microphone = status.get("microphone") or {}
    device, chosen = str(status.get("device", "")), microphone.get("chosen")
    instead = f" (chosen: {chosen})" if chosen not in (None, "default", device) else ""
    said = ", ".join(str(part) for part in (f"{device}{instead}", microphone.get("state")) if part)
    if microphone.get("message"):
        said = f"{said}: {microphone['message']}"
    return [("microphone", said), *([("", str(microphone["hint"]))] if microphone.get("hint") else [])]


def _with_detail(part: dict[str, Any]) -> str:
    detail = part.get("detail")
    return f"{part.get('state')}: {detail}" if detail else str(part.get("state"))


def _up(status: dict[str, Any]) -> str:
    return f"up {duration(status.get('uptime_seconds', 0.0))}"
