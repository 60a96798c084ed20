"""What the built files hold, and that they are the same wherever they are built: tests/e2e/test_packaging.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools import dist
from parleqd._tools.release import CHANGELOG


def test_what_the_back_end_says_is_told_when_it_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / CHANGELOG).parent.mkdir(parents=True)
    (tmp_path / CHANGELOG).write_text((dist.ROOT / CHANGELOG).read_text())
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 3\n")
    assert dist.main(["--root", str(tmp_path), "--into", str(tmp_path / "dist")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "hatchling failed" in said.err
    assert "project.version" in said.err
