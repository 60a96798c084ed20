"""Files as one compressed archive, readable by its owner alone, that says nothing of who made it, where, or when."""

from __future__ import annotations

import gzip
import io
import os
import tarfile

from parleq_client import LocalError
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "parleq-report"
"""The folder within the archive."""


def check_place(path: str) -> None:
    """Before the work is done. Raises LocalError where something is already."""
    if os.path.isdir(path):
        raise LocalError(
            Reason.USAGE, f"{path} is a folder", f"name a file in it with --output, such as {FOLDER}.tar.gz"
        )
    if os.path.lexists(path):
        raise _taken(path)


def write_bundle(path: str, files: Mapping[str, str]) -> None:
    """Writes a new ``.tar.gz`` of mode 0600; what is there already stays. Raises LocalError where it cannot be."""
    data = packed(files)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with open(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)  # whatever the mask is
            file.write(data)
    except OSError as error:
        os.unlink(path)  # half an archive is of no use
        raise _unwritable(path, error) from error


def packed(files: Mapping[str, str]) -> bytes:
    """The archive. The same files give the same bytes; no owner, time or file name is in a header."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, text in files.items():
            data = text.encode()
            entry = tarfile.TarInfo(f"{FOLDER}/{name}")
            entry.size, entry.mode = len(data), 0o600
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(tar.getvalue(), mtime=0)


def _taken(path: str) -> LocalError:
    hint = "look at it and remove it, or name another with --output"
    return LocalError(Reason.USAGE, f"{path} exists already", hint)


def _unwritable(path: str, error: OSError) -> LocalError:
    message = f"{path} cannot be written: {error.strerror or error}"
    return LocalError(Reason.USAGE, message, "name another place with --output")
