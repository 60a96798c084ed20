"""The text of one segment: as many decodes as it takes, each a step of its own.

The guards are what makes short windows safe: a loop is decoded once more in the window of 30 s, what that takes for no
speech is no text, and what a decode left out is decoded on from where it stopped.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.care import Care
from parleqd.core.speech.coverage import continued, is_silent, rest_of
from parleqd.core.speech.decoded import SURELY_NO_SPEECH, Decoded
from parleqd.core.speech.echoes import is_echo
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.repeats import collapsed, is_looping, without_restart, words_of
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.voice import FRAME_S
from parleqd.core.speech.windows import WHOLE_S, Window
from parleqd.protocol.names import SAMPLE_RATE

LOWEST_CONFIDENCE = -1.0
HIGHEST_COMPRESSION = 2.4
"""Both faster-whisper's own: beyond them a text is hardly one."""
LOWEST_CONFIDENCE_IN_NOISE = -0.75
"""Of text where Whisper hears no speech: of speech with music before it, it is sure."""
_SURE = (Window.FITTING, Window.WHOLE)
_WINDOWS = {Care.USUAL: (Window.SNUG, *_SURE), Care.GREAT: _SURE}
"""In which to decode, each for those texts that are doubtful in the one before."""
GOES_ON = 3
"""So often, at most, one segment is decoded on."""


class Decoder(Protocol):
    """`window.WindowDecoder`."""

    def decode(
        self, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str] = (), window: Window = Window.FITTING
    ) -> Generator[None, None, Decoded]:
        """The text of at most 30 s; a step while it is not done."""


def segment_texts(
    decoder: Decoder,
    samples: NDArray[np.int16],
    voiced: Sequence[bool],
    spoken: Spoken,
    hotwords: Sequence[str] = (),
    care: Care = Care.GREAT,
) -> Iterator[list[TimedText] | None]:
    """``None`` for each step of a decode, and for each decode that is not enough; with the last one the texts, in
    seconds from the first sample.
    """
    spoken.begin(sum(voiced) * FRAME_S if voiced else len(samples) / SAMPLE_RATE)
    texts: list[TimedText] = []
    left_out: list[TimedText] = []
    offset = 0.0
    for more in reversed(range(1 + GOES_ON)):
        stretch = samples[round(offset * SAMPLE_RATE) :]
        heard = voiced[round(offset / FRAME_S) :]
        if offset:
            yield None
        decoded = yield from _decoded(decoder, stretch, spoken, hotwords, care)
        if care is Care.BRIEF and not decoded.pieces:
            yield []
            return
        rest = rest_of(decoded, heard) if more else None
        before = [] if is_silent(voiced, offset) else texts
        pieces = _continuing(before, decoded.pieces, offset) or left_out
        if rest is None:
            texts += pieces
            break
        texts += pieces[: len(rest.kept)]
        left_out = pieces[len(rest.kept) :]
        offset += rest.at
    yield _cleared(texts, voiced)


def _decoded(
    decoder: Decoder, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str], care: Care
) -> Generator[None, None, Decoded]:
    """One stretch, as surely as it can be told: in doubt in a larger window, an echo without what it echoes."""
    if care is Care.BRIEF:
        decoded = yield from decoder.decode(samples, spoken, hotwords, Window.SNUG)
        return decoded._replace(pieces=()) if is_echo(decoded, hotwords) or _is_doubtful(decoded) else decoded
    *tries, last = _WINDOWS[care]
    expected = hotwords
    for window in tries:
        if window.seconds(len(samples) / SAMPLE_RATE) == WHOLE_S:
            break  # it would be the same once more
        decoded = yield from decoder.decode(samples, spoken, expected, window)
        echo = is_echo(decoded, expected)
        if not (echo or _is_doubtful(decoded)):
            return decoded
        if echo or decoded.hears_no_speech:
            expected = ()
        yield None
    decoded = yield from decoder.decode(samples, spoken, expected, last)
    if is_echo(decoded, expected):
        yield None
        decoded = yield from decoder.decode(samples, spoken, (), last)
    return _heard(decoded)


def _continuing(texts: list[TimedText], pieces: Sequence[TimedText], offset: float) -> list[TimedText]:
    """The pieces of a decode that began at ``offset``, in mid-voice behind ``texts``."""
    before = " ".join(text.text for text in texts)
    return [
        TimedText(offset + start, offset + end, text if at else continued(before, text))
        for at, (start, end, text) in enumerate(pieces)
    ]


def _heard(decoded: Decoded) -> Decoded:
    """A decode in the window of 30 s: nothing, where Whisper hears no speech and is not sure of its words either."""
    is_noise = decoded.no_speech > SURELY_NO_SPEECH and decoded.confidence < LOWEST_CONFIDENCE_IN_NOISE
    return decoded._replace(pieces=()) if is_noise else decoded


def _cleared(texts: list[TimedText], voiced: Sequence[bool]) -> list[TimedText]:
    """The texts without loops, and without those that hold no word: a lone full stop is what Whisper makes of noise."""
    said = [text.text for text in texts]
    if voiced:
        said = without_restart(said, sum(voiced) * FRAME_S)
    said = collapsed(said, [_voiced_s(voiced, text) for text in texts] if voiced else None)
    return [TimedText(text.start, text.end, one) for text, one in zip(texts, said, strict=True) if words_of(one)]


def _voiced_s(voiced: Sequence[bool], text: TimedText) -> float:
    return sum(voiced[int(text.start / FRAME_S) : math.ceil(text.end / FRAME_S)]) * FRAME_S


def _is_doubtful(decoded: Decoded) -> bool:
    text = decoded.text
    return (
        not words_of(text)  # though there is a voice in it
        or decoded.full
        or decoded.hears_no_speech
        or decoded.confidence < LOWEST_CONFIDENCE
        or _compression(text) > HIGHEST_COMPRESSION
        or is_looping(text)
    )


def _compression(text: str) -> float:
    """How far a text can be squeezed: a loop, far. As faster-whisper measures it."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))
