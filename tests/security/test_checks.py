"""SECURITY.md promises what can be seen: each of its checks is run as it stands there."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.parts import PROVING, ROOT
from tests.security.page import Check, as_ordinary_user, checks

AS_ROOT = 2
"""The check that poses as somebody else."""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="poses as another user, which only root may")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the checks look at Linux's /proc")


def test_there_are_ten() -> None:
    assert [check.number for check in checks()] == list(range(1, 11))


@linux_only
@pytest.mark.timeout(120)
@pytest.mark.parametrize("check", checks(), ids=lambda check: check.title)
def test_what_must_come_out_comes_out(check: Check) -> None:
    if check.number == AS_ROOT and os.geteuid() != 0:
        pytest.skip("poses as another user, which only root may: run the tests as root")
    assert check.run(ROOT) == check.expected


@linux_only
@as_root
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "check",
    [check for check in checks() if check.number != AS_ROOT and (PROVING or check.number == 3)],
    ids=lambda check: check.title,
)
def test_an_ordinary_user_sees_the_same(check: Check) -> None:
    with tempfile.TemporaryDirectory() as folder:  # one of pytest's own is closed to him
        os.chmod(folder, 0o1777)
        assert check.run(ROOT, as_ordinary_user(), Path(folder)) == check.expected
