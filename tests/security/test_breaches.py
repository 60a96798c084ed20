"""A check that cannot fail is worth nothing: each is run in a copy of the code that lacks what it checks."""

from __future__ import annotations

import os
import random
import re
import sys
from pathlib import Path

import pytest

from tests.parts import PROVING, ROOT
from tests.security.breaches import BREACHES, breached_copy
from tests.security.page import checks

SHORT = 2
"""So many of them in `make test`, others each time."""
POSES = 2
"""The check that only root can run."""


def test_every_check_has_its_breach_and_every_line_is_still_there() -> None:
    assert [breach.check for breach in BREACHES] == [check.number for check in checks()]
    for breach in BREACHES:
        for edit in breach.edits:
            assert (ROOT / edit.file).read_text(encoding="utf-8").count(edit.protects) == 1, edit


@pytest.mark.skipif(sys.platform != "linux", reason="the checks look at Linux's /proc")
@pytest.mark.timeout(1500 if PROVING else 200)
def test_a_check_fails_without_its_protection(tmp_path: Path) -> None:
    breaches = [each for each in BREACHES if each.check != POSES or os.geteuid() == 0]
    if not PROVING:
        breaches = random.sample(breaches, SHORT)
    for breach in breaches:
        check = checks()[breach.check - 1]
        copy = tmp_path / str(breach.check)
        copy.mkdir()
        printed = check.run(breached_copy(breach, copy))
        assert printed != check.expected, check.title
        assert re.search(breach.shown, printed, re.MULTILINE), printed
