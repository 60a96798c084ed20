"""Which display there is, looked up at the moment of use: a service may start before the desktop, and outlive it."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

import anyio
from anyio import to_thread

NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR")
X11_SOCKETS = Path("/tmp/.X11-unix")
_MANAGER_S = 2.0
_MANAGER = ("systemctl", "--user", "show-environment")
_LOCAL_X11 = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Displays:
    """The displays of this user, "" for none: ``x11`` (":0"), ``wayland`` ("wayland-0"; then X11 is XWayland).

    ``runtime``: the folder of sockets, XDG_RUNTIME_DIR. ``authority``: the file with the X server's cookie, where one
    is named. ``source``: who knew.
    """

    x11: str = ""
    wayland: str = ""
    runtime: str = ""
    authority: str = ""
    source: str = ""

    def environment(self) -> dict[str, str]:
        """The variables that libraries and programs find these displays by; put them into ``os.environ``."""
        values = dict(zip(NAMES, (self.x11, self.wayland, self.authority, self.runtime), strict=True))
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Sockets:
    """What stands in the folders of sockets: display numbers of X servers, all and this user's; names for Wayland."""

    x11: Collection[int] = ()
    own_x11: Collection[int] = ()
    wayland: Collection[str] = ()


async def find_displays(
    environment: Mapping[str, str] | None = None,
    *,
    x11_sockets: Path = X11_SOCKETS,
    manager: tuple[str, ...] = _MANAGER,
) -> Displays:
    """Looks in the environment, then asks the user's service manager, then sees which sockets there are.

    An empty DISPLAY or WAYLAND_DISPLAY in the environment, the other not naming any, says that there shall be none.
    ``manager``: the command that prints its environment, one NAME=value a line; it may be missing, and has two seconds.
    """
    own = dict(os.environ if environment is None else environment)
    runtime = own.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    said = [own[name] for name in NAMES[:2] if name in own]
    if said and not any(said):
        return Displays(runtime=runtime, source="the environment")
    sockets = await to_thread.run_sync(_sockets, Path(runtime), x11_sockets)
    if not _alive(own, sockets):
        asked = await _ask(manager)
        return choose(own, asked, sockets, runtime)
    return choose(own, {}, sockets, runtime)


def choose(own: Mapping[str, str], manager: Mapping[str, str], sockets: Sockets, runtime: str) -> Displays:
    """The first of them that names a display that is there; else the first that names one at all."""
    places = {"the environment": own, "the service manager": manager, "sockets": _from(sockets)}
    named = {place: values for place, values in places.items() if values.get("DISPLAY") or values.get(NAMES[1])}
    source = next((place for place, values in named.items() if _alive(values, sockets)), next(iter(named), ""))
    found = named.get(source, {})
    authority = next((values["XAUTHORITY"] for values in (found, own, manager) if values.get("XAUTHORITY")), "")
    return Displays(found.get("DISPLAY", ""), found.get("WAYLAND_DISPLAY", ""), runtime, authority, source)


def read_environment(printed: str) -> dict[str, str]:
    """What `systemctl --user show-environment` prints about displays."""
    lines = (line.partition("=") for line in printed.splitlines())
    return {name: _unquoted(value) for name, _, value in lines if name in NAMES}


def _unquoted(value: str) -> str:
    try:
        return "".join(shlex.split(value))
    except ValueError:
        return ""  # a quotation without an end


def _from(sockets: Sockets) -> dict[str, str]:
    """An X server of this user's, if there is but one: among several, who knows which is the desktop?"""
    x11 = f":{min(sockets.own_x11)}" if len(sockets.own_x11) == 1 else ""
    return {"DISPLAY": x11, "WAYLAND_DISPLAY": min(sockets.wayland, default="")}


def _alive(values: Mapping[str, str], sockets: Sockets) -> bool:
    """Does one of the displays have its socket? One that is reached otherwise counts as alive."""
    x11, wayland = values.get("DISPLAY", ""), values.get("WAYLAND_DISPLAY", "")
    local = _LOCAL_X11.fullmatch(x11)
    x11_alive = bool(x11) and (local is None or int(local[1]) in sockets.x11)
    return x11_alive or wayland.startswith("/") or wayland in sockets.wayland


def _sockets(runtime: Path, x11_sockets: Path) -> Sockets:
    x11 = {int(path.name[1:]): path for path in x11_sockets.glob("X*") if path.name[1:].isdigit()}
    own = [number for number, path in x11.items() if _owner(path) == os.getuid()]
    wayland = [path.name for path in runtime.glob("wayland-*") if path.suffix != ".lock"]
    return Sockets(list(x11), own, wayland)


def _owner(path: Path) -> int:
    """Who made it; nobody, when it is gone meanwhile."""
    try:
        return path.stat().st_uid
    except OSError:
        return -1


async def _ask(manager: tuple[str, ...]) -> dict[str, str]:
    """The service manager's environment; empty where there is none."""
    with anyio.move_on_after(_MANAGER_S):
        try:
            done = await anyio.run_process(manager, stdin=DEVNULL, stderr=DEVNULL, check=False)
        except OSError:
            return {}
        return read_environment(done.stdout.decode(errors="replace")) if done.returncode == 0 else {}
    return {}
