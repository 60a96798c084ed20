"""``parleqctl doctor``: every part tried for real, with or without a daemon, and the desktop that it is run in."""

from __future__ import annotations

from parleq_client import LocalError, UnreachableError
from parleqctl import exits
from parleqctl.console import failure_object
from parleqctl.daemon_check import examine_by_daemon
from parleqctl.desktop_check import examine_desktop
from parleqctl.display import one_line
from parleqctl.parser import json_option
from parleqctl.service_check import examine_service
from parleqd.protocol.names import CheckVerdict, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from parleqctl.invocation import Invocation

_COLUMN = 11
"""Characters: the longest name of a part of the daemon's own."""


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Every cleanup target is tried hop by hop, with one small request and a made-up text. Without a
daemon, `parleqd --doctor` tries the parts that a daemon would have. `parleq-hotkey` says how the
desktop is from which this is run: keys, insertion, notifications. The exit code is 4 when a part
failed; a warning is none.

examples:
  parleqctl doctor
  parleqctl doctor --json | jq -r '.checks[] | select(.verdict != "ok").hint'"""
    parser.add_argument("--fix", action="store_true", help="mend what can be mended without asking")
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    console = invocation.console
    console.live.show("trying every part…")
    report = _report(invocation)
    checks = [
        *(report.get("checks") or []),
        *examine_service(console.environment, invocation.socket_path),
        *examine_desktop(console.environment),
    ]
    console.live.clear()
    report = {**report, "verdict": _worst(checks), "checks": checks}
    failed = [check for check in checks if check.get("verdict") == CheckVerdict.FAILED]
    if invocation.as_json:
        console.json({**report, **(failure_object(_failure(failed)) if failed else {})})
    else:
        width = max([_COLUMN, *(len(str(check.get("check", ""))) for check in checks)])
        console.text("\n".join(line for check in checks for line in lines(check, width)))
    if invocation.arguments.fix:
        console.note(_fixed(checks))
    return exits.FAILED if failed else exits.DONE


def lines(check: dict[str, Any], width: int = _COLUMN) -> list[str]:
    """A verdict as its line, and what to do about it as another. ``width``: of the column of names, in characters."""
    verdict, name = check.get("verdict", ""), check.get("check", "")
    said = [f"{verdict:<8} {name:<{width}} {one_line(str(check.get('message', '')))}"]
    if check.get("hint"):
        said.append(f"{'':<{8 + 1 + width}} {one_line(str(check['hint']))}")
    return said


def _report(invocation: Invocation) -> dict[str, Any]:
    try:
        return invocation.ask_patiently("doctor/run")
    except UnreachableError:
        return examine_by_daemon(invocation.console.environment, getattr(invocation.arguments, "socket", None))


def _worst(checks: list[dict[str, Any]]) -> str:
    order = list(CheckVerdict)
    verdicts = [CheckVerdict(check["verdict"]) for check in checks if check.get("verdict") in order]
    return str(max(verdicts, key=order.index, default=CheckVerdict.OK))


def _failure(failed: list[dict[str, Any]]) -> LocalError:
    """The first part that failed, as any other command would tell it."""
    first = failed[0]
    message = f"{first.get('check')}: {first.get('message')}"
    return LocalError(first.get("reason") or Reason.INTERNAL, message, first.get("hint", ""))


def _fixed(checks: list[dict[str, Any]]) -> str:
    if all(check.get("verdict") == CheckVerdict.OK for check in checks):
        return "there is nothing to mend"
    return "nothing was mended: none of this can be mended without you; the lines above say what to do"
