"""Where the vocabulary is kept."""

from __future__ import annotations

from typing import Protocol


class VocabularyStore(Protocol):
    """One text. Calls block: they are made in a thread."""

    @property
    def place(self) -> str:
        """What people open to change it by hand."""

    def read(self) -> str:
        """The text; "" where there is none yet. Raises ``OutsideError`` (``vocabulary_failed``)."""

    def write(self, text: str) -> None:
        """Replace it, wholly or not at all. Raises ``OutsideError`` (``vocabulary_failed``)."""
