"""launchd as the keeper of services: agents of the user's graphical session. Tried with a stand-in, not on macOS."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from parleq_client import LocalError
from parleqctl.service.keeper import Condition
from parleqctl.service.programs import failure, run
from parleqctl.service.units import Places, launchd_agent
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from subprocess import CompletedProcess

    from parleqctl.service.units import Programs, Unit

SHIPPED = Path(__file__).with_name("launchd")
DAEMON, HOTKEY = "parleq.daemon.plist", "parleq.hotkey.plist"
_NAMES = (DAEMON, HOTKEY)


class Launchd:
    """Fills `parleqctl.service.keeper.Keeper`; the verbs are those of launchctl(1) since macOS 10.11."""

    name = "launchd"
    daemon = DAEMON

    def __init__(self, environment: Mapping[str, str], uid: int | None = None) -> None:
        self._environment = environment
        self._domain = f"gui/{os.getuid() if uid is None else uid}"
        self._home = Path(environment.get("HOME") or Path.home())

    @property
    def folder(self) -> Path:
        """Where the user's agents lie."""
        return self._home / "Library" / "LaunchAgents"

    def units(self, programs: Programs, socket: str) -> list[Unit]:
        """As they should be."""
        places = Places(socket, str(self._logs), self._environment.get("PATH", ""))
        return [launchd_agent(name, (SHIPPED / name).read_bytes(), programs, places) for name in _NAMES]

    def check(self) -> None:
        """Raise where no graphical session is."""
        if shutil.which("launchctl", path=self._environment.get("PATH", os.defpath)) is None:
            raise LocalError(Reason.NO_SERVICE_MANAGER, "launchctl is missing", "`parleqd` runs in the foreground")
        if self._run("print", self._domain).returncode != 0:
            hint = "log in at the screen as the user who dictates, and run this there, without sudo"
            raise LocalError(Reason.NO_SERVICE_MANAGER, f"launchd has no session {self._domain}", hint)

    def condition(self, name: str) -> Condition:
        """How an agent is now: one that is loaded is started at login, too."""
        done = self._run("print", self._target(name))
        state = next((line.strip() for line in done.stdout.splitlines() if line.strip().startswith("state =")), "")
        return Condition(done.returncode == 0, state == "state = running", state)

    def take_up(self, changed: Sequence[str], *, restart: bool) -> None:
        """Load them; one that is loaded and new is loaded anew."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for name in _NAMES:
            loaded = self.condition(name).enabled
            if loaded and (restart or name in changed):
                self._do("bootout", self._target(name))
                loaded = False
            if not loaded:
                self._do("enable", self._target(name))
                self._do("bootstrap", self._domain, str(self.folder / name))

    def give_up(self, names: Sequence[str]) -> None:
        """Unload them."""
        for name in names:
            if self.condition(name).enabled:
                self._do("bootout", self._target(name))

    def forget(self) -> None:
        """An agent that is unloaded is forgotten. Its log goes, too."""
        shutil.rmtree(self._logs, ignore_errors=True)

    @property
    def _logs(self) -> Path:
        return self._home / "Library" / "Logs" / "parleq"

    def _target(self, name: str) -> str:
        return f"{self._domain}/{name.removesuffix('.plist')}"

    def _run(self, *arguments: str) -> CompletedProcess[str]:
        return run(["launchctl", *arguments], self._environment)

    def _do(self, *arguments: str) -> None:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise failure(["launchctl", *arguments], done)
