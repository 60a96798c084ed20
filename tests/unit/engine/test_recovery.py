from __future__ import annotations

import time

import anyio
import anyio.lowlevel
import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.errors import RefusedError
from parleqd.core.ports import JournalEntry
from parleqd.core.session.stages import Began
from parleqd.engine.recovery import OWED_AT_MOST, Recovery
from parleqd.protocol.names import Reason, Source
from tests.fakes.dictations import spec

SOUND = b"\1\0" * 10


async def audio() -> JournalEntry:
    entry = MemoryJournal().open("s1")
    await entry.append(SOUND)
    return entry


def there(entry: JournalEntry) -> bool:
    try:
        return bool(entry.read(0, 10))
    except ValueError:
        return False


def test_without_a_capture_there_is_nothing_to_redo() -> None:
    with pytest.raises(RefusedError) as raised:
        Recovery(MemoryJournal()).last()
    assert raised.value.reason is Reason.NO_CAPTURE


def heard(recovery: Recovery) -> bytes:
    entry = recovery.last().entry
    assert entry is not None
    return entry.read(0, 100)


@pytest.mark.asyncio
async def test_the_last_capture_is_kept_though_it_is_looked_at() -> None:
    recovery, entry = Recovery(MemoryJournal()), await audio()
    recovery.keep(spec(), entry)
    assert not there(entry)
    for _ in range(2):
        assert heard(recovery) == SOUND
    recovery.forget()


@pytest.mark.asyncio
async def test_the_next_capture_takes_its_place() -> None:
    recovery, first, second = Recovery(MemoryJournal()), await audio(), await audio()
    recovery.keep(spec(), first)
    earlier = recovery.last().entry
    recovery.keep(spec(id="s2"), second)
    assert recovery.last().spec.id == "s2"
    assert earlier is not None
    assert not there(earlier)
    assert heard(recovery) == SOUND
    recovery.forget()


@pytest.mark.asyncio
async def test_a_long_file_is_kept_by_its_path_and_a_long_recording_not_at_all() -> None:
    recovery = Recovery(MemoryJournal(), file_s=0.0, live_s=0.0)
    recovery.keep(spec(path="/a.flac"), await audio())
    assert (recovery.last().spec.path, recovery.last().entry) == ("/a.flac", None)
    recovery.keep(spec(source=Source.MICROPHONE), await audio())
    with pytest.raises(RefusedError, match="longer than 0 minutes"):
        recovery.last()
    recovery.forget()


@pytest.mark.asyncio
async def test_what_is_forgotten_is_gone() -> None:
    recovery = Recovery(MemoryJournal())
    recovery.keep(spec(), await audio())
    kept = recovery.last().entry
    recovery.forget()
    recovery.forget()
    assert kept is not None
    assert not there(kept)
    with pytest.raises(RefusedError):
        recovery.last()


@pytest.mark.asyncio
async def test_what_another_session_has_inherited_lives_on() -> None:
    journal = MemoryJournal()
    recovery = Recovery(journal)
    recovery.keep(spec(), await audio())
    kept = recovery.last().entry
    assert kept is not None
    heir = journal.inherit("s2", kept, Began(spec(id="s2")))
    recovery.forget()
    assert heir.read(0, 100) == SOUND


async def expired(recovery: Recovery) -> None:
    with anyio.fail_after(5):
        while True:
            try:
                recovery.last()
            except RefusedError:
                return
            await anyio.lowlevel.checkpoint()


@pytest.mark.asyncio
async def test_a_capture_expires() -> None:
    recovery = Recovery(MemoryJournal(), kept_s=0.0)
    recovery.keep(spec(), await audio())
    kept = recovery.last().entry
    await expired(recovery)
    assert kept is not None
    assert not there(kept)


@pytest.mark.asyncio
async def test_what_an_earlier_daemon_kept_expires_when_it_would_have() -> None:
    recovery = Recovery(MemoryJournal())
    recovery.restore(spec(), await audio(), until=time.time() - 1)
    await expired(recovery)


@pytest.mark.asyncio
async def test_the_expiry_of_one_capture_spares_the_next() -> None:
    recovery = Recovery(MemoryJournal())
    recovery.restore(spec(), await audio(), until=time.time())
    recovery.keep(spec(id="s2"), await audio())
    for _ in range(20):
        await anyio.lowlevel.checkpoint()
    assert heard(recovery) == SOUND
    recovery.forget()


@pytest.mark.asyncio
async def test_what_is_owed_outlives_the_last_capture_and_each_other() -> None:
    journal = MemoryJournal()
    recovery = Recovery(journal, kept_s=0.0)
    for number, name in enumerate(("one", "two")):
        recovery.owe(spec(id=name, number=1 + number), await audio())
    recovery.keep(spec(id="kept", number=9), await audio())
    assert recovery.last().spec.id == "kept"
    recovery.forget_kept()
    assert recovery.last().spec.id == "two"
    recovery.let_go(recovery.last())
    assert (recovery.last().spec.id, heard(recovery)) == ("one", SOUND)
    recovery.forget()
    with pytest.raises(RefusedError):
        recovery.last()


@pytest.mark.asyncio
async def test_a_clock_that_is_set_back_does_not_bring_an_older_capture_to_the_front() -> None:
    recovery = Recovery(MemoryJournal())
    recovery.restore(spec(id="earlier", number=7, started=9e9), await audio(), until=time.time() + 100)
    recovery.owe(spec(id="failed", number=1, started=1.0), await audio())
    assert recovery.last().spec.id == "failed"
    recovery.keep(spec(id="done", number=2, started=0.5), await audio())
    assert recovery.last().spec.id == "done"
    recovery.forget()


@pytest.mark.asyncio
async def test_what_is_owed_is_bounded() -> None:
    recovery = Recovery(MemoryJournal())
    for number in range(OWED_AT_MOST + 2):
        recovery.owe(spec(id=f"s{number}", number=number), await audio())
    owed: list[str] = []
    while len(owed) < OWED_AT_MOST:
        owed.append(recovery.last().spec.id)
        recovery.let_go(recovery.last())
    assert (owed[0], owed[-1]) == (f"s{OWED_AT_MOST + 1}", "s2")
    with pytest.raises(RefusedError):
        recovery.last()
