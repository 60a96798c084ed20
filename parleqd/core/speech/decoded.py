"""What one decode of a stretch of audio gave, and what can be told from it alone. Times are seconds of that stretch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parleqd.core.speech.transcript import TimedText

TIMESTAMP_S = 0.02
"""What one step of Whisper's timestamp tokens stands for."""
NO_SPEECH = 0.6
"""Whisper's own threshold: a doubt. In a short window a synthesiser's words in rooms reach 0.72."""
SURELY_NO_SPEECH = 0.7
"""In a window of 30 s it parts the two (tiny.en): such words at most 0.63; hums and melodies that pass for a voice at
least 0.87."""


class Decoded(NamedTuple):
    """The pieces between timestamps. ``closed``: the last one ended with a timestamp of its own.

    ``confidence``: mean log-probability of a token; ``no_speech``: how surely Whisper itself hears no speech, 0..1;
    ``full``: the token limit ended it.
    """

    pieces: tuple[TimedText, ...]
    closed: bool
    confidence: float
    no_speech: float
    full: bool

    @property
    def hears_no_speech(self) -> bool:
        """Does Whisper itself take it for something else? In a short window that is only a doubt."""
        return self.no_speech > NO_SPEECH

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(piece.text for piece in self.pieces if piece.text)


def slices(tokens: Sequence[int], first_timestamp: int) -> list[tuple[int | None, int | None, list[int]]]:
    """The tokens of text between timestamps: start and end (as counts of `TIMESTAMP_S`, ``None`` if missing)."""
    found: list[tuple[int | None, int | None, list[int]]] = []
    start: int | None = None
    text: list[int] = []
    for token in tokens:
        if token < first_timestamp:
            text.append(token)
            continue
        at = token - first_timestamp
        if text:
            found.append((start, at, text))
            text = []
        start = at
    if text:
        found.append((start, None, text))
    return found
