"""The vocabulary in a file beside the settings: replaced in one step, mode 0600."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason

NAME = "vocabulary.jsonl"
MAX_BYTES = 8 * 1024 * 1024


class FileVocabulary:
    """The file at ``path``, which need not be there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def place(self) -> str:
        """The file's path."""
        return str(self._path)

    def read(self) -> str:
        """The text, "" without a file. Raises ``OutsideError``; never waits, on whatever the path names."""
        try:
            with open(self._path, "rb", opener=_without_waiting) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise self._failed("is not a regular file")
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise self._failed(f"cannot be read: {error.strerror or error}") from error
        if len(data) > MAX_BYTES:
            raise self._failed("is larger than 8 MiB")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise self._failed(f"is not UTF-8 in line {line}", "save it as UTF-8") from None

    def write(self, text: str) -> None:
        """Replace the file; a symbolic link stays one. Raises ``OutsideError``."""
        try:
            self._replace(Path(os.path.realpath(self._path)), text)
        except OSError as error:
            raise self._failed(f"cannot be written: {error.strerror or error}") from error

    def _replace(self, target: Path, text: str) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = target.with_name(f".{target.name}.{os.getpid()}.new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8", newline="") as file:
                os.fchmod(descriptor, 0o600)
                file.write(text)
                file.flush()
                os.fsync(descriptor)
            os.replace(new, target)
        finally:
            new.unlink(missing_ok=True)

    def _failed(self, what: str, hint: str = "see that it is a text file of yours") -> OutsideError:
        return OutsideError(Reason.VOCABULARY_FAILED, f"the vocabulary {self._path} {what}", hint)


def _without_waiting(path: str, flags: int) -> int:
    """A named pipe would wait for its other end."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
