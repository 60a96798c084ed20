from __future__ import annotations

import os
from pathlib import Path

import pytest

from parleqd.adapters.vocabulary.file import MAX_BYTES, NAME, FileVocabulary
from parleqd.app.whole_file import replace_file
from parleqd.core.errors import OutsideError


def test_the_file_is_the_users_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    place = tmp_path / "parleq" / NAME
    store = FileVocabulary(place, replace_file)
    store.write("Noirtier\n")
    place.chmod(0o644)
    store.write("Morrel\n")
    assert (place.read_text(), place.stat().st_mode & 0o777) == ("Morrel\n", 0o600)
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert os.listdir(place.parent) == [NAME]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    kept, place = tmp_path / "kept.jsonl", tmp_path / NAME
    place.symlink_to(kept)
    FileVocabulary(place, replace_file).write("Noirtier\n")
    assert place.is_symlink()
    assert kept.read_text() == "Noirtier\n"


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    place = tmp_path / NAME
    place.write_text("Noirtier\n")
    (tmp_path / f".{NAME}.{os.getpid()}.new").mkdir()
    with pytest.raises(OutsideError, match="cannot be written"):
        FileVocabulary(place, replace_file).write("Morrel\n")
    assert place.read_text() == "Noirtier\n"


@pytest.mark.parametrize(
    ("data", "wrong"),
    [(b"Noirtier\nk\xe4se\n", "not UTF-8 in line 2"), (b"x" * (MAX_BYTES + 1), "larger than 8 MiB")],
    ids=["latin-1", "large"],
)
def test_a_file_that_holds_no_vocabulary_is_told_by_its_name(tmp_path: Path, data: bytes, wrong: str) -> None:
    place = tmp_path / NAME
    place.write_bytes(data)
    with pytest.raises(OutsideError, match=wrong) as failed:
        FileVocabulary(place, replace_file).read()
    assert str(place) in failed.value.message


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    place = tmp_path / NAME
    os.mkfifo(place)
    with pytest.raises(OutsideError, match="not a regular file"):
        FileVocabulary(place, replace_file).read()


def test_a_byte_order_mark_is_none_of_the_text(tmp_path: Path) -> None:
    place = tmp_path / NAME
    place.write_bytes(b"\xef\xbb\xbfNoirtier\n")
    assert FileVocabulary(place, replace_file).read() == "Noirtier\n"
