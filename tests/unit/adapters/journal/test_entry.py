"""A session's folder: stages beside the audio, and nothing left of it once it is discarded."""

from __future__ import annotations

import stat
from pathlib import Path

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from parleqd.adapters.journal.entry import FileEntry, delete
from parleqd.adapters.journal.seal import Encrypted, Plain, Seal
from parleqd.adapters.journal.track import Track
from parleqd.core.session.stages import AudioDone, Finished, Offered, Resumed, Stage
from tests.fakes import dictations
from tests.fakes.journals import began, names_in, numbered


class Told(list[OSError | None]):
    """What the journal hears."""

    def errors(self) -> list[OSError]:
        return [error for error in self if error is not None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "s"
    folder.mkdir()
    return folder


def entry_in(folder: Path, told: Told | None = None, seal: Seal | None = None, *, on_disk: bool = False) -> FileEntry:
    seal = seal or Plain()
    return FileEntry(folder, Track(seal), seal, (Told() if told is None else told).append, delete, on_disk=on_disk)


def test_stages_come_back_in_order(folder: Path) -> None:
    stages: list[Stage] = [
        began("s"),
        AudioDone((dictations.BROKEN,)),
        Finished(dictations.outcome()),
        Offered(out=True),
        Resumed(),
    ]
    entry = entry_in(folder)
    for stage in stages:
        entry.note(stage)
    assert entry_in(folder).stages() == stages
    assert stat.S_IMODE((folder / "stages").stat().st_mode) == 0o600


def test_a_damaged_stage_costs_only_itself_and_later_ones_follow(folder: Path) -> None:
    entry = entry_in(folder, seal=Encrypted(bytes(32)))
    for stage in (began("s"), AudioDone(), Resumed()):
        entry.note(stage)
    file = folder / "stages"
    data = bytearray(file.read_bytes())
    data[-30] ^= 1
    file.write_bytes(data)
    again = entry_in(folder, seal=Encrypted(bytes(32)))
    assert again.stages() == [began("s"), AudioDone()]
    again.note(Offered(out=True))
    assert again.stages() == [began("s"), AudioDone(), Offered(out=True)]


def test_a_stage_of_another_version_is_passed_over(folder: Path) -> None:
    class Later(Resumed, frozen=True, tag="later"):
        """A stage that this version does not know."""

    entry = entry_in(folder)
    entry.note(Later())
    entry.note(AudioDone())
    assert entry.stages() == [AudioDone()]


def test_where_no_stage_can_be_written_that_is_told(folder: Path) -> None:
    told = Told()
    entry = entry_in(folder, told)
    entry.note(began("s"))
    delete(folder)
    entry.note(AudioDone())
    assert [type(error) for error in told] == [type(None), FileNotFoundError]


@pytest.mark.asyncio
@pytest.mark.parametrize("on_disk", [False, True])
async def test_a_folder_deleted_in_the_middle_costs_nothing_that_was_said(folder: Path, on_disk: bool) -> None:
    told = Told()
    entry = entry_in(folder, told, on_disk=on_disk)
    await entry.append(numbered(0, 100))
    await anyio.to_thread.run_sync(delete, folder)
    for start in range(100, 300, 100):
        await entry.append(numbered(start, start + 100))
    assert entry.read(0, 300) == numbered(0, 300)
    assert len(told.errors()) == 1
    entry.discard()
    assert len(told.errors()) == 1


@pytest.mark.asyncio
async def test_what_is_discarded_while_a_thread_writes_is_gone(folder: Path) -> None:
    told = Told()
    entry = entry_in(folder, told, on_disk=True)
    async with anyio.create_task_group() as tasks:
        for start in range(0, 1000, 100):
            tasks.start_soon(entry.append, numbered(start, start + 100))
        await anyio.lowlevel.checkpoint()
        entry.discard()
    entry.note(AudioDone())
    assert names_in(folder.parent) == []
    assert told.errors() == []


@pytest.mark.asyncio
async def test_frames_from_several_tasks_are_kept_whole(folder: Path) -> None:
    entry = entry_in(folder, on_disk=True)
    async with anyio.create_task_group() as tasks:
        for start in range(0, 1000, 100):
            tasks.start_soon(entry.append, numbered(start, start + 100))
    found = await anyio.to_thread.run_sync(Track.found, folder, Plain())
    assert found.read(0, 1000) == numbered(0, 1000)


def test_deleting_what_a_dead_daemon_was_deleting(folder: Path) -> None:
    gone = folder.rename(folder.with_name(".gone-s"))
    (gone / "stages").touch()
    delete(gone)
    delete(gone)
    assert names_in(folder.parent) == []
