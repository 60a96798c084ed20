from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from parleqd._tools.release import CHANGELOG, release_date

ENTRY = """\
parleqd ({}) unstable; urgency=medium

  * A change.

 -- Somebody <somebody@localhost>  {}
"""


def root_with(folder: Path, text: str) -> Path:
    (folder / CHANGELOG).parent.mkdir(parents=True)
    (folder / CHANGELOG).write_text(text)
    return folder


def test_the_newest_entry_has_the_date_and_its_zone_counts(tmp_path: Path) -> None:
    newest = ENTRY.format("0.2.0-1", "Mon, 02 Mar 2026 01:30:00 +0200")
    root = root_with(tmp_path, f"{newest}\n{ENTRY.format('0.1.0-1', 'Sun, 01 Feb 2026 12:00:00 +0000')}")
    assert release_date(root) == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def test_a_changelog_without_a_date_is_named(tmp_path: Path) -> None:
    root = root_with(tmp_path, "parleqd (0.1.0-1) unstable; urgency=medium\n")
    with pytest.raises(ValueError, match="packaging/debian/changelog"):
        release_date(root)
