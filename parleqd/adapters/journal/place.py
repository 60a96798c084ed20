"""The journal's folder: found in memory, nobody's but this user's, one for each socket, locked by its daemon."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.protocol.names import Reason
from parleqd.protocol.place import in_memory, memory_folders, replaceable, trusted_owners

LOCK = "lock"
PREFIX = "journal-"
ABANDONED_S = 7 * 24 * 3600.0
_SLUG_CHARACTERS = 80


class Machine(NamedTuple):
    """What decides where the journal lies. ``mount_table``: the text of ``/proc/mounts``, ``uid_map``: that of
    ``/proc/self/uid_map``; "" where there is none.
    """

    environment: Mapping[str, str]
    uid: int
    platform: str
    mount_table: str
    uid_map: str = ""


def this_machine() -> Machine:
    """The one this runs on."""
    mount_table, uid_map = map(_told_by_the_kernel, ("/proc/mounts", "/proc/self/uid_map"))
    return Machine(os.environ, os.getuid(), sys.platform, mount_table, uid_map)


class Place(NamedTuple):
    """A folder, and the open lock file in it."""

    folder: Path
    lock: int

    def release(self) -> None:
        """Let another daemon have it; delete it if it holds nothing else.

        Where somebody deleted it, what lies there now is another daemon's.
        """
        try:
            if os.fstat(self.lock).st_nlink and os.listdir(self.folder) == [LOCK]:
                (self.folder / LOCK).unlink()
                self.folder.rmdir()
        except OSError:
            pass  # it was deleted, or stays empty
        finally:
            os.close(self.lock)


def memory_place(socket: str, machine: Machine) -> Place:
    """The journal's folder in the first folder in memory that will do.

    Raises ``OutsideError`` (``journal_failed``) when none does, with the reason for each, and ``RefusedError``
    (``already_running``) when another daemon has it.
    """
    refusals = []
    for candidate in memory_folders(machine.environment, machine.uid, machine.platform):
        try:
            return place_in(_memory_folder(Path(candidate), machine), socket, machine.uid)
        except (OutsideError, OSError) as error:
            refusals.append(f"{candidate}: {error}")
    why = "; ".join(refusals) or "this system has no such folder"
    raise OutsideError(Reason.JOURNAL_FAILED, f"no folder in memory can be had for the journal ({why})")


def place_in(parent: Path, socket: str, uid: int) -> Place:
    """The folder for this socket's daemon in ``parent``, made and locked.

    Raises ``OSError``, ``OutsideError`` when somebody else made it, ``RefusedError`` when another daemon has it.
    """
    folder = parent / folder_name(socket)
    while True:
        own_folder(folder, uid)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            message = f"another daemon keeps its journal in {folder}"
            raise RefusedError(Reason.ALREADY_RUNNING, message, "end it, or choose another --socket") from None
        if os.fstat(lock).st_nlink:
            return Place(folder, lock)
        os.close(lock)  # its last owner deleted it between the two calls above: make it anew


def sweep(parent: Path, now: float) -> int:
    """Delete the journals of sockets that have had no daemon for a week; how many. ``now``: since the epoch."""
    deleted = 0
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            if now - folder.stat().st_mtime < ABANDONED_S:
                continue
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                deleted += 1
            finally:
                os.close(lock)
        except OSError:
            pass  # it is in use, or no journal of ours
    return deleted


def folder_name(socket: str) -> str:
    """Of a socket's path: what people recognise, and a hash that makes it unique."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", socket).strip("-")[-_SLUG_CHARACTERS:]
    return f"{PREFIX}{slug}-{hashlib.sha256(os.fsencode(socket)).hexdigest()[:16]}"


def own_folder(folder: Path, uid: int) -> None:
    """Make the folder, or check that the one that is there is this user's alone.

    A wider mode of our own folder is narrowed (systemd makes ``RuntimeDirectory=`` 0755), unless others could write
    there until now. Raises ``OSError`` and ``OutsideError``.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise _foreign(f"{folder} is a link, a file, or another user's folder: somebody else made it", folder)
    if found.st_mode & 0o022:
        raise _foreign(f"others can write to {folder}", folder)
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def _memory_folder(folder: Path, machine: Machine) -> Path:
    """``folder``, made if it would lie in memory. Links above it are followed once, here."""
    parent = folder.parent.resolve(strict=True)
    if not in_memory(str(parent / folder.name), machine.mount_table):
        raise OutsideError(Reason.JOURNAL_FAILED, "lies on no file system in memory")
    return safe_folder(folder, machine)


def safe_folder(folder: Path, machine: Machine) -> Path:
    """``folder``, resolved, made where its parents let nobody else replace it. Raises ``OSError``, ``OutsideError``."""
    parent = folder.parent.resolve(strict=True)
    trusted = trusted_owners(machine.uid, machine.uid_map)
    for ancestor in (parent, *parent.parents):
        found = ancestor.stat()
        if replaceable(found.st_uid, found.st_mode, trusted):
            raise _foreign(f"others can replace what lies in {ancestor}", ancestor)
    own_folder(parent / folder.name, machine.uid)
    return parent / folder.name


def _told_by_the_kernel(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _foreign(message: str, folder: Path) -> OutsideError:
    return OutsideError(Reason.JOURNAL_FAILED, message, f"look at {folder}: ls -ld")
