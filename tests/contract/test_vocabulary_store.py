"""What every keeper of a vocabulary must do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from parleqd.adapters.vocabulary.file import FileVocabulary
from parleqd.app.whole_file import replace_file
from parleqd.core.errors import OutsideError
from parleqd.core.ports import VocabularyStore
from parleqd.protocol.names import Reason
from tests.fakes.vocabulary import MemoryVocabulary


def in_a_file(folder: Path, *, broken: bool) -> VocabularyStore:
    place = folder / "vocabulary.jsonl"
    if broken:
        place.mkdir()
    return FileVocabulary(place, replace_file)


def in_memory(_: Path, *, broken: bool) -> VocabularyStore:
    return MemoryVocabulary(broken=broken)


Make = Callable[..., VocabularyStore]


@pytest.fixture(params=[in_a_file, in_memory], ids=["file", "memory"])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def test_what_was_written_last_is_read(make: Make, tmp_path: Path) -> None:
    store = make(tmp_path, broken=False)
    assert store.place
    assert store.read() == ""
    for text in ("Noirtier\n", "käse\n\n# x\n", ""):
        store.write(text)
        assert store.read() == text


def test_one_that_is_broken_says_so(make: Make, tmp_path: Path) -> None:
    store = make(tmp_path, broken=True)
    for use in (store.read, lambda: store.write("Noirtier\n")):
        with pytest.raises(OutsideError) as failed:
            use()
        assert failed.value.reason is Reason.VOCABULARY_FAILED
        assert failed.value.hint
