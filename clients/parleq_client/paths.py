"""This user's socket and folder in memory: the rules of `parleqd.protocol.place` in the real world."""

from __future__ import annotations

import os
import stat
import sys

from parleq_client.errors import LocalError, UnreachableError
from parleqd.protocol import place
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping

MOUNT_TABLE = "/proc/mounts"


def default_socket_path(environment: Mapping[str, str] | None = None) -> str:
    """Where this user's daemon listens. Raises UnreachableError when the path is too long for a socket."""
    try:
        return place.socket_path(os.environ if environment is None else environment, os.getuid(), sys.platform)
    except place.PlaceError as error:
        raise UnreachableError(error.message, error.hint, Reason.SOCKET_UNUSABLE) from error


def usable_socket_path(path: str) -> str:
    """``path`` itself. Raises UnreachableError when it is too long for a socket."""
    try:
        return place.usable_socket_path(path, sys.platform)
    except place.PlaceError as error:
        raise UnreachableError(error.message, error.hint, Reason.SOCKET_UNUSABLE) from error


def memory_folder(
    environment: Mapping[str, str] | None = None, mount_table: str = MOUNT_TABLE, platform: str = sys.platform
) -> str:
    """This user's folder in memory, made with mode 0700 when it is not there yet.

    ``mount_table`` is the path of the file that says what lies in memory, ``platform`` as in ``sys.platform``.
    Raises LocalError where there is no such folder, or where it belongs to, or is open to, somebody else.
    """
    try:
        with open(mount_table, encoding="utf-8", errors="surrogateescape") as table:
            mounts = table.read()
    except OSError:
        mounts = ""
    candidates = place.memory_folders(os.environ if environment is None else environment, os.getuid(), platform)
    for folder in candidates:
        if os.path.isdir(os.path.dirname(folder)) and place.in_memory(os.path.realpath(folder), mounts):
            return _own_folder(folder)
    raise LocalError(
        Reason.SOCKET_UNUSABLE,
        "this machine has no folder that lies in memory, and audio is never written to a disk",
        "give the audio file's own path",
    )


def _own_folder(folder: str) -> str:
    try:
        try:
            os.mkdir(folder, mode=0o700)
        except FileExistsError:
            pass
        found = os.lstat(folder)
    except OSError as error:
        raise LocalError(
            Reason.SOCKET_UNUSABLE,
            f"the folder {folder} cannot be used: {error.strerror}",
            f"remove {folder}",
        ) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise LocalError(
            Reason.SOCKET_UNUSABLE,
            f"{folder} must be a folder that only user id {os.getuid()} can write to, and is not",
            f"remove it, or `chmod 700 {folder}`",
        )
    return folder
