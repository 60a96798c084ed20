"""Which journal a daemon gets, and what it is told where that is not the one to wish for."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.adapters.journal.opening import KEY_NAME, WithoutMemoryChoice, open_journal
from parleqd.adapters.journal.place import Machine
from parleqd.core.ports import Secrets
from parleqd.core.settings.sections import WithoutMemory
from parleqd.protocol.names import Reason
from tests.fakes.journals import Reports, began, contents, names_in, numbered
from tests.fakes.secrets import LockedSecrets, MemorySecrets
from tests.parts import ROOT

SOCKET = "/run/parleqd.sock"
NO_MEMORY = Machine({}, os.getuid(), "darwin", "")


def in_memory(folder: Path) -> Machine:
    return Machine({"XDG_RUNTIME_DIR": str(folder)}, os.getuid(), "linux", f"none {folder} tmpfs rw 0 0\n")


def otherwise(folder: Path, secrets: Secrets, choice: WithoutMemory = WithoutMemory.ENCRYPTED) -> WithoutMemoryChoice:
    return WithoutMemoryChoice(choice, folder / "state" / "parleq", secrets)


@pytest.mark.asyncio
async def test_files_in_memory_are_taken_without_asking_the_keyring(tmp_path: Path) -> None:
    secrets = MemorySecrets()
    opened = await open_journal(SOCKET, in_memory(tmp_path), otherwise(tmp_path, secrets), Reports())
    assert (opened.journal.survives, opened.problem) == (True, None)
    assert opened.journal.place.startswith(str(tmp_path / "parleq"))
    assert secrets.kept == {}
    opened.journal.close()


@pytest.mark.asyncio
async def test_without_memory_nothing_is_written_unless_it_is_asked_for(tmp_path: Path) -> None:
    without = otherwise(tmp_path, MemorySecrets(), WithoutMemory.OFF)
    opened = await open_journal(SOCKET, NO_MEMORY, without, Reports())
    assert isinstance(opened.journal, MemoryJournal)
    assert opened.problem is not None
    assert opened.problem.reason is Reason.JOURNAL_FAILED
    assert "journal_without_memory" in opened.problem.hint
    assert names_in(tmp_path) == []


@pytest.mark.asyncio
async def test_on_a_disk_it_is_encrypted_with_a_key_that_stays(tmp_path: Path) -> None:
    secrets = MemorySecrets()
    opened = await open_journal(SOCKET, NO_MEMORY, otherwise(tmp_path, secrets), Reports())
    entry = opened.journal.open("s1")
    entry.note(began("s1"))
    await entry.append(numbered(0, 1000))
    opened.journal.close()
    assert len(base64.b64decode(secrets.kept[KEY_NAME])) == 32
    assert not any(numbered(10, 20) in content for content in contents(tmp_path))

    again = await open_journal(SOCKET, NO_MEMORY, otherwise(tmp_path, secrets), Reports())
    (left,) = again.journal.left_behind()
    assert left.entry.read(0, 1000) == numbered(0, 1000)
    again.journal.close()


@pytest.mark.asyncio
async def test_with_another_key_nothing_can_be_read_and_that_is_said(tmp_path: Path) -> None:
    opened = await open_journal(SOCKET, NO_MEMORY, otherwise(tmp_path, MemorySecrets()), Reports())
    entry = opened.journal.open("s1")
    entry.note(began("s1"))
    await entry.append(numbered(0, 1000))
    opened.journal.close()
    reports = Reports()
    again = await open_journal(SOCKET, NO_MEMORY, otherwise(tmp_path, MemorySecrets()), reports)
    assert list(again.journal.left_behind()) == []
    assert ["cannot be understood" in message for _, message, _ in reports] == [True]
    again.journal.close()


@pytest.mark.asyncio
async def test_a_locked_keyring_leaves_the_daemons_own_memory_and_what_lies_on_disk(tmp_path: Path) -> None:
    opened = await open_journal(SOCKET, NO_MEMORY, otherwise(tmp_path, LockedSecrets()), Reports())
    assert isinstance(opened.journal, MemoryJournal)
    assert opened.problem is not None
    assert (opened.problem.reason, opened.problem.hint) == (Reason.KEYRING_LOCKED, "unlock it")


@pytest.mark.asyncio
@pytest.mark.parametrize("key", ["no base64!", base64.b64encode(bytes(16)).decode()])
async def test_an_entry_that_is_no_key_is_named_and_left_alone(tmp_path: Path, key: str) -> None:
    secrets = MemorySecrets()
    secrets.kept[KEY_NAME] = key
    opened = await open_journal(SOCKET, NO_MEMORY, otherwise(tmp_path, secrets), Reports())
    assert isinstance(opened.journal, MemoryJournal)
    assert opened.problem is not None
    assert KEY_NAME in opened.problem.message
    assert key not in opened.problem.message
    assert secrets.kept == {KEY_NAME: key}


@pytest.mark.asyncio
async def test_a_place_that_another_daemon_has_leaves_the_daemons_own_memory(tmp_path: Path) -> None:
    first = await open_journal(SOCKET, in_memory(tmp_path), otherwise(tmp_path, MemorySecrets()), Reports())
    second = await open_journal(SOCKET, in_memory(tmp_path), otherwise(tmp_path, MemorySecrets()), Reports())
    assert isinstance(second.journal, MemoryJournal)
    assert second.problem is not None
    assert second.problem.reason is Reason.ALREADY_RUNNING
    first.journal.close()


@pytest.mark.asyncio
async def test_a_disk_without_a_place_leaves_the_daemons_own_memory(tmp_path: Path) -> None:
    without = WithoutMemoryChoice(WithoutMemory.ENCRYPTED, Path("/dev/null/parleq"), MemorySecrets())
    opened = await open_journal(SOCKET, NO_MEMORY, without, Reports())
    assert isinstance(opened.journal, MemoryJournal)
    assert opened.problem is not None
    assert "/dev/null" in opened.problem.message


@pytest.mark.asyncio
async def test_it_knows_where_it_lies(tmp_path: Path) -> None:
    opened = await open_journal(SOCKET, NO_MEMORY, otherwise(tmp_path, MemorySecrets()), Reports())
    assert opened.journal.place.startswith(str(tmp_path / "state" / "parleq" / "journal-"))
    assert opened.journal.place.endswith("(on disk, encrypted)")
    opened.journal.close()


def test_without_the_library_nothing_is_written_and_the_package_is_named(tmp_path: Path) -> None:
    program = """
import asyncio, sys
from pathlib import Path
sys.modules["cryptography.exceptions"] = None  # as where it is not installed
from tests.fakes.journals import Reports
from tests.fakes.secrets import MemorySecrets
from tests.unit.adapters.journal.test_opening import NO_MEMORY, SOCKET, open_journal, otherwise

opened = asyncio.run(open_journal(SOCKET, NO_MEMORY, otherwise(Path(sys.argv[1]), MemorySecrets()), Reports()))
print(opened.journal.survives, opened.problem.hint)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=15,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("False pip install cryptography\n", "")
    assert names_in(tmp_path) == []
