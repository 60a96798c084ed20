"""Segments that are over and whose text is not final yet: drafts. While they fit into one window, they are decoded once
more together: the revision.

More context makes fewer errors, at joins above all, and while somebody speaks the decoder is idle nine tenths of the
time. What the key's release finds without a revision is taken as it is: nobody waits for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parleqd.core.speech.guesses import Guess
from parleqd.core.speech.segmenting import Block, Span
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE

LONGEST_S = 28.0
"""What one revision spans, at most: Whisper's window is 30 s, and wants some silence behind the speech."""

SOON_S = 4.0
"""Who lets go this soon behind the last guess before a cut has both its sides decoded as one: nobody had time to listen
to that join, and there is only one end to decode."""


class Draft(NamedTuple):
    """``guesses``: made while the segment was open; ``beyond``: those that reach behind its end, which was found later.

    ``texts``: of all of it; ``None``: not decoded yet.
    """

    block: Block
    guesses: Sequence[Guess]
    beyond: Sequence[Guess]
    texts: Sequence[TimedText] | None

    @property
    def hypothesis(self) -> Sequence[TimedText]:
        """The best that is known of it."""
        if self.texts is not None:
            return self.texts
        return self.guesses[-1].texts if self.guesses else ()


class Drafts:
    """The drafts of one utterance, oldest first. ``longest_s``: what they may span together."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        self._longest = longest_s * SAMPLE_RATE
        self._drafts: list[Draft] = []
        self._revision: Sequence[TimedText] = ()
        self._revised = 0

    def __len__(self) -> int:
        return len(self._drafts)

    def fits(self, block: Block) -> bool:
        """May this segment be decoded together with the drafts?"""
        return not self._drafts or block.speech.end - self._drafts[0].block.speech.start <= self._longest

    def add(self, block: Block, guesses: Sequence[Guess]) -> None:
        """A segment is over. ``guesses``: those that were made of what was open, oldest first."""
        self._drafts.append(_draft(block, guesses))

    def goes_on(self, block: Block, guesses: Sequence[Guess]) -> bool:
        """Was the last one cut off just before, and is it not decoded yet? Then this segment is better a part of it.

        ``guesses``: made of this one; it may be known already.
        """
        last = self._drafts[-1] if len(self._drafts) > self._revised else None
        if last is None or last.texts is not None or block.speech.end - last.block.speech.start > self._longest:
            return False
        if guesses and guesses[-1].covers(block):
            return False
        known = max((guess.said_until for guess in (*last.guesses, *last.beyond)), default=0)
        return block.speech.end - known <= SOON_S * SAMPLE_RATE

    def extend(self, block: Block) -> None:
        """The last one goes on to the end of this segment."""
        last = self._drafts[-1]
        self._drafts[-1] = _draft(_joined([last.block, block]), [*last.guesses, *last.beyond])

    @property
    def is_revised(self) -> bool:
        """Is there a revision of them all?"""
        return self._revised == len(self._drafts)

    @property
    def together(self) -> Block:
        """All of them as one segment. There must be one."""
        return _joined([draft.block for draft in self._drafts])

    def revise(self, until: int, texts: Sequence[TimedText]) -> None:
        """The text of all that ends at sample ``until`` at the latest."""
        self._revision = texts
        self._revised = sum(draft.block.end <= until for draft in self._drafts)

    @property
    def unread(self) -> Draft | None:
        """The first without any text."""
        return next((draft for draft in self._drafts[self._revised :] if draft.texts is None), None)

    def read(self, draft: Draft, texts: Sequence[TimedText]) -> None:
        """The text of one of them."""
        self._drafts[self._drafts.index(draft)] = draft._replace(texts=texts)

    @property
    def texts(self) -> list[TimedText]:
        """The best that is known of them all."""
        return [text for _, texts in self.decodes for text in texts]

    @property
    def decodes(self) -> list[tuple[int, Sequence[TimedText]]]:
        """The same by decode: the sample that it begins at, and its texts."""
        unrevised = [(draft.block.start, draft.hypothesis) for draft in self._drafts[self._revised :]]
        return [(self._drafts[0].block.start, self._revision), *unrevised] if self._revised else unrevised

    def clear(self) -> None:
        """They are committed."""
        self._drafts, self._revision, self._revised = [], (), 0


def _draft(block: Block, guesses: Sequence[Guess]) -> Draft:
    mine = [guess for guess in guesses if guess.begins(block)]
    beyond = [guess for guess in guesses if guess.reaches_beyond(block)]
    return Draft(block, mine, beyond, mine[-1].texts if mine and mine[-1].covers(block) else None)


def _joined(blocks: Sequence[Block]) -> Block:
    """Consecutive segments as one."""
    first, last = blocks[0], blocks[-1]
    known = [block.voiced_seconds for block in blocks]
    voiced_seconds = VOICED_UNKNOWN if VOICED_UNKNOWN in known else sum(known)
    return Block(first.start, last.end, Span(first.speech.start, last.speech.end), _voiced(blocks), voiced_seconds)


def _voiced(blocks: Sequence[Block]) -> list[bool]:
    """Of each frame from the first's speech to the last's; empty where it is not known of one of them."""
    voiced: list[bool] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        if not block.voiced:
            return []
        between = 0 if before is None else (block.speech.start - before.speech.end) // FRAME_SAMPLES
        voiced += [False] * between + list(block.voiced)
    return voiced
