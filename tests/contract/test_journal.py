"""What every journal must do, in memory, in files, and in encrypted files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.adapters.journal.seal import Encrypted
from parleqd.core.ports import Journal
from parleqd.core.session.stages import AudioDone
from tests.fakes.journals import Reports, began, file_journal, numbered

JOURNALS: dict[str, Callable[[Path, Reports], Journal]] = {
    "memory": lambda folder, reports: MemoryJournal(),
    "file": file_journal,
    "encrypted": lambda folder, reports: file_journal(folder, reports, Encrypted(bytes(32)), on_disk=True),
}


@pytest.fixture(params=JOURNALS)
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    reports = Reports()
    journal = JOURNALS[request.param](tmp_path, reports)
    yield journal
    journal.close()
    assert reports == []


@pytest.mark.asyncio
async def test_what_was_appended_can_be_read_anywhere(journal: Journal) -> None:
    entry = journal.open("s1")
    assert entry.samples == 0
    await entry.append(numbered(0, 100))
    await entry.append(numbered(100, 150))
    assert entry.samples == 150
    assert entry.read(0, 1000) == numbered(0, 150)
    assert entry.read(90, 20) == numbered(90, 110)
    assert entry.read(150, 10) == b""


@pytest.mark.asyncio
async def test_the_length_in_seconds_goes_by_the_rate(journal: Journal) -> None:
    entry = journal.open("s1")
    assert (entry.rate, entry.seconds) == (16_000, 0)
    entry.set_rate(48_000)
    await entry.append(numbered(0, 24_000))
    assert (entry.rate, entry.seconds) == (48_000, 0.5)


@pytest.mark.asyncio
async def test_trimming_frees_the_beginning_and_moves_nothing(journal: Journal) -> None:
    entry = journal.open("s1")
    await entry.append(numbered(0, 100))
    entry.trim(before=60)
    entry.trim(before=40)
    assert entry.samples == 100
    assert entry.read(60, 100) == numbered(60, 100)
    with pytest.raises(ValueError, match="59 was trimmed"):
        entry.read(59, 1)
    await entry.append(numbered(100, 120))
    assert entry.read(95, 100) == numbered(95, 120)


@pytest.mark.asyncio
async def test_trimming_goes_no_further_than_the_end(journal: Journal) -> None:
    entry = journal.open("s1")
    await entry.append(numbered(0, 10))
    entry.trim(before=50)
    await entry.append(numbered(10, 12))
    assert entry.samples == 12
    assert entry.read(10, 9) == numbered(10, 12)


@pytest.mark.asyncio
async def test_entries_do_not_know_of_each_other(journal: Journal) -> None:
    one, two = journal.open("one"), journal.open("two")
    await one.append(numbered(0, 10))
    await two.append(numbered(50, 60))
    one.discard()
    assert two.read(0, 10) == numbered(50, 60)
    two.discard()


@pytest.mark.asyncio
async def test_discarding_twice_is_no_error_and_nothing_comes_back(journal: Journal) -> None:
    entry = journal.open("s1")
    await entry.append(numbered(0, 10))
    entry.discard()
    entry.discard()
    entry.note(AudioDone())
    await entry.append(numbered(10, 20))


@pytest.mark.asyncio
async def test_an_heir_has_the_audio_and_can_be_discarded_alone(journal: Journal) -> None:
    first = journal.open("s1")
    first.note(began("s1"))
    first.set_rate(48_000)
    await first.append(numbered(0, 100))
    first.trim(before=20)
    heir = journal.inherit("s2", first, began("s2"))
    with pytest.raises(ValueError, match="20 was trimmed"):
        first.read(20, 1)
    assert (heir.rate, heir.samples, first.samples) == (48_000, 100, 100)
    first.note(AudioDone())
    first.discard()
    await heir.append(numbered(100, 120))
    assert heir.read(20, 1000) == numbered(20, 120)
    heir.discard()
    first.discard()


@pytest.mark.asyncio
async def test_the_audio_of_another_journal_cannot_be_inherited(journal: Journal) -> None:
    class Foreign:
        pass

    with pytest.raises(TypeError, match="cannot take over a Foreign"):
        journal.inherit("s2", Foreign(), began("s2"))  # type: ignore[arg-type] # what the wiring never does


def test_a_journal_that_was_never_used_has_nothing_left_behind(journal: Journal) -> None:
    assert list(journal.left_behind()) == []
    assert journal.place


@pytest.mark.asyncio
async def test_only_what_survives_is_found_again(journal: Journal) -> None:
    entry = journal.open("s1")
    entry.note(began("s1"))
    await entry.append(numbered(0, 100))
    entry.note(AudioDone())
    found = [(left.session_id, left.entry.read(0, 100), list(left.stages)) for left in journal.left_behind()]
    assert found == ([("s1", numbered(0, 100), [began("s1"), AudioDone()])] if journal.survives else [])
