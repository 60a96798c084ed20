"""Journals in files for tests: the real ones, in a folder of the test's."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable
from pathlib import Path

from parleqd.adapters.journal.file import FileJournal
from parleqd.adapters.journal.place import place_in
from parleqd.adapters.journal.seal import Encrypted, Plain, Seal
from parleqd.core.session.stages import Began
from parleqd.protocol.names import Reason
from tests.fakes import dictations

SOCKET = "/run/parleq/parleqd.sock"
SEALS: list[Callable[[], Seal]] = [Plain, lambda: Encrypted(bytes(32))]


class Reports(list[tuple[Reason, str, str]]):
    """What a journal reports."""

    def __call__(self, reason: Reason, message: str, hint: str) -> None:
        self.append((reason, message, hint))


def file_journal(
    parent: Path, reports: Reports | None = None, seal: Seal | None = None, *, on_disk: bool = False
) -> FileJournal:
    """The journal of the daemon on `SOCKET` below ``parent``."""
    reports = Reports() if reports is None else reports
    return FileJournal(place_in(parent, SOCKET, os.getuid()), seal or Plain(), reports, on_disk=on_disk)


def names_in(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(os.listdir(folder))


def contents(folder: Path) -> list[bytes]:
    """Every file below it."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def numbered(start: int, end: int) -> bytes:
    """Samples that tell where they belong."""
    return array("h", (number % 30_000 for number in range(start, end))).tobytes()


def began(session_id: str, started: float = 1.0) -> Began:
    """The first stage of a session."""
    return Began(dictations.spec(id=session_id, started=started))
