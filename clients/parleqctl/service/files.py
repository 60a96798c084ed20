"""Unit files on the disk: written whole, with what was there before at hand until the new ones have proved good."""

from __future__ import annotations

import os
from pathlib import Path

from parleq_client import LocalError
from parleqctl.service.units import CHANGED, CURRENT, FOREIGN, Unit, state
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Sequence

_BEFORE = ".before"
"""Ends the name of what was there: no service manager reads such a file."""


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

        Raises LocalError (``unit_changed``), having written nothing, when one is not what was written last.
        """
        stale = [unit for unit in self.units if self.state(unit) != CURRENT]
        for unit in stale:
            if self.state(unit) in (FOREIGN, CHANGED):
                raise self._changed(unit)
        self.folder.mkdir(parents=True, exist_ok=True)
        for unit in stale:
            path = self.path(unit)
            if path.exists():
                os.replace(path, self._before(unit))
            _write_whole(path, unit.text)
        return [unit.name for unit in stale]

    def keep(self) -> None:
        """The new ones are good: forget what was there before."""
        for unit in self.units:
            self._before(unit).unlink(missing_ok=True)

    def added(self, names: Sequence[str]) -> list[str]:
        """Those of the names that `write` gave of which there was no file before."""
        return [unit.name for unit in self.units if unit.name in names and not self._before(unit).exists()]

    def roll_back(self, names: Sequence[str]) -> None:
        """Put back what was there before `write` gave these names."""
        for unit in self.units:
            if unit.name in names:
                self.path(unit).unlink(missing_ok=True)
                if self._before(unit).exists():
                    os.replace(self._before(unit), self.path(unit))

    def remove(self) -> list[Path]:
        """Remove all that were written by `write`, changed since or not; which they were. Empty folders go too."""
        removed = [
            self.path(unit) for unit in self.units if _read(self.path(unit)) is not None and self.state(unit) != FOREIGN
        ]
        for path in removed:
            path.unlink(missing_ok=True)
        self.keep()
        for folder in (self.folder, self.folder.parent):
            try:
                folder.rmdir()
            except OSError:
                break  # something else lies there
        return removed

    def dropins(self) -> list[Path]:
        """The user's own additions: neither written nor removed here."""
        return [found for unit in self.units if (found := self.folder / f"{unit.name}.d").is_dir()]

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


def _write_whole(path: Path, text: str) -> None:
    """No reader ever finds half of it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)
