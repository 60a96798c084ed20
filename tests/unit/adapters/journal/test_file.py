"""What an earlier daemon left, however it ended; and places that are full or gone."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parleqd.adapters.journal.file import FileJournal
from parleqd.adapters.journal.seal import Encrypted
from parleqd.core.session.stages import AudioDone, Finished, Kept
from parleqd.protocol.names import Reason
from tests.fakes import dictations
from tests.fakes.journals import Reports, began, file_journal, names_in, numbered
from tests.parts import ROOT, scale

# A daemon that writes, says after each frame how many samples are safe, and never ends by itself.
WRITER = """
import asyncio, sys
from pathlib import Path
from parleqd.core.session.stages import AudioDone
from tests.fakes.journals import began, file_journal, numbered

async def write():
    entry = file_journal(Path(sys.argv[1])).open("s1")
    entry.note(began("s1"))
    while True:
        await entry.append(numbered(entry.samples, entry.samples + 3200))
        entry.note(AudioDone())
        print(entry.samples, flush=True)

asyncio.run(write())
"""


def ended(journal: FileJournal) -> None:
    """The end of a daemon: the kernel takes its lock."""
    os.close(journal._place.lock)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """As a full disk: the kernel refuses to write more (EFBIG; Python ignores the signal that comes with it)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.asyncio
async def test_sessions_come_back_oldest_first_with_audio_and_stages(tmp_path: Path) -> None:
    journal = file_journal(tmp_path)
    for name, started in (("b", 3.0), ("c", 1.0), ("a", 2.0)):
        entry = journal.open(name)
        entry.note(began(name, started))
        await entry.append(numbered(0, int(started) * 100))
    ended(journal)
    left = file_journal(tmp_path).left_behind()
    assert [(one.session_id, one.entry.samples, list(one.stages)) for one in left] == [
        ("c", 100, [began("c", 1.0)]),
        ("a", 200, [began("a", 2.0)]),
        ("b", 300, [began("b", 3.0)]),
    ]


@pytest.mark.asyncio
async def test_what_was_left_can_be_read_noted_inherited_and_discarded(tmp_path: Path) -> None:
    journal = file_journal(tmp_path)
    entry = journal.open("s1")
    entry.note(began("s1"))
    entry.set_rate(44_100)
    await entry.append(numbered(0, 1000))
    ended(journal)

    journal = file_journal(tmp_path)
    (left,) = journal.left_behind()
    left.entry.note(Finished(dictations.outcome()))
    heir = journal.inherit("s2", left.entry, began("s2"))
    heir.note(Kept(dictations.spec(id="s2"), until=5.0))
    assert (heir.rate, heir.read(0, 1000)) == (44_100, numbered(0, 1000))
    ended(journal)

    journal = file_journal(tmp_path)
    left, kept = sorted(journal.left_behind())
    assert (left.entry.samples, len(left.stages)) == (0, 2)
    assert (kept.entry.rate, kept.entry.read(0, 1000)) == (44_100, numbered(0, 1000))
    left.entry.discard()
    kept.entry.discard()
    journal.close()
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("seed", range(scale(test=3, prove=50)))
def test_kill_9_loses_nothing_that_append_returned_for(tmp_path: Path, seed: int) -> None:
    frames = random.Random(seed).randrange(1, 1000)
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        safe = 0
        for _ in range(frames):
            safe = int(writer.stdout.readline())
        writer.kill()
        safe = int((writer.stdout.read().splitlines() or [str(safe)])[-1])
    reports = Reports()
    (left,) = file_journal(tmp_path, reports).left_behind()
    assert 0 <= left.entry.samples - safe <= 3200
    assert left.entry.read(0, left.entry.samples) == numbered(0, left.entry.samples)
    assert left.stages[0] == began("s1")
    assert 0 <= len(left.stages) - 1 - safe // 3200 <= 1
    assert reports == []


def test_a_session_that_had_not_begun_is_dropped_in_silence(tmp_path: Path) -> None:
    reports = Reports()
    journal = file_journal(tmp_path)
    journal.open("s1")
    ended(journal)
    journal = file_journal(tmp_path, reports)
    assert list(journal.left_behind()) == []
    assert reports == []
    journal.close()
    assert os.listdir(tmp_path) == []


@pytest.mark.asyncio
async def test_audio_that_nothing_tells_of_is_left_all_the_same(tmp_path: Path) -> None:
    journal = file_journal(tmp_path)
    entry = journal.open("s1")
    await entry.append(numbered(0, 16_000))
    ended(journal)
    (left,) = file_journal(tmp_path).left_behind()
    assert (left.session_id, left.stages) == ("s1", [])
    assert left.entry.read(0, 16_000) == numbered(0, 16_000)


