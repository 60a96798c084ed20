from __future__ import annotations

import stat
from pathlib import Path

import pytest

from parleq_hotkey.feedback.record import Record


def test_what_is_written_is_there_for_the_next_process_and_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "parleq" / "paused.json"
    Record(path).write([{"name": "a", "owner": ":1.2"}])
    assert Record(path).read() == [{"name": "a", "owner": ":1.2"}]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["paused.json"]


def test_nothing_to_undo_leaves_no_file(tmp_path: Path) -> None:
    record = Record(tmp_path / "paused.json")
    record.write([{"name": "a"}])
    record.write([])
    record.write([])
    assert list(tmp_path.iterdir()) == []
    assert record.read() == []


@pytest.mark.parametrize("content", [b"", b"\xff", b"{}", b"[1, null]", b"[" * 10, b"null"])
def test_a_file_that_is_no_record_says_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "paused.json").write_bytes(content)
    assert Record(tmp_path / "paused.json").read() == []


def test_a_folder_that_cannot_be_had_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    record = Record(tmp_path / "file" / "paused.json")
    record.write([{"name": "a"}])
    assert record.read() == []


def test_a_link_in_the_draft_s_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("untouched")
    (tmp_path / "paused.new").symlink_to(tmp_path / "other")
    Record(tmp_path / "paused.json").write([{"name": "a"}])
    assert (tmp_path / "other").read_text() == "untouched"
