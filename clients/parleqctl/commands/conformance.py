"""``parleqctl conformance``: whether a server, or with ``--client`` a client, keeps to the protocol."""

from __future__ import annotations

import os.path
from argparse import ArgumentTypeError

from parleqctl import exits
from parleqctl.display import one_line
from parleqctl.parser import UsageError, json_option
from parleqd.protocol.names import CheckVerdict

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator

    from parleqctl.invocation import Invocation

    Report = dict[str, str]

_COLUMN = 26
"""Characters: the longest name of a check."""
_PATIENCE_SECONDS = 10.0


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Each rule of PROTOCOL.md that can be tried from outside is one line: ok, failed with what came
instead, or skipped with what it needs. Without --recording nothing is dictated. The server's
history keeps what is. The exit code is 4 when a check failed.

With --client a scripted server listens at --socket instead, and judges the client that connects:
let it start a dictation and take the text. The server then goes away and comes back once.

examples:
  parleqctl conformance --recording ~/hello.wav
  parleqctl conformance --client --socket /tmp/judge.sock --patience 60"""
    parser.add_argument("checks", metavar="CHECK", nargs="*", help="a check by its name (default: all)")
    parser.add_argument("--client", action="store_true", help="judge the client that connects to --socket")
    parser.add_argument("--recording", metavar="FILE", help="a file with speech, for the checks that need a text")
    parser.add_argument(
        "--patience", metavar="SECONDS", type=_seconds, default=_PATIENCE_SECONDS, help="for each step (default: 10)"
    )
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    console = invocation.console
    reports = []
    for report in _client(invocation) if invocation.arguments.client else _server(invocation):
        reports.append(report)
        if not invocation.as_json:
            console.text("\n".join(_lines(report)))
    failed = any(report["verdict"] == CheckVerdict.FAILED for report in reports)
    if invocation.as_json:
        console.json({"verdict": str(CheckVerdict.FAILED if failed else CheckVerdict.OK), "checks": reports})
    return exits.FAILED if failed else exits.DONE


def _server(invocation: Invocation) -> Iterator[Report]:
    from parleqctl.conformance.place import Place
    from parleqctl.conformance.suite import CHECKS, chosen

    arguments = invocation.arguments
    try:
        checks = chosen(arguments.checks)
    except KeyError as unknown:
        raise UsageError(f"there is no check {unknown}; checks: {', '.join(one.name for one in CHECKS)}", "") from None
    recording = os.path.abspath(arguments.recording) if arguments.recording else None
    invocation.connect().close()  # no daemon at all is told as by every command
    place = Place(invocation.socket_path, recording=recording, patience=arguments.patience)
    return (check.report(place) for check in checks)


def _client(invocation: Invocation) -> list[Report]:
    from parleqctl.conformance.client import judged

    if invocation.arguments.checks or invocation.arguments.recording:
        raise UsageError("--client makes all checks, and needs no recording", "")
    path = invocation.socket_path
    return judged(path, invocation.arguments.patience, lambda: invocation.console.note(f"listening at {path}"))


def _lines(report: Report) -> list[str]:
    lines = [f"{report['verdict']:<8} {report['check']:<{_COLUMN}} {report['message']}"]
    return [*lines, f"{'':<{8 + 1 + _COLUMN}} {one_line(report['hint'])}"] if report["hint"] else lines


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds
