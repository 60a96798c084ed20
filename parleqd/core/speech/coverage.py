"""Does a decode account for all that was said? Whisper often stops before its window ends, and says nothing of it.

faster-whisper decodes a long clip on from the last timestamp; one segment in one window must do the same for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parleqd.core.speech.decoded import Decoded
from parleqd.core.speech.repeats import said_as, words_of
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.voice import FRAME_S

MISSED_S = 0.35
"""So much voice behind the last timestamp is speech that was dropped."""
SLACK_S = 0.25
"""Timestamps are that inexact."""
THIN_WORDS_A_SECOND = 1.3
"""Nobody speaks so slowly: text without an end timestamp that is so thin stands for more than it says."""
THIN_FROM_S = 1.5
OVERLAP_WORDS = 4
"""So many words, at most, may be said again where decoding went on."""


class Rest(NamedTuple):
    """Keep these pieces, and decode on from ``at`` (seconds of the same stretch)."""

    kept: tuple[TimedText, ...]
    at: float


def rest_of(decoded: Decoded, voiced: Sequence[bool]) -> Rest | None:
    """What is still to be decoded; ``None``: nothing. ``voiced``: each frame of the stretch; empty where unknown."""
    pieces = decoded.pieces
    if not pieces or not voiced:
        return None
    if decoded.closed:
        rest = Rest(pieces, pieces[-1].end)
        missed = _voice_s(voiced, rest.at + SLACK_S) >= MISSED_S
    else:
        rest = Rest(pieces[:-1], pieces[-1].start)
        voice_s = _voice_s(voiced, rest.at)
        is_thin = len(words_of(pieces[-1].text)) < THIN_WORDS_A_SECOND * voice_s
        missed = decoded.full or (voice_s > THIN_FROM_S and is_thin)
    return rest if missed and rest.at > 0 else None  # from the very beginning it would only be the same again


def continued(before: str, after: str) -> str:
    """``after`` without the words at its beginning that are the last words of ``before``.

    For where decoding went on in mid-voice: now and then a word is heard on both sides of that, of a silence never.
    """
    pieces = after.split()
    old, new = said_as(before), said_as(after)
    for count in range(min(OVERLAP_WORDS, len(old), len(new)), 0, -1):
        if old[-count:] == new[:count]:
            return " ".join(pieces[count:])
    return after


def is_silent(voiced: Sequence[bool], at: float) -> bool:
    """Is there no voice around this moment, as far as is known? Then no word is heard on both sides of it."""
    frame = int(at / FRAME_S)
    around = voiced[max(0, frame - 1) : frame + 2]
    return bool(around) and not any(around)


def _voice_s(voiced: Sequence[bool], since: float) -> float:
    return sum(voiced[max(0, round(since / FRAME_S)) :]) * FRAME_S
