"""The vocabulary in a file beside the settings."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason

NAME = "vocabulary.jsonl"
MAX_BYTES = 8 * 1024 * 1024


class FileVocabulary:
    """The file at ``path``, which need not be there yet; ``replace`` writes it as a whole, or raises ``OSError``."""

    def __init__(self, path: Path, replace: Callable[[Path, str], None]) -> None:
        self._path = path
        self._replace = replace

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
            self._replace(self._path, text)
        except OSError as error:
            raise self._failed(f"cannot be written: {error.strerror or error}") from error

    def _failed(self, what: str, hint: str = "see that it is a text file of yours") -> OutsideError:
        return OutsideError(Reason.VOCABULARY_FAILED, f"the vocabulary {self._path} {what}", hint)


def _without_waiting(path: str, flags: int) -> int:
    """A named pipe would wait for its other end."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
