"""``parleqctl service``: parleqd and its hotkey client as services of the login."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.layout import table
from parleqctl.parser import Parser, add_parser, json_option

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

    from parleqctl.invocation import Invocation
    from parleqctl.service.installing import Service
    from parleqctl.service.units import Programs


def add_arguments(parser: Parser) -> None:
    """What the command takes."""
    parser.epilog = """\
With systemd these are units of the user's own: a socket, which starts the daemon at the first key
or command, the daemon, and the hotkey client for as long as there is a desktop. With launchd they
are agents. Nothing needs root. Own settings go into drop-ins (`systemctl --user edit parleqd`).

examples:
  parleqctl service install        also after an upgrade; what works already is left in peace
  parleqctl service status
  parleqctl service uninstall"""
    actions = parser.actions()
    add_parser(
        actions, "install", "write, start and try the units; the old ones come back if the new ones do not start"
    ).set_defaults(run=run_install)
    add_parser(actions, "uninstall", "stop and remove them").set_defaults(run=run_uninstall)
    add_parser(actions, "status", "say what is installed, enabled, running, out of date").set_defaults(run=run_status)
    for action in actions.choices.values():
        json_option(action)


def run_install(invocation: Invocation) -> int:
    """Installs or brings up to date."""
    done = _service(invocation).install()
    written = f"written: {', '.join(done['written'])}" if done["written"] else "everything was in place already"
    restarted = f"; parleqd {done['restarted']} was replaced" if done["restarted"] else ""
    invocation.result(done, f"parleqd is started at login, and answers now ({written}{restarted})")
    return exits.DONE


def run_uninstall(invocation: Invocation) -> int:
    """Removes."""
    from parleqctl.service.units import Programs

    done = _service(invocation, Programs("", "")).uninstall()  # it needs none: they may be gone already
    invocation.result(done, "\n".join(f"removed {path}" for path in done["removed"]) or "nothing was installed")
    for path in done["kept"]:
        invocation.console.note(f"kept {path}, which is your own")
    if done["pending"]:
        waits = "text waits" if done["pending"] == 1 else "texts wait"
        invocation.console.note(f"{done['pending']} {waits} in memory until logout: `parleqd`, then `parleqctl last`")
    return exits.DONE


def run_status(invocation: Invocation) -> int:
    """Tells how it is. What is not as it should be is told, and is no failure."""
    status = _service(invocation).status()
    invocation.result(status, f"{summary(status)}\n{table([_row(unit) for unit in status['units']])}")
    return exits.DONE


def summary(status: dict[str, Any]) -> str:
    """The whole in one line, and what to do about it."""
    foreign, changed = (_names(status, "file", state) for state in ("foreign", "changed"))
    if foreign:
        return f"not installed: {foreign} is somebody else's; move it away, then `parleqctl service install`"
    if not status["installed"]:
        return "not installed: `parleqctl service install` does it"
    if changed:
        return f"installed, but {changed} was changed by hand and is left alone: make it a drop-in, and move it away"
    if not status["up_to_date"]:
        running = status["version"]["running"]
        older = (
            f" (parleqd {running} is running)" if running not in ("", "unknown", status["version"]["installed"]) else ""
        )
        return f"installed, out of date{older}: `parleqctl service install` brings it up to date"
    if not status["enabled"]:
        return "installed, but not started at login: `parleqctl service install` mends it"
    if down := _names(status, "down", True):
        return f"installed, but {down} is down: `parleqctl service install` tries again"
    running = "running" if status["running"] else "waiting for the first request"
    return f"installed, started at login, {running}"


def _names(status: dict[str, Any], field: str, value: object) -> str:
    """Of the units that are so; "" for none."""
    return ", ".join(unit["unit"] for unit in status["units"] if unit[field] == value)


def _row(unit: dict[str, Any]) -> tuple[str, ...]:
    return unit["unit"], unit["file"], "enabled" if unit["enabled"] else "disabled", unit["detail"]


def _service(invocation: Invocation, programs: Programs | None = None) -> Service:
    from os.path import abspath

    from parleq_client.paths import usable_socket_path
    from parleqctl.service.installing import Service, keeper_here
    from parleqctl.service.programs import installed

    environment = invocation.console.environment
    keeper = keeper_here(environment)
    keeper.check()
    socket = usable_socket_path(abspath(invocation.socket_path))  # services run in a folder of their own
    return Service(keeper, programs or installed(environment), socket)
