"""Puts a text together from its pieces. Capitals and full stops at the joins are the clean-up's work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class TimedText(NamedTuple):
    """A piece of text and when it is spoken, in seconds of audio."""

    start: float
    end: float
    text: str


def join(texts: Iterable[str]) -> str:
    """The pieces joined with one space; empty ones leave no trace."""
    return " ".join(stripped for text in texts if (stripped := text.strip()))
