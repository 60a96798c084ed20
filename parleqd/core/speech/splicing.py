"""What was said behind a guess, put onto it: its end is decoded again, and both meet where they say the same words.

A token costs the decoder as much in a long segment as in a short one. So what somebody waits for when the key comes up
is the last few seconds, however long the dictation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from parleqd.core.speech.repeats import said_as
from parleqd.core.speech.segmenting import Span, quietest
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE

OVERLAP_S = (3.0, 1.5)
"""So far before a guess's end, at most and at least, its decode is taken up again: at the quietest point between."""
LEAST_S = 0.6
"""So much of the segment, at least, must be spared that way, or all of it is decoded."""
SURE = 3
"""So many words both have heard."""
_SURE_LETTERS = (7, 12)
"""Or two, of so many letters together, where one text ends and the other begins, or begins with a word half heard."""
_UNSURE = 3
"""So many words, at most, at the end of the guess and at the beginning of the other are only half heard."""
_NEAR = 3
_LOOKED_AT = 16
"""So many words at the end of the guess: nobody says more in `OVERLAP_S`. What was said before them is no other place
to meet at, even if it was the same."""
_SAME, _OTHER = 2, -1
_QUIET_FRAMES = 2


def reach(begin: int, said_until: int) -> Span | None:
    """Where the decode of a guess may be taken up again: whole frames behind sample ``begin`` of its segment.

    ``None``: it is too short to spare anything.
    """
    least, *overlap = (round(seconds * SAMPLE_RATE) // FRAME_SAMPLES for seconds in (LEAST_S, *OVERLAP_S))
    farthest, nearest = ((said_until - begin) // FRAME_SAMPLES - frames for frames in overlap)
    first = max(least, farthest)
    if nearest - first < _QUIET_FRAMES:
        return None
    return Span(begin + first * FRAME_SAMPLES, begin + nearest * FRAME_SAMPLES)


def take_up_at(between: Span, loudness: Sequence[float]) -> int:
    """The sample to begin at. ``loudness``: of each frame of the span."""
    return between.start + quietest(loudness, _QUIET_FRAMES) * FRAME_SAMPLES


def spliced(guess: Sequence[TimedText], end: Sequence[TimedText]) -> list[TimedText] | None:
    """The guess up to words that both have heard, and ``end`` from there on; ``None``: they do not surely meet.

    ``end``: the text of the guess's last seconds and of what was said behind them.
    """
    left = [_Word(piece, *word) for piece, text in enumerate(guess) for word in _spoken(text.text)]
    right = [_Word(piece, *word) for piece, text in enumerate(end) for word in _spoken(text.text)]
    skipped = max(0, len(left) - _LOOKED_AT)
    met = _meeting([word.said for word in left[skipped:]], [word.said for word in right])
    if met is None:
        return None
    at = skipped + met[0]
    piece = left[at].piece
    joint = [word.written for word in left[:at] if word.piece == piece] + [word.written for word in right[met[1] :]]
    return [*guess[:piece], TimedText(guess[piece].start, max(guess[piece].end, end[-1].end), " ".join(joint))]


class _Word(NamedTuple):
    piece: int
    written: str
    said: str


def _spoken(text: str) -> Iterator[tuple[str, str]]:
    """Each word as it is written and as it is compared; what is no word stays with the one before it."""
    written: list[str] = []
    known = ""
    for piece, said in zip(text.split(), said_as(text), strict=True):
        if said and known:
            yield " ".join(written), known
            written = []
        written.append(piece)
        known = said or known
    if known:
        yield " ".join(written), known


def _meeting(left: Sequence[str], right: Sequence[str]) -> tuple[int, int] | None:
    """Where to go over from one to the other, as an index into each; ``None``: nowhere surely.

    It is the second of two words in a row, as near as can be to the middle of what both have: one hears its last words
    worst, the other its first. A word that one of them has skipped must not be lost.
    """
    pairs = _aligned(left, right)
    if not _are_enough(pairs, left, right) or _meet_elsewhere(left, right, pairs):
        return None
    (first_left, first_right), (last_left, last_right) = pairs[0], pairs[-1]
    places = [
        (at, other)
        for before, (at, other) in pairwise(pairs)
        if before == (at - 1, other - 1)
        and at - first_left >= other - first_right
        and last_right - other >= last_left - at
        and len(right) - other >= len(left) - at
    ]
    middle = (first_left + last_left + 1) / 2
    return min(places, key=lambda place: abs(place[0] - middle), default=None)


def _are_enough(pairs: Sequence[tuple[int, int]], left: Sequence[str], right: Sequence[str]) -> bool:
    """Are the pairs, which lie between words that only one has heard, more than chance?"""
    if not pairs:
        return False
    begun, over = pairs[0][1], len(left) - 1 - pairs[-1][0]
    letters = sum(len(right[at]) for _, at in pairs)
    is_sure = len(pairs) >= SURE or (over <= 1 and begun <= 1 and letters >= _SURE_LETTERS[begun])
    return is_sure and max(begun, over) <= _UNSURE


def _meet_elsewhere(left: Sequence[str], right: Sequence[str], pairs: Sequence[tuple[int, int]]) -> bool:
    """Might they meet some words earlier or later? Who says "no, no, no", or a phrase again, is decoded whole."""
    offsets = {other - at for at, other in pairs}
    for offset in range(1 - len(left), len(right)):
        if offset in offsets:
            continue
        is_near = any(abs(offset - one) <= _NEAR for one in offsets)
        same = [left[at] == right[at + offset] for at in range(max(0, -offset), min(len(left), len(right) - offset))]
        # Where the end begins, the guess may well be over: two words are much there.
        if _longest_run(same) >= (2 if is_near else SURE) or (offset <= 0 and len(same) >= 2 and all(same)):
            return True
    return False


def _longest_run(same: Sequence[bool]) -> int:
    longest = run = 0
    for one in same:
        run = run + 1 if one else 0
        longest = max(longest, run)
    return longest


def _aligned(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of equal words in the best local alignment (Smith and Waterman, 1981)."""
    width = len(right) + 1
    scores = [[0] * width for _ in range(len(left) + 1)]
    best = (0, 0, 0)
    for row, word in enumerate(left, 1):
        for column, other in enumerate(right, 1):
            diagonal = scores[row - 1][column - 1] + (_SAME if word == other else _OTHER)
            scores[row][column] = max(0, diagonal, scores[row - 1][column] + _OTHER, scores[row][column - 1] + _OTHER)
            best = max(best, (scores[row][column], row, column))
    score, row, column = best
    pairs: list[tuple[int, int]] = []
    while score > 0:
        same = left[row - 1] == right[column - 1]
        if score == scores[row - 1][column - 1] + (_SAME if same else _OTHER):
            row, column = row - 1, column - 1
            if same:
                pairs.append((row, column))
        elif score == scores[row - 1][column] + _OTHER:
            row -= 1
        else:
            column -= 1
        score = scores[row][column]
    return pairs[::-1]
