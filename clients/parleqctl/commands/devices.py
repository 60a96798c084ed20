"""``parleqctl devices``: microphones."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.display import one_line
from parleqctl.layout import table
from parleqctl.parser import json_option

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

    from parleqctl.invocation import Invocation


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
* marks the one that is dictated with. A monitor hears what a loudspeaker plays.

examples:
  parleqctl devices
  parleqctl devices --json | jq -r '.devices[] | select(.chosen).name'
  parleqctl config set audio.device ID           the id or the name of one
  parleqctl config set audio.device default      whichever the system has chosen"""
    json_option(parser)
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    console = invocation.console
    answer = invocation.ask_patiently("devices/list")
    devices = answer.get("devices") or []
    if invocation.as_json:
        console.json(answer)
        return exits.DONE
    if devices:
        # Monitors last: hardly anybody wants one.
        console.text(table([_row(device) for device in sorted(devices, key=_is_monitor)]))
    if all(_is_monitor(device) for device in devices):
        console.note("no microphone: plug one in")
    elif not any(device.get("chosen") for device in devices):
        console.note("the microphone of the settings is not there; `parleqctl config get audio.device` shows it")
    for device in devices:
        if device.get("avoided"):
            name = one_line(str(device.get("name")))
            why = "plays as in a call while its microphone is open"
            console.note(f"{name} {why}: audio.avoid_bluetooth = false takes it")
    if devices:
        console.note("choose one with `parleqctl config set audio.device ID`")
    return exits.DONE


def _is_monitor(device: dict[str, Any]) -> bool:
    return bool(device.get("monitor"))


def _row(device: dict[str, Any]) -> tuple[str, ...]:
    what = "default" if device.get("default") else "monitor" if _is_monitor(device) else ""
    if device.get("avoided"):
        what = "default, spared"
    return "*" if device.get("chosen") else "", str(device.get("name")), what, str(device.get("id"))
