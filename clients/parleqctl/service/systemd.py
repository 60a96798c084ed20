"""systemd as the keeper of services: the user's own manager, by ``systemctl --user``."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

from parleq_client import LocalError
from parleqctl.service.keeper import Condition
from parleqctl.service.programs import failure, run
from parleqctl.service.units import systemd_unit
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parleqctl.service.units import Programs, Unit

SHIPPED = Path(__file__).with_name("systemd")
SOCKET, DAEMON, HOTKEY = "parleqd.socket", "parleqd.service", "parleq-hotkey.service"
_NAMES = (SOCKET, DAEMON, HOTKEY)
_DESKTOP = "graphical-session.target"
_BY_HAND = "`parleqd` runs in the foreground everywhere"


class Systemd:
    """Fills `parleqctl.service.keeper.Keeper`. ``root``: of the file system, where it says what was booted."""

    name = "systemd"
    daemon = DAEMON

    def __init__(self, environment: Mapping[str, str], root: Path = Path("/")) -> None:
        self._environment = environment
        self._root = root

    @property
    def folder(self) -> Path:
        """``$XDG_CONFIG_HOME/systemd/user`` (systemd.unit(5))."""
        home = Path(self._environment.get("HOME") or Path.home())
        configured = self._environment.get("XDG_CONFIG_HOME", "")
        return (Path(configured) if configured.startswith("/") else home / ".config") / "systemd" / "user"

    def units(self, programs: Programs, socket: str) -> list[Unit]:
        """As they should be."""
        usual = f"{self._environment.get('XDG_RUNTIME_DIR', '').rstrip('/')}/parleq/parleqd.sock"
        other = None if socket == usual else socket
        return [systemd_unit(name, (SHIPPED / name).read_text("utf-8"), programs, other) for name in _NAMES]

    def check(self) -> None:
        """Raise where there is no manager, and say what to do there."""
        if shutil.which("systemctl", path=self._environment.get("PATH", os.defpath)) is None:
            raise _none("there is no systemd here: systemctl is missing", _BY_HAND)
        asked = run(["systemctl", "--user", "show", "--property=Version", "--value"], self._environment)
        if asked.returncode != 0 or not asked.stdout.strip():
            raise self._unreachable(asked.stderr.strip())

    def condition(self, name: str) -> Condition:
        """How a unit is now."""
        shown = self._do("show", "--property=UnitFileState,ActiveState,SubState,StatusText,NRestarts,Result", name)
        told = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
        active, restarts = told.get("ActiveState", ""), told.get("NRestarts", "0")
        said = [f"{active} ({told.get('SubState', '')})", told.get("StatusText", "")]
        if restarts not in ("", "0"):
            said.append(f"restarted {restarts} times")
        if told.get("Result", "success") != "success":
            said.append(f"last result: {told['Result']}")
        # An indirect one is started by another: the daemon by its socket.
        enabled = told.get("UnitFileState") in ("enabled", "enabled-runtime", "indirect", "linked")
        running = active in ("active", "reloading", "activating")
        down = active == "failed" or (name == SOCKET and not running)
        return Condition(enabled, running, "; ".join(filter(None, said)), down)

    def take_up(self, changed: Sequence[str], *, restart: bool) -> None:
        """Enable and start; the socket is opened anew only if its own unit changed: who connects meanwhile waits."""
        self._do("daemon-reload")
        self._check_read()
        self._do("enable", SOCKET, HOTKEY)
        run(["systemctl", "--user", "reset-failed", *_NAMES], self._environment)  # fails for those not yet loaded
        if restart or SOCKET in changed or DAEMON in changed:
            self._do("stop", DAEMON)
        self._do("restart" if SOCKET in changed else "start", SOCKET)
        if self.condition(_DESKTOP).running:
            self._do("restart" if restart or HOTKEY in changed else "start", HOTKEY)
        elif restart or HOTKEY in changed:
            self._do("try-restart", HOTKEY)

    def give_up(self, names: Sequence[str]) -> None:
        """Stop and disable; the links that enable a unit would outlive its file."""
        present = [name for name in names if (self.folder / name).exists()]
        if present:
            self._do("disable", "--now", *present)

    def forget(self) -> None:
        """Read the folder again, where nothing of ours is any more.

        Journals in memory stay, of other daemons and of those that died: the daemon itself removes one that is empty.
        """
        for wanted in self.folder.glob("*.wants"):
            for link in (wanted / name for name in _NAMES):
                if link.is_symlink() and not link.exists():  # to a unit that was removed by hand
                    link.unlink()
        if runtime := self._environment.get("XDG_RUNTIME_DIR"):
            _tidy(Path(runtime) / "parleq")
        self._do("daemon-reload")
        run(["systemctl", "--user", "reset-failed", *_NAMES], self._environment)  # fails for those it has forgotten

    def _check_read(self) -> None:
        """Raise where the manager looks elsewhere: it has the variables of the login, not those of a shell."""
        if "LoadState=not-found" in self._do("show", "--property=LoadState", SOCKET):
            hint = "does XDG_CONFIG_HOME, or HOME, differ from what it was at login? unset it, then again"
            raise LocalError(Reason.SERVICE_FAILED, f"this user's systemd reads no units from {self.folder}", hint)

    def _do(self, *arguments: str) -> str:
        command = ["systemctl", "--user", *arguments]
        done = run(command, self._environment)
        if done.returncode != 0:
            raise failure(command, done)
        return done.stdout

    def _unreachable(self, said: str) -> LocalError:
        """Which of the usual reasons it is."""
        if not (self._root / "run/systemd/system").is_dir():
            wsl = "microsoft" in _read(self._root / "proc/version").lower()
            hint = (
                "put `systemd=true` under [boot] in /etc/wsl.conf, then `wsl --shutdown`"
                if wsl
                else f"in a container there is none; {_BY_HAND}"
            )
            return _none("this system was not started by systemd", hint)
        if os.geteuid() == 0:
            return _none("root has no services of its own here", "run this as the user who dictates, without sudo")
        if not self._environment.get("XDG_RUNTIME_DIR"):
            hint = f"log in as that user, not by su; or `export XDG_RUNTIME_DIR=/run/user/{os.getuid()}`"
            return _none("XDG_RUNTIME_DIR is not set, so this user's systemd cannot be found", hint)
        hint = "`loginctl enable-linger` keeps one running for this user; then log in again"
        return _none(f"this user's systemd does not answer: {said or 'no reason given'}", hint)


def _tidy(folder: Path) -> None:
    """Remove the locks that nobody holds, and the folder if nothing else is in it."""
    for path in folder.glob("parleqd*.lock"):
        try:
            with path.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
        except OSError:
            pass  # it is held
    try:
        folder.rmdir()
    except OSError:
        pass  # it holds journals, or was never made


def _none(message: str, hint: str) -> LocalError:
    return LocalError(Reason.NO_SERVICE_MANAGER, message, hint)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
