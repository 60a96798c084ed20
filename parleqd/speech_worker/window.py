"""One decode of one stretch of audio, in an encoder window that fits it.

faster-whisper pads whatever it is given to 30 s, and the encoder's time grows with that. It accepts shorter windows:
with timestamp tokens on, and what is missing filled with zeros of the spectrogram, the text stays the same (measured;
`core.speech.repeats` says how it fails where it does not).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.biasing import prompt_of
from parleqd.core.speech.decoded import TIMESTAMP_S, Decoded, slices
from parleqd.core.speech.languages import ENGLISH, Spoken
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.windows import WHOLE_S, Window
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.whisper import StorageView, Tokenizer, get_suppressed_tokens

_FRAMES_A_SECOND = 100
_TOKENS_A_SECOND = 9
_TOKENS_LEAST = 12
_COUNTED_TWICE = 1  # the prompt's last token is the first one that text is made from
_LATEST_START = 50  # in timestamps: one second, faster-whisper's own limit
AT_ONCE = 2
"""Decodes: what somebody waits for, beside one that was begun in advance and is wanted no more."""
_LOOK_S = 0.001
_STEP_S = 0.01
"""So long a step waits for a decode, looking again and again: a key that is let go of meanwhile waits no longer."""
_PATIENCE_S = 20.0
"""A decode that takes this long is waited for in one step, so that whoever watches the steps sees where it hangs."""


class Places:
    """Which decodes are under way, wanted or not. One more than `AT_ONCE` is not begun: it could not be called back."""

    def __init__(self) -> None:
        self._under_way: list[Any] = []

    def wait(self) -> Generator[None, None, None]:
        """Until there is a place."""
        yield from _until(self._is_free, self._wait_for_one)

    def take(self, under_way: Any) -> None:
        """A decode has begun."""
        self._under_way.append(under_way)

    def _wait_for_one(self) -> None:
        with suppress(Exception):  # nobody wants its text
            self._under_way[0].result()

    def _is_free(self) -> bool:
        self._under_way = [one for one in self._under_way if not one.done()]
        return len(self._under_way) < AT_ONCE


class WindowDecoder:
    """Decodes with the model of a faster-whisper ``WhisperModel``, at temperature 0 and without previous text.

    ``beam``: how many hypotheses are weighed. ``places``: of all that decode with this model.
    """

    def __init__(self, whisper: Any, beam: int = 1, places: Places | None = None) -> None:
        self._whisper = whisper
        self._beam = beam
        self._places = places or Places()
        self._tokenizers: dict[tuple[str, str], Any] = {}

    def decode(
        self, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str] = (), window: Window = Window.FITTING
    ) -> Generator[None, None, Decoded]:
        """The text of at most 30 s of 16 kHz samples; longer ones are cut. A step is a moment in which it is not done:
        it is computed in another thread, which a decode that nobody goes on with leaves to end on its own.

        ``spoken``: in which language, or what is told of it. ``hotwords``: terms to expect, the most relevant first.
        """
        yield from self._places.wait()
        seconds = min(len(samples) / SAMPLE_RATE, WHOLE_S)
        heard = self._settled(spoken, self._window(samples, window.seconds(seconds)))
        tokenizer = self._tokenizer(spoken)
        prompt = self._whisper.get_prompt(tokenizer, [], hotwords=self._expected(tokenizer, hotwords))
        longest: int = self._whisper.max_length
        limit = min(
            _TOKENS_LEAST + round(_TOKENS_A_SECOND * seconds), longest // 2, longest + _COUNTED_TWICE - len(prompt)
        )
        [under_way] = self._whisper.model.generate(
            heard,
            [prompt],
            asynchronous=True,
            beam_size=self._beam,
            # CTranslate2 stops at half of what it is told, or when the prompt and the text are that long (measured).
            max_length=max(2 * limit, limit + len(prompt) - _COUNTED_TWICE),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
            max_initial_timestamp_index=_LATEST_START,
        )
        self._places.take(under_way)
        yield from _until(under_way.done, under_way.result)
        result = under_way.result()
        tokens = result.sequences_ids[0]
        return self._decoded(tokens, tokenizer, seconds, result, full=len(tokens) >= limit)

    def exercise(self, samples: NDArray[np.int16], tokens: int) -> list[int]:
        """A decode of which nothing is wanted: it makes so many tokens, whatever it hears."""
        tokenizer = self._tokenizer(Spoken())
        [result] = self._whisper.model.generate(
            self._window(samples, Window.FITTING.seconds(0)),
            [self._whisper.get_prompt(tokenizer, [])],
            beam_size=1,
            max_length=2 * tokens,
            suppress_tokens=[tokenizer.eot],
        )
        return list(result.sequences_ids[0])

    def _decoded(self, tokens: list[int], tokenizer: Any, seconds: float, result: Any, *, full: bool) -> Decoded:
        pieces, closed = list[TimedText](), True
        for start, end, text in slices(tokens, tokenizer.timestamp_begin):
            if said := tokenizer.decode(text).strip():
                closed = end is not None
                until = seconds if end is None else min(seconds, end * TIMESTAMP_S)
                pieces.append(TimedText(min(seconds, (start or 0) * TIMESTAMP_S), until, said))
        confidence = result.scores[0] * len(tokens) / (len(tokens) + 1)  # as faster-whisper counts: with the end token
        return Decoded(tuple(pieces), closed, confidence, result.no_speech_prob, full)

    def _window(self, samples: NDArray[np.int16], window_s: float) -> Any:
        features = self._whisper.feature_extractor(samples)
        frames = round(window_s * _FRAMES_A_SECOND)
        window = np.zeros((1, len(features), frames), dtype=np.float32)
        kept = min(frames, features.shape[1])
        window[0, :, :kept] = features[:, :kept]
        return StorageView.from_array(window)

    def _expected(self, tokenizer: Any, hotwords: Sequence[str]) -> str | None:
        """The terms that fit; faster-whisper alone would cut the last one anywhere."""
        most = self._whisper.max_length // 2 - 1
        return prompt_of(hotwords, most, lambda text: len(tokenizer.encode(text))) or None

    def _settled(self, spoken: Spoken, window: Any) -> Any:
        """The window, encoded already where the language had to be found in it."""
        model = self._whisper.model
        if not model.is_multilingual:
            spoken.settle(ENGLISH)
        elif spoken.language not in self._whisper.supported_languages:
            window = model.encode(window)
            [found] = model.detect_language(window)
            spoken.hear({str(token).strip("<|>"): probability for token, probability in found})
        return window

    def _tokenizer(self, spoken: Spoken) -> Any:
        kind = (spoken.language, "translate" if spoken.translate else "transcribe")
        if kind not in self._tokenizers:
            language, task = kind
            self._tokenizers[kind] = Tokenizer(
                self._whisper.hf_tokenizer, self._whisper.model.is_multilingual, task=task, language=language
            )
        return self._tokenizers[kind]


def ended(steps: Generator[None, None, Decoded]) -> Decoded:
    """What a decode came to, for whoever has nothing else to do."""
    try:
        while True:
            next(steps)
    except StopIteration as end:
        decoded: Decoded = end.value
        return decoded


def _until(done: Callable[[], bool], wait: Callable[[], object]) -> Generator[None, None, None]:
    """Steps until it is done. ``wait``: for it, however long it takes."""
    patient_until = time.monotonic() + _PATIENCE_S
    while not _soon(done):
        if time.monotonic() >= patient_until:
            wait()
        yield


def _soon(done: Callable[[], bool]) -> bool:
    """Is it, or will it be within a step?"""
    until = time.monotonic() + _STEP_S
    while not done():
        if time.monotonic() >= until:
            return False
        time.sleep(_LOOK_S)
    return True
