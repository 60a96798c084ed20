"""The text of one segment: as many decodes as it takes, each a step of its own.

The guards are what makes short windows safe: a loop is decoded once more in the window of 30 s, and what a decode
left out is decoded on from where it stopped.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.coverage import continued, rest_of
from parleqd.core.speech.decoded import Decoded
from parleqd.core.speech.repeats import collapsed, is_looping, words_of
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.voice import FRAME_S
from parleqd.protocol.names import SAMPLE_RATE

LOWEST_CONFIDENCE = -1.0
HIGHEST_COMPRESSION = 2.4
"""Both faster-whisper's own: beyond them a text is hardly one."""
GOES_ON = 3
"""So often, at most, one segment is decoded on."""


class Decoder(Protocol):
    """`window.WindowDecoder`."""

    def decode(
        self, samples: NDArray[np.int16], language: str | None, hotwords: str = "", *, whole: bool = False
    ) -> Decoded:
        """The text of at most 30 s."""


def segment_texts(
    decoder: Decoder, samples: NDArray[np.int16], voiced: Sequence[bool], language: str | None, hotwords: str = ""
) -> Iterator[list[TimedText] | None]:
    """``None`` for each decode that is done, and at last the texts, in seconds from the first sample."""
    texts: list[TimedText] = []
    left_out: list[TimedText] = []
    offset = 0.0
    for more in reversed(range(1 + GOES_ON)):
        stretch = samples[round(offset * SAMPLE_RATE) :]
        heard = voiced[round(offset / FRAME_S) :]
        decoded = decoder.decode(stretch, language, hotwords)
        yield None
        if _is_doubtful(decoded):
            decoded = decoder.decode(stretch, language, hotwords, whole=True)
            yield None
        rest = rest_of(decoded, heard) if more else None
        pieces = _continuing(texts, decoded.pieces, offset) or left_out
        if rest is None:
            texts += pieces
            break
        texts += pieces[: len(rest.kept)]
        left_out = pieces[len(rest.kept) :]
        offset += rest.at
    yield _cleared(texts)


def _continuing(texts: list[TimedText], pieces: Sequence[TimedText], offset: float) -> list[TimedText]:
    """The pieces of a decode that began at ``offset``, behind ``texts``."""
    before = " ".join(text.text for text in texts)
    return [
        TimedText(offset + start, offset + end, text if at else continued(before, text))
        for at, (start, end, text) in enumerate(pieces)
    ]


def _cleared(texts: list[TimedText]) -> list[TimedText]:
    """The texts without loops, and without those that hold no word: a lone full stop is what Whisper makes of noise."""
    said = collapsed([text.text for text in texts])
    return [TimedText(text.start, text.end, one) for text, one in zip(texts, said, strict=True) if words_of(one)]


def _is_doubtful(decoded: Decoded) -> bool:
    text = decoded.text
    return (
        not words_of(text)  # though there is a voice in it
        or decoded.full
        or decoded.confidence < LOWEST_CONFIDENCE
        or _compression(text) > HIGHEST_COMPRESSION
        or is_looping(text)
    )


def _compression(text: str) -> float:
    """How far a text can be squeezed: a loop, far. As faster-whisper measures it."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))
