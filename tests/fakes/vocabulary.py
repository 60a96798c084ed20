"""A vocabulary in memory."""

from __future__ import annotations

from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason


class MemoryVocabulary:
    """Holds ``text``. ``broken``: neither reading nor writing works. ``written``: how often it was replaced."""

    place = "memory"

    def __init__(self, text: str = "", *, broken: bool = False) -> None:
        self.text = text
        self.broken = broken
        self.written = 0

    def read(self) -> str:
        self._refuse()
        return self.text

    def write(self, text: str) -> None:
        self._refuse()
        self.written += 1
        self.text = text

    def _refuse(self) -> None:
        if self.broken:
            raise OutsideError(Reason.VOCABULARY_FAILED, "the vocabulary is broken", "mend it")
