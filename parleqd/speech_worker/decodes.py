"""The decodes of one utterance's audio: of a stretch, on from what is known of it, or spliced onto a guess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.care import Care
from parleqd.core.speech.coverage import continued
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.segmenting import Block
from parleqd.core.speech.splicing import reach, spliced, take_up_at
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.ear import Detector, loudness
from parleqd.speech_worker.samples import Samples

Steps = Iterator[list[TimedText] | None]
"""A decode in progress: ``None`` for each step after which there is another, and with the last one the texts."""


class Model(Protocol):
    """What an utterance needs of a speech model."""

    @property
    def thorough(self) -> bool:
        """Is it quick enough to decode all that is said a second time, and more carefully, while more is being said?"""

    def decode(
        self,
        samples: NDArray[np.int16],
        voiced: Sequence[bool],
        spoken: Spoken,
        hotwords: Sequence[str],
        *,
        care: Care,
    ) -> Steps:
        """The text of a segment. ``spoken``: its language, or what is told of it.

        ``hotwords``: terms to expect, the most relevant first.
        """

    def detector(self) -> Detector | None:
        """A fresh voice detector; ``None``: everything may be speech."""


class Decodes:
    """``spoken``: the utterance's language, or what is told of it. ``hotwords``: terms to expect."""

    def __init__(self, model: Model, samples: Samples, spoken: Spoken, hotwords: Sequence[str]) -> None:
        self._model = model
        self._samples = samples
        self._spoken = spoken
        self._hotwords = hotwords

    def texts(self, block: Block, start: int, before: Sequence[TimedText], care: Care) -> Steps:
        """What is said from sample ``start`` on, behind what is known already."""
        frame = (start - block.speech.start) // FRAME_SAMPLES
        samples = self._samples.read(start, block.speech.end)
        offset = start / SAMPLE_RATE
        voiced = block.voiced[frame:]
        for texts in self._model.decode(samples, voiced, self._spoken, self._hotwords, care=care):
            in_doubt = care is Care.BRIEF and not texts  # which what was known before must not hide
            yield texts if texts is None or in_doubt else [*before, *_behind(before, texts, offset)]

    def splice_at(self, block: Block, said_until: int) -> int | None:
        """The sample to take up a guess's decode at, in the quiet; ``None``: there is not enough to spare."""
        between = reach(block.speech.start, said_until)
        if between is None:
            return None
        frames = self._samples.read(*between).reshape(-1, FRAME_SAMPLES)
        return take_up_at(between, [loudness(frame) for frame in frames])

    def spliced(self, block: Block, guess: Sequence[TimedText], at: int, otherwise: Steps) -> Steps:
        """All that is said in a segment: what a guess of it knows, and what is said from sample ``at`` on.

        ``otherwise``: how it is decoded where the two do not meet.
        """
        for end in self.texts(block, at, (), Care.BRIEF):
            texts = None if end is None else spliced(guess, end)
            yield texts
            if texts is not None:
                return
        yield from otherwise


def _behind(before: Sequence[TimedText], texts: Sequence[TimedText], seconds: float) -> list[TimedText]:
    """What is heard from so many seconds on; a word that is heard on both sides of the cut is said once."""
    known = join(text.text for text in before)
    return [
        TimedText(start + seconds, end + seconds, text if at else continued(known, text))
        for at, (start, end, text) in enumerate(texts)
    ]