@pytest.mark.asyncio
async def test_audio_that_cannot_be_read_any_more_is_deleted_and_reported(tmp_path: Path) -> None:
    journal = file_journal(tmp_path, seal=Encrypted(bytes(32)))
    entry = journal.open("s1")
    await entry.append(numbered(0, 16_000))
    entry.note(AudioDone())
    ended(journal)
    reports = Reports()
    assert list(file_journal(tmp_path, reports, Encrypted(b"\1" * 32)).left_behind()) == []
    ((reason, message, _),) = reports
    assert (reason, "is deleted" in message) == (Reason.JOURNAL_FAILED, True)


def test_strange_files_do_not_stop_the_start(tmp_path: Path) -> None:
    journal = file_journal(tmp_path)
    folder = Path(journal.place)
    (folder / "a file").touch()
    (folder / ".gone-s1").mkdir()
    (folder / ".gone-s1" / "stages").touch()
    (folder / "s2").mkdir()
    (folder / "s2" / "stages").mkdir()
    reports = Reports()
    ended(journal)
    assert list(file_journal(tmp_path, reports).left_behind()) == []
    assert len(reports) == 2
    assert sorted(os.listdir(folder)) == ["a file", "lock", "s2"]


@pytest.mark.asyncio
async def test_a_full_place_is_reported_once_and_costs_nothing_that_is_said(tmp_path: Path) -> None:
    reports = Reports()
    journal = file_journal(tmp_path, reports)
    one, two = journal.open("s1"), journal.open("s2")
    with no_file_longer_than(1000):
        for start in range(0, 1000, 100):
            await one.append(numbered(start, start + 100))
            await two.append(numbered(start, start + 100))
    assert one.read(0, 1000) == two.read(0, 1000) == numbered(0, 1000)
    assert [reason for reason, _, _ in reports] == [Reason.JOURNAL_FAILED]
    await journal.open("s3").append(numbered(0, 100))
    with no_file_longer_than(1000):
        await journal.open("s4").append(numbered(0, 1000))
    assert len(reports) == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
def test_a_file_system_in_memory_that_is_full(tmp_path: Path) -> None:
    fill = """
import asyncio, os, sys
from pathlib import Path
from tests.fakes.journals import Reports, file_journal, numbered

async def fill():
    reports = Reports()
    entry = file_journal(Path(sys.argv[1]), reports).open("s1")
    for start in range(0, 100_000, 1000):
        await entry.append(numbered(start, start + 1000))
    assert entry.read(0, 100_000) == numbered(0, 100_000)
    assert len(reports) == 1 and "No space left" in reports[0][1], reports

asyncio.run(fill())
"""
    mounted = 'mount -t tmpfs -o size=64k,mode=700 none "$1" && exec "$2" -c "$3" "$1"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mounted, "sh", str(tmp_path), sys.executable, fill],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=15,
    )  # fmt: skip
    if "unshare" in done.stderr:
        pytest.skip(f"no mount namespace here: {done.stderr}")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_place_that_is_gone_is_reported_and_entries_go_on(tmp_path: Path) -> None:
    reports = Reports()
    journal = file_journal(tmp_path, reports)
    folder = Path(journal.place)
    (folder / "lock").unlink()
    folder.rmdir()
    entry = journal.open("s1")
    entry.note(began("s1"))
    assert list(journal.left_behind()) == []
    assert len(reports) == 1
    journal.close()


@pytest.mark.parametrize(
    "later", [lambda journal: journal.open("s2").note(began("s2")), lambda journal: journal.close()]
)
def test_what_cannot_be_deleted_is_told_and_goes_later(tmp_path: Path, later: Callable[[FileJournal], None]) -> None:
    reports = Reports()
    journal = file_journal(tmp_path, reports)
    folder = Path(journal.place)
    entry = journal.open("s1")
    entry.note(began("s1"))
    (folder / "s1" / "in the way").mkdir()
    entry.discard()
    assert [reason for reason, _, _ in reports] == [Reason.JOURNAL_FAILED]
    assert not journal.survives
    (folder / ".gone-s1" / "in the way").rmdir()
    later(journal)
    assert not (folder / ".gone-s1").exists()


def test_closed_with_something_pending_the_folder_stays(tmp_path: Path) -> None:
    journal = file_journal(tmp_path)
    journal.open("s1").note(began("s1"))
    journal.close()
    assert [left.session_id for left in file_journal(tmp_path).left_behind()] == ["s1"]
