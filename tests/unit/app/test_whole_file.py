from __future__ import annotations

import stat
from pathlib import Path

import pytest

from parleqd.app.whole_file import replace_file


def test_the_file_is_replaced_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    replace_file(path, "a")
    path.chmod(0o644)
    replace_file(path, "b")
    assert path.read_text() == "b"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.touch()
    link.symlink_to(real)
    replace_file(link, "b")
    assert link.is_symlink()
    assert real.read_text() == "b"


def test_nothing_is_left_behind_when_the_place_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_file(path, "b")
    assert list(tmp_path.iterdir()) == [path]
