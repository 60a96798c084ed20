"""The date of a release: that of the newest entry of Debian's changelog, the one place that must have one a version."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

CHANGELOG = "packaging/debian/changelog"


def release_date(root: Path) -> datetime:
    """When the version in ``root`` was released, in UTC. Raises ``ValueError`` when the changelog has no such date.

    Format: deb-changelog(5), whose closing line is `` -- NAME <ADDRESS>  DATE``, the date as in RFC 5322.
    """
    closing = re.search(r"^ -- .*>  (.+)$", (root / CHANGELOG).read_text(encoding="utf-8"), flags=re.MULTILINE)
    if closing is None:
        raise ValueError(f"{CHANGELOG}: no line ' -- NAME <ADDRESS>  DATE' was found")
    return parsedate_to_datetime(closing[1]).astimezone(UTC)
