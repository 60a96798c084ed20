"""``parleqctl events``: what the daemon tells, one line each."""

from __future__ import annotations

from time import time

from parleqctl.display import one_line
from parleqctl.layout import moment
from parleqctl.meter import Meter
from parleqctl.parser import json_option
from parleqd.protocol.names import Topic

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
Runs until Ctrl-C, or until the daemon goes (exit code 3). With --json each line is
{"method": …, "params": …} as the protocol has them, sound levels included. On a terminal the
text so far and the sound level stand in one line at the bottom, which changes.

examples:
  parleqctl events
  parleqctl events --json | jq 'select(.method == "session/final")'"""
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    live = invocation.console.live
    meter = Meter(live) if live.shown and not invocation.as_json else None
    topics = [str(topic) for topic in Topic if invocation.as_json or meter or topic is not Topic.LEVEL]
    with invocation.shake_hands(partials=True) as connection:
        connection.call("events/subscribe", {"topics": topics})
        while True:
            method, params = connection.next_notification()
            if meter is not None and _on_meter(method, params, meter):
                continue
            text = f"{moment(time())}  {described(method, params)}"
            invocation.result({"method": method, "params": params}, text)


def _on_meter(method: str, params: dict[str, Any], meter: Meter) -> bool:
    """What changes too often for a line of its own is shown there, if it is that."""
    match method:
        case "session/partial":
            meter.partial(str(params.get("stable", "")), str(params.get("provisional", "")))
        case "session/level":
            meter.level(float(params.get("dbfs", 0.0)))
        case _:
            return False
    return True


def described(method: str, params: dict[str, Any]) -> str:
    """A notification in words, as one line without control characters."""
    session = params.get("session_id") or ""
    match method:
        case "session/state":
            words = [params.get("phase"), params.get("end"), params.get("reason")]
        case "session/partial":
            words = [f"{params.get('stable', '')}|{params.get('provisional', '')}"]
        case "session/final":
            words = ["result", params.get("verdict")]
        case "session/level":
            words = [f"{params.get('dbfs')} dBFS"]
        case "daemon/notice":
            words = [f"[{params.get('reason')}]", params.get("message"), params.get("hint")]
        case _:
            words = [method, *(f"{name}={value}" for name, value in params.items() if name != "session_id")]
    return one_line("  ".join(str(word) for word in (session or "daemon", *words) if word))
