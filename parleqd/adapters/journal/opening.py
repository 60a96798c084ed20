"""Which journal the daemon gets: in memory-backed files, else encrypted on disk or in its own memory, by a setting."""

from __future__ import annotations

import base64
import binascii
import os
import time
from pathlib import Path
from typing import NamedTuple

import anyio.to_thread

from parleqd.adapters.journal.file import FileJournal, Report
from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.adapters.journal.place import Machine, Place, memory_place, place_in, safe_folder, sweep
from parleqd.adapters.journal.seal import KEY_BYTES, Encrypted, Plain
from parleqd.core.errors import OutsideError, ParleqError
from parleqd.core.ports import Journal, Secrets
from parleqd.core.session.outcome import Problem
from parleqd.core.settings.sections import WithoutMemory
from parleqd.protocol.names import Reason

KEY_NAME = "journal/key"


class Opened(NamedTuple):
    """``problem`` says why the journal is not the one that was wished for."""

    journal: Journal
    problem: Problem | None = None


class WithoutMemoryChoice(NamedTuple):
    """What to do where no memory folder can be had. ``folder`` is the user's own on disk, ``secrets`` hold its key."""

    choice: WithoutMemory
    folder: Path
    secrets: Secrets


async def open_journal(socket: str, machine: Machine, without_memory: WithoutMemoryChoice, report: Report) -> Opened:
    """The best journal that can be had for the daemon on ``socket``; never raises for what is outside of it."""
    try:
        place = await anyio.to_thread.run_sync(_memory_place, socket, machine)
        return Opened(FileJournal(place, Plain(), report))
    except OutsideError as error:
        no_memory = error
    except ParleqError as error:
        return _in_own_memory(error)
    if without_memory.choice is WithoutMemory.OFF:
        hint = 'set audio.journal_without_memory = "encrypted" to keep it on disk'
        return _in_own_memory(OutsideError(no_memory.reason, no_memory.message, hint))
    try:
        seal = await _encryption(without_memory.secrets)
        place = await anyio.to_thread.run_sync(_disk_place, without_memory.folder, socket, machine)
        return Opened(FileJournal(place, seal, report, on_disk=True))
    except ParleqError as error:
        return _in_own_memory(error)
    except OSError as error:
        return _in_own_memory(OutsideError(Reason.JOURNAL_FAILED, f"the journal has no place on disk: {error}"))


async def _encryption(secrets: Secrets) -> Encrypted:
    """With the key from the keyring, made on first use. Raises ``OutsideError``."""
    stored = await secrets.get(KEY_NAME)
    if stored is None:
        stored = base64.b64encode(os.urandom(KEY_BYTES)).decode()
        await secrets.set(KEY_NAME, stored)
    try:
        return await anyio.to_thread.run_sync(Encrypted, base64.b64decode(stored, validate=True))
    except (binascii.Error, ValueError):
        message = f"the keyring's entry {KEY_NAME} is no key of {KEY_BYTES} bytes"
        raise OutsideError(Reason.JOURNAL_FAILED, message, "delete it: a new one is made at the next start") from None
    except ImportError:
        message = "the journal cannot be encrypted: the Python package `cryptography` is not installed"
        raise OutsideError(Reason.JOURNAL_FAILED, message, "pip install cryptography") from None


def _memory_place(socket: str, machine: Machine) -> Place:
    return _swept(memory_place(socket, machine))


def _swept(place: Place) -> Place:
    sweep(place.folder.parent, time.time())
    return place


def _disk_place(folder: Path, socket: str, machine: Machine) -> Place:
    folder.parent.mkdir(parents=True, exist_ok=True)
    return _swept(place_in(safe_folder(folder, machine), socket, machine.uid))


def _in_own_memory(error: ParleqError) -> Opened:
    return Opened(MemoryJournal(error.message), Problem(error.reason, error.message, error.hint))
