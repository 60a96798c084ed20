"""Unit files on the disk: written whole, with what was there before at hand until the new ones have proved good."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from parleq_client import LocalError
from parleqctl.service.units import CHANGED, CURRENT, FOREIGN, MISSING, Unit, state
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Sequence

_BEFORE, _NEW = ".before", ".new"
"""End the names of what was there, and of what will be: no service manager reads such a file."""


class UnitFiles:
    """The files of ``units`` in ``folder``."""

    def __init__(self, folder: Path, units: Sequence[Unit]) -> None:
        self.folder = folder
        self.units = units

    def path(self, unit: Unit) -> Path:
        """Where it lies."""
        return self.folder / unit.name

    def state(self, unit: Unit) -> str:
        """One of `parleqctl.service.units`."""
        return state(_read(self.path(unit)), unit.text)

    def write(self) -> list[str]:
        """Write those that are not as they should be; their names. Call `keep` or `roll_back` then.

        Raises LocalError (``unit_changed``, ``service_failed``) when one is not what was written last, or the disk is
        full or the like; all is as it was then.
        """
        stale = [unit for unit in self.units if self.state(unit) != CURRENT]
        for unit in stale:
            if self.state(unit) in (FOREIGN, CHANGED):
                raise self._changed(unit)
        try:
            self._replace(stale)
        except OSError as error:
            message = f"the units cannot be written to {self.folder}: {error.strerror}; nothing was changed"
            raise LocalError(Reason.SERVICE_FAILED, message, "make room there, or make it yours to write to") from error
        return [unit.name for unit in stale]

    def _replace(self, stale: Sequence[Unit]) -> None:
        """All or none, whatever comes in between, Ctrl-C too; and no reader ever finds half of one."""
        new = [unit for unit in stale if self.state(unit) == MISSING]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for unit in stale:
                self._fresh(unit).write_text(unit.text, encoding="utf-8")
            for unit in stale:
                if unit not in new:
                    os.replace(self.path(unit), self._before(unit))
                os.replace(self._fresh(unit), self.path(unit))
        except BaseException:
            for unit in stale:
                with suppress(OSError):
                    self._fresh(unit).unlink()
            self.roll_back([unit.name for unit in stale if unit in new or self._before(unit).is_file()])
            raise

    def keep(self) -> None:
        """The new ones are good: forget what was there before."""
        for unit in self.units:
            if self._before(unit).exists():
                self._before(unit).unlink()

    def added(self, names: Sequence[str]) -> list[str]:
        """Those of the names that `write` gave of which there was no file before."""
        return [unit.name for unit in self.units if unit.name in names and not self._before(unit).exists()]

    def roll_back(self, names: Sequence[str]) -> None:
        """Put back what was there before `write` gave these names."""
        for unit in self.units:
            if unit.name in names and self._before(unit).exists():
                os.replace(self._before(unit), self.path(unit))
            elif unit.name in names and self.path(unit).exists():
                self.path(unit).unlink()
        self._remove_empty()

    def remove(self) -> list[Path]:
        """Remove all that were written by `write`, changed since or not; which they were. Empty folders go too."""
        removed = [
            self.path(unit) for unit in self.units if _read(self.path(unit)) is not None and self.state(unit) != FOREIGN
        ]
        for path in removed:
            path.unlink(missing_ok=True)
        self.keep()
        self._remove_empty()
        return removed

    def dropins(self) -> list[Path]:
        """The user's own additions: neither written nor removed here."""
        return [found for unit in self.units if (found := self.folder / f"{unit.name}.d").is_dir()]

    def _remove_empty(self) -> None:
        with suppress(OSError):  # something else lies there
            self.folder.rmdir()
            self.folder.parent.rmdir()

    def _fresh(self, unit: Unit) -> Path:
        return self.folder / f"{unit.name}{_NEW}"

    def _before(self, unit: Unit) -> Path:
        return self.folder / f"{unit.name}{_BEFORE}"

    def _changed(self, unit: Unit) -> LocalError:
        by_whom = "was changed by hand" if self.state(unit) == CHANGED else "was written by somebody else"
        own = (
            f"own settings go into {self.path(unit)}.d/own.conf, "
            if unit.name.endswith((".service", ".socket"))
            else ""
        )
        hint = f"{own}which stays; move {self.path(unit)} away, then again" if own else "move it away, then again"
        return LocalError(Reason.UNIT_CHANGED, f"{self.path(unit)} {by_whom} and is left alone", hint)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
