"""What every journal must do. (The one on disk comes with the microphone; it joins the list below.)"""

from __future__ import annotations

from array import array
from collections.abc import Callable

import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.ports import Journal

JOURNALS: list[Callable[[], Journal]] = [MemoryJournal]


@pytest.fixture(params=JOURNALS, ids=lambda journal: journal.__name__)
def journal(request: pytest.FixtureRequest) -> Journal:
    return request.param()  # type: ignore[no-any-return] # a fixture's parameter has no type


def numbered(start: int, end: int) -> bytes:
    return array("h", range(start, end)).tobytes()


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


@pytest.mark.asyncio
async def test_discarding_twice_is_no_error(journal: Journal) -> None:
    entry = journal.open("s1")
    await entry.append(numbered(0, 10))
    entry.discard()
    entry.discard()
