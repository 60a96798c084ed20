"""``parleqctl report``: what a bug report may show, as a file to look at. Nothing is sent."""

from __future__ import annotations

import json

from parleq_client import ClientError, LocalError
from parleqctl import exits
from parleqctl.bundle import FOLDER, check_place, write_bundle
from parleqctl.daemon_check import EXAMINE_SECONDS, report_by_daemon
from parleqctl.desktop_check import examine_desktop
from parleqctl.layout import table
from parleqctl.parser import json_option
from parleqctl.service_check import examine_service
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from parleqctl.invocation import Invocation

_README = "README.txt"
_HOLDS = {
    _README: "what is in it",
    "platform.json": "versions of parleqd, Python, the system and packages",
    "settings.json": "settings in effect: numbers and choices; name-1 … stands for what somebody chose",
    "checks.json": "doctor's verdicts and reasons",
    "metrics.json": "counts, and how long each stage took",
    "events.jsonl": "the latest events of the daemon's log",
}
_PROMISE = """\
No dictated text, no vocabulary, no key or token, and no name of a person, machine, device, host,
file or folder is in it: name-1, name-2 … stand for those. It was sent nowhere."""


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = f"""\
Every part is tried, as by `doctor`. {_PROMISE}
It works without a daemon too: then there are no measurements and no events.

examples:
  parleqctl report
  tar -xzOf {FOLDER}.tar.gz | less           look at all of it before you pass it on"""
    default = f"{FOLDER}.tar.gz"
    parser.add_argument("--output", metavar="FILE", default=default, help=f"the file to write (default: {default})")
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    console, path = invocation.console, invocation.arguments.output
    if path == "-":
        raise LocalError(Reason.USAGE, "a report goes to a file, to be looked at", "name one with --output")
    check_place(path)
    console.live.show("trying every part…")
    found, why = _found(invocation)
    here = [_without_message(check) for check in (*_service(invocation), *examine_desktop(console.environment))]
    console.live.clear()
    files = files_of({**found, "checks": [*found.get("checks", []), *here]}, why)
    write_bundle(path, files)
    sizes = {name: len(text.encode()) for name, text in files.items()}
    rows = [("", name, f"{size} bytes", _HOLDS[name]) for name, size in sizes.items()]
    note = f"No daemon answered ({why}): it holds no measurements and no events.\n" if why else ""
    told = (
        f"{path} (only you can read it) holds:\n{table(rows)}\n{note}{_PROMISE}\nLook at it, then attach it yourself."
    )
    invocation.result({"path": path, "files": sizes, "daemon": not why, "sent": False}, told)
    return exits.DONE


def files_of(found: dict[str, Any], why: str) -> dict[str, str]:
    """The bundle's files by name. ``why`` no daemon answered, "" where one did."""
    settings = {name: found.get(name) for name in ("problems", "policy", "settings")}
    platform = {name: found.get(name) for name in ("platform", "packages")}
    files = {
        "platform.json": _json(platform),
        "settings.json": _json(settings),
        "checks.json": _json(found["checks"]),
        "metrics.json": _json(found.get("metrics")),
        "events.jsonl": "".join(f"{json.dumps(event)}\n" for event in found.get("events") or []),
    }
    answered = f"no ({why}), so there are no measurements and no events" if why else "yes"
    lines = ["A report on parleqd.", "", f"Did a daemon answer? {answered}.", "", _PROMISE, ""]
    lines += [f"{name}: {_HOLDS[name]}" for name in files]
    return {_README: "\n".join([*lines, ""]), **files}


def _found(invocation: Invocation) -> tuple[dict[str, Any], str]:
    """The report, and why it is none of a daemon's. A broken installation is worth a report most of all."""
    try:
        with invocation.connect() as connection:
            connection.call("status/get")  # one that hangs is not waited for as long as every part may take
            return connection.call("report/get", timeout=EXAMINE_SECONDS), ""
    except ClientError as error:
        why = error.reason
    try:
        return report_by_daemon(invocation.console.environment, getattr(invocation.arguments, "socket", None)), why
    except LocalError:
        return {}, f"{why}; `parleqd --report` failed as well"


def _service(invocation: Invocation) -> list[dict[str, Any]]:
    try:
        return examine_service(invocation.console.environment, invocation.socket_path)
    except ClientError:  # there is no place for a socket: doctor's other parts say so
        return []


def _without_message(check: dict[str, Any]) -> dict[str, Any]:
    return {name: check.get(name) for name in ("check", "verdict", "reason")}


def _json(value: object) -> str:
    return f"{json.dumps(value, indent=1)}\n"
