"""Remembers across a crash what was changed outside: written before the change, gone when it was undone."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Change = Mapping[str, Any]


class Record:
    """A small file that only its user can read. A folder in which nothing can be written costs the memory alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[dict[str, Any]]:
        """What is still to be undone."""
        try:
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return []
        return [change for change in found if isinstance(change, dict)] if isinstance(found, list) else []

    def write(self, changes: Sequence[Change]) -> None:
        """All that is to be undone from now on; nothing removes the file."""
        try:
            if not changes:
                self._path.unlink(missing_ok=True)
                return
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump([dict(change) for change in changes], file)
            os.replace(draft, self._path)
        except OSError:
            return
