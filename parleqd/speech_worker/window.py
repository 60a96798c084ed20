"""One decode of one stretch of audio, in an encoder window that fits it.

faster-whisper pads whatever it is given to 30 s, and the encoder's time grows with that. It accepts shorter windows:
with timestamp tokens on, and what is missing filled with zeros of the spectrogram, the text stays the same (measured;
`core.speech.repeats` says how it fails where it does not).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.biasing import prompt_of
from parleqd.core.speech.decoded import TIMESTAMP_S, Decoded, slices
from parleqd.core.speech.languages import ENGLISH, Spoken
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.windows import WHOLE_S, Window
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.whisper import Tokenizer, get_suppressed_tokens

_FRAMES_A_SECOND = 100
_TOKENS_A_SECOND = 9
_TOKENS_LEAST = 12
_COUNTED_TWICE = 1  # the prompt's last token is the first one that text is made from
_LATEST_START = 50  # in timestamps: one second, faster-whisper's own limit


class WindowDecoder:
    """Decodes with the model of a faster-whisper ``WhisperModel``, at temperature 0 and without previous text.

    ``beam``: how many hypotheses are weighed.
    """

    def __init__(self, whisper: Any, beam: int = 1) -> None:
        self._whisper = whisper
        self._beam = beam
        self._tokenizers: dict[tuple[str, str], Any] = {}

    def decode(
        self, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str] = (), window: Window = Window.FITTING
    ) -> Decoded:
        """The text of at most 30 s of 16 kHz samples; longer ones are cut.

        ``spoken``: in which language, or what is told of it. ``hotwords``: terms to expect, the most relevant first.
        """
        seconds = min(len(samples) / SAMPLE_RATE, WHOLE_S)
        encoded = self._whisper.encode(self._window(samples, window.seconds(seconds)))
        tokenizer = self._tokenizer(spoken, encoded)
        prompt = self._whisper.get_prompt(tokenizer, [], hotwords=self._expected(tokenizer, hotwords))
        longest: int = self._whisper.max_length
        limit = min(
            _TOKENS_LEAST + round(_TOKENS_A_SECOND * seconds), longest // 2, longest + _COUNTED_TWICE - len(prompt)
        )
        [result] = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=self._beam,
            # CTranslate2 stops at half of what it is told, or when the prompt and the text are that long (measured).
            max_length=max(2 * limit, limit + len(prompt) - _COUNTED_TWICE),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
            max_initial_timestamp_index=_LATEST_START,
        )
        tokens = result.sequences_ids[0]
        return self._decoded(tokens, tokenizer, seconds, result, full=len(tokens) >= limit)

    def exercise(self, samples: NDArray[np.int16], tokens: int) -> list[int]:
        """A decode of which nothing is wanted: it makes so many tokens, whatever it hears."""
        tokenizer = self._tokenizer(Spoken(), None)
        [result] = self._whisper.model.generate(
            self._whisper.encode(self._window(samples, Window.FITTING.seconds(0))),
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

    def _window(self, samples: NDArray[np.int16], window_s: float) -> NDArray[np.float32]:
        features = self._whisper.feature_extractor(samples)
        frames = round(window_s * _FRAMES_A_SECOND)
        window = np.zeros((len(features), frames), dtype=np.float32)
        kept = min(frames, features.shape[1])
        window[:, :kept] = features[:, :kept]
        return window

    def _expected(self, tokenizer: Any, hotwords: Sequence[str]) -> str | None:
        """The terms that fit; faster-whisper alone would cut the last one anywhere."""
        most = self._whisper.max_length // 2 - 1
        return prompt_of(hotwords, most, lambda text: len(tokenizer.encode(text))) or None

    def _tokenizer(self, spoken: Spoken, encoded: Any) -> Any:
        """For the language that is spoken, found in what was encoded where it is not known yet."""
        multilingual = self._whisper.model.is_multilingual
        if not multilingual:
            spoken.settle(ENGLISH)
        elif spoken.language not in self._whisper.supported_languages:
            [found] = self._whisper.model.detect_language(encoded)
            spoken.hear({str(token).strip("<|>"): probability for token, probability in found})
        kind = (spoken.language, "translate" if spoken.translate else "transcribe")
        if kind not in self._tokenizers:
            language, task = kind
            self._tokenizers[kind] = Tokenizer(self._whisper.hf_tokenizer, multilingual, task=task, language=language)
        return self._tokenizers[kind]
