"""Installs the login service, takes it away, and tells how it is, whoever keeps it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from time import monotonic

from parleq_client import ClientError, Connection, LocalError, UnreachableError
from parleqctl.service.files import UnitFiles
from parleqctl.service.units import CURRENT, FOREIGN, MISSING
from parleqd import __version__
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from parleqctl.service.keeper import Keeper
    from parleqctl.service.units import Programs

ANSWERS_WITHIN_S = 60.0
"""From the first request to its answer: the daemon's start on a cold, slow machine, and a second try."""


def keeper_here(environment: Mapping[str, str], platform: str = sys.platform) -> Keeper:
    """The service manager of this system."""
    if platform == "darwin":
        from parleqctl.service.launchd import Launchd

        return Launchd(environment)
    from parleqctl.service.systemd import Systemd

    return Systemd(environment)


class Service:
    """The login service of this user, with the daemon at ``socket``."""

    def __init__(
        self, keeper: Keeper, programs: Programs, socket: str, answers_within_s: float = ANSWERS_WITHIN_S
    ) -> None:
        self._keeper = keeper
        self._socket = socket
        self._answers_within_s = answers_within_s
        self._files = UnitFiles(keeper.folder, keeper.units(programs, socket))

    def install(self) -> dict[str, Any]:
        """Write, start and try the units. What works already is left in peace. ``{"written", "restarted", …status}``.

        Raises LocalError; what was there before is back then.
        """
        self._keeper.check()
        before = self._running_version()
        self._refuse_stranger(before)
        written = self._files.write()
        restart = before not in ("", __version__)
        try:
            self._keeper.take_up(written, restart=restart)
            self._wait_for_answer()
        except BaseException as error:
            self._roll_back(written)
            if isinstance(error, ClientError):
                back = "what was there before is back" if written else "nothing was changed"
                raise LocalError(error.reason, f"{error.message}; {back}", error.hint) from error
            raise
        self._files.keep()
        return {"written": written, "restarted": before if restart else "", **self.status()}

    def uninstall(self) -> dict[str, Any]:
        """Stop and remove. ``{"removed": [paths], "kept": [the user's own drop-ins], "pending": texts that wait}``."""
        self._keeper.check()
        pending = self._pending()
        self._keeper.give_up([unit.name for unit in self._files.units if self._files.state(unit) != FOREIGN])
        removed = self._files.remove()
        self._keeper.forget()
        kept = [str(path) for path in self._files.dropins()]
        return {"removed": [str(path) for path in removed], "kept": kept, "pending": pending}

    def status(self) -> dict[str, Any]:
        """``installed, enabled, running, up_to_date`` of the whole, and ``units`` one by one. Starts nothing."""
        self._keeper.check()
        units = []
        for unit in self._files.units:
            file, condition = self._files.state(unit), self._keeper.condition(unit.name)
            units.append({"unit": unit.name, "path": str(self._files.path(unit)), "file": file, **condition._asdict()})
        version = self._running_version()
        return {
            "keeper": self._keeper.name,
            "installed": all(one["file"] not in (MISSING, FOREIGN) for one in units),
            "enabled": all(one["enabled"] for one in units),
            "running": bool(version),
            "up_to_date": all(one["file"] == CURRENT for one in units) and version in ("", __version__),
            "version": {"installed": __version__, "running": version},
            "units": units,
            "dropins": [str(path) for path in self._files.dropins()],
        }

    def _roll_back(self, written: list[str]) -> None:
        """What went wrong first is told, whatever goes wrong here."""
        with suppress(ClientError):
            self._keeper.give_up(self._files.added(written))
        self._files.roll_back(written)
        with suppress(ClientError):
            if any(self._files.state(unit) != MISSING for unit in self._files.units):
                self._keeper.take_up(written, restart=True)
            else:
                self._keeper.forget()

    def _running_version(self) -> str:
        """Of the daemon that the keeper runs, "" for none: it is not started for this question."""
        if not self._keeper.condition(self._keeper.daemon).running:
            return ""
        try:
            with Connection.open(self._socket) as connection:
                return str(connection.call("status/get").get("version", "unknown"))
        except ClientError:
            return "unknown"

    def _refuse_stranger(self, running: str) -> None:
        """A daemon that was started by hand would lose its socket to the service manager."""
        if running or any(self._keeper.condition(unit.name).running for unit in self._files.units):
            return
        try:
            with Connection.open(self._socket) as connection:
                pid = connection.call("status/get").get("pid", "unknown")
        except ClientError:
            return
        message = f"a parleqd that was started by hand listens on {self._socket} (process {pid})"
        raise LocalError(Reason.ALREADY_RUNNING, message, f"end it, by `kill {pid}`; then install the service")

    def _wait_for_answer(self) -> None:
        """The first request starts the daemon; as long as it only comes too early, it is made again."""
        give_up = monotonic() + self._answers_within_s
        while True:
            try:
                with Connection.open(self._socket) as connection:
                    connection.call("status/get", timeout=max(0.1, give_up - monotonic()))
                    return
            except UnreachableError as error:
                detail = self._keeper.condition(self._keeper.daemon).detail
                if monotonic() > give_up or "failed" in detail:
                    hint = "`journalctl --user -u parleqd` may tell why" if self._keeper.name == "systemd" else ""
                    message = f"the service does not answer on {self._socket} ({detail or error.message})"
                    raise LocalError(Reason.SERVICE_FAILED, message, hint) from error
                _pause()

    def _pending(self) -> int:
        """Texts that wait, asked of the daemon (which this starts, if anything can): they lie in memory."""
        if not any(self._keeper.condition(unit.name).running for unit in self._files.units):
            return 0
        try:
            with Connection.open(self._socket) as connection:
                status = connection.call("status/get")
        except ClientError:
            return 0
        return int(status.get("pending", 0)) + int(status.get("sessions", 0))


def _pause() -> None:
    """A fifth of a second, without a timer's thread."""
    import select

    reading, writing = os.pipe()
    select.select([reading], [], [], 0.2)
    os.close(reading)
    os.close(writing)
