"""What the units of this installation say: the shipped ones, with its own programs and places filled in. Pure.

Each ends with a seal, a comment with a checksum of what stands above it: so it is known later who wrote a file, and
whether anybody has changed it since.
"""

from __future__ import annotations

import plistlib
from hashlib import sha256
from typing import NamedTuple

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

_SHIPPED_SYSTEMD = "/usr/bin/"
_SHIPPED_SOCKET = "%t/parleq/parleqd.sock"
_SEAL = "parleqctl service install wrote this; changes belong elsewhere (docs/service.md); sha256"

MISSING, CURRENT, OUTDATED, CHANGED, FOREIGN = "missing", "current", "outdated", "changed", "foreign"
"""What a unit's file may be: ``changed`` by hand since it was written; ``foreign``: written by somebody else."""


class Unit(NamedTuple):
    """A file that a service manager reads: its name and what should stand in it."""

    name: str
    text: str


class Programs(NamedTuple):
    """Absolute paths of what is installed."""

    daemon: str
    hotkey: str


class Places(NamedTuple):
    """``socket``: its absolute path. ``logs``: a folder. ``path``: the folders in which programs are looked for."""

    socket: str
    logs: str = ""
    path: str = ""


def state(found: str | None, wanted: str) -> str:
    """What a file is, by its text (``None``: there is no file) and the one that should be there."""
    if found is None:
        return MISSING
    if found == wanted:
        return CURRENT
    body, seal = _parted(found)
    if not seal:
        return FOREIGN
    return OUTDATED if _checksum(body) in seal else CHANGED


def systemd_unit(name: str, shipped: str, programs: Programs, socket: str | None) -> Unit:
    """A unit of systemd. ``socket``: its path where it is not the usual one, below the runtime directory."""
    option = "" if socket is None else f" --socket {_argument(socket)}"
    for program, path in {"parleq-hotkey": programs.hotkey, "parleqd": programs.daemon}.items():
        command = f"{_program(path)}{option}"
        shipped = shipped.replace(f"ExecStart={_SHIPPED_SYSTEMD}{program}\n", f"ExecStart={command}\n")
    if socket is not None:
        shipped = shipped.replace(f"ListenStream={_SHIPPED_SOCKET}\n", f"ListenStream={_percent(socket)}\n")
    return Unit(name, _sealed(shipped, "# {}\n"))


def launchd_agent(name: str, shipped: bytes, programs: Programs, places: Places) -> Unit:
    """A property list of launchd, which expands neither ``~`` nor variables."""
    agent: dict[str, Any] = plistlib.loads(shipped)
    program = programs.daemon if "Sockets" in agent else programs.hotkey
    agent["ProgramArguments"] = [program, "--socket", places.socket]
    for one in agent.get("Sockets", {}).values():
        one["SockPathName"] = places.socket
    agent["StandardErrorPath"] = f"{places.logs}/{agent['Label']}.log"
    if places.path:
        agent["EnvironmentVariables"] = {"PATH": places.path}
    return Unit(name, _sealed(plistlib.dumps(agent, sort_keys=False).decode(), "<!-- {} -->\n"))


def _sealed(body: str, comment: str) -> str:
    return body + comment.format(f"{_SEAL} {_checksum(body)}")


def _parted(text: str) -> tuple[str, str]:
    """What stands above the seal, and the seal ("": there is none)."""
    *lines, last = text.splitlines(keepends=True) or [""]
    return ("".join(lines), last) if _SEAL in last else (text, "")


def _checksum(body: str) -> str:
    return sha256(body.encode()).hexdigest()


def _program(path: str) -> str:
    """The first word of a command line. One with quotes or backslashes systemd refuses, so env(1) starts that."""
    return f"/usr/bin/env {_argument(path)}" if set(path) & set("\"'\\") else _quoted(path)


def _argument(path: str) -> str:
    """A later word: variables are replaced in it, as they are not in the first (systemd.service(5))."""
    return _quoted(path).replace("$", "$$")


def _quoted(path: str) -> str:
    """A word, by systemd.syntax(7)."""
    return '"' + _percent(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _percent(path: str) -> str:
    """Specifiers begin with it (systemd.unit(5))."""
    return path.replace("%", "%%")
