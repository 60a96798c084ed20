from __future__ import annotations

import anyio
import anyio.lowlevel
import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.errors import RefusedError
from parleqd.core.ports import JournalEntry
from parleqd.engine import recovery as recovery_module
from parleqd.engine.recovery import LastCapture, Recovery
from parleqd.protocol.names import Reason
from tests.fakes.dictations import spec


async def audio() -> JournalEntry:
    entry = MemoryJournal().open("s1")
    await entry.append(b"\1\0" * 10)
    return entry


def there(entry: JournalEntry) -> bool:
    try:
        return bool(entry.read(0, 10))
    except ValueError:
        return False


def test_without_a_capture_there_is_nothing_to_redo() -> None:
    with pytest.raises(RefusedError) as raised:
        Recovery().last()
    assert raised.value.reason is Reason.NO_CAPTURE


@pytest.mark.asyncio
async def test_the_last_capture_is_kept_though_it_is_looked_at() -> None:
    recovery, entry = Recovery(), await audio()
    recovery.keep(LastCapture(spec(), entry))
    for _ in range(2):
        assert recovery.last().entry is entry
        assert there(entry)


@pytest.mark.asyncio
async def test_the_next_capture_takes_its_place() -> None:
    recovery, first, second = Recovery(), await audio(), await audio()
    recovery.keep(LastCapture(spec(), first))
    recovery.keep(LastCapture(spec(id="s2"), second))
    assert recovery.last().spec.id == "s2"
    assert not there(first)
    assert there(second)


@pytest.mark.asyncio
async def test_a_file_is_kept_by_its_path() -> None:
    recovery = Recovery()
    recovery.keep(LastCapture(spec(path="/a.flac"), None))
    assert recovery.last().spec.path == "/a.flac"
    recovery.forget()
    with pytest.raises(RefusedError):
        recovery.last()


@pytest.mark.asyncio
async def test_what_is_forgotten_is_gone() -> None:
    recovery, entry = Recovery(), await audio()
    recovery.keep(LastCapture(spec(), entry))
    recovery.forget()
    recovery.forget()
    assert not there(entry)
    with pytest.raises(RefusedError):
        recovery.last()


@pytest.mark.asyncio
async def test_what_is_handed_over_lives_on() -> None:
    recovery, entry = Recovery(), await audio()
    recovery.keep(LastCapture(spec(), entry))
    recovery.hand_over()
    recovery.forget()
    assert there(entry)
    with pytest.raises(RefusedError):
        recovery.last()


@pytest.mark.asyncio
async def test_a_capture_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery_module, "KEPT_S", 0.0)
    recovery, entry = Recovery(), await audio()
    recovery.keep(LastCapture(spec(), entry))
    with anyio.fail_after(5):
        while there(entry):
            await anyio.lowlevel.checkpoint()
    with pytest.raises(RefusedError):
        recovery.last()


@pytest.mark.asyncio
async def test_the_expiry_of_one_capture_spares_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery_module, "KEPT_S", 0.0)
    recovery, first, second = Recovery(), await audio(), await audio()
    recovery.keep(LastCapture(spec(), first))
    monkeypatch.setattr(recovery_module, "KEPT_S", 600.0)
    recovery.keep(LastCapture(spec(), second))
    for _ in range(20):
        await anyio.lowlevel.checkpoint()
    assert there(second)
    recovery.forget()
