"""One decode of one stretch of audio, in an encoder window that fits it.

faster-whisper pads whatever it is given to 30 s, and the encoder's time grows with that. It accepts shorter windows:
with timestamp tokens on, and what is missing filled with zeros of the spectrogram, the text stays the same (measured;
`core.speech.repeats` says how it fails where it does not).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.decoded import TIMESTAMP_S, Decoded, slices
from parleqd.core.speech.transcript import TimedText
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.whisper import Tokenizer, get_suppressed_tokens

WHOLE_S = 30.0
"""The window that Whisper was trained with."""
LEAST_S = 10.0
MARGIN_S = 2.0
_FRAMES_A_SECOND = 100
_TOKENS_A_SECOND = 9
_TOKENS_LEAST = 12
_COUNTED_TWICE = 1  # the prompt's last token is the first one that text is made from
_LATEST_START = 50  # in timestamps: one second, faster-whisper's own limit


class WindowDecoder:
    """Decodes with the model of a faster-whisper ``WhisperModel``: beam 1, temperature 0, no previous text."""

    def __init__(self, whisper: Any) -> None:
        self._whisper = whisper
        self._tokenizers: dict[str, Any] = {}

    def decode(
        self, samples: NDArray[np.int16], language: str | None, hotwords: str = "", *, whole: bool = False
    ) -> Decoded:
        """The text of at most 30 s of 16 kHz samples; longer ones are cut. ``whole``: in the window of 30 s.

        ``language``: Whisper's code; ``None``: the model finds out. ``hotwords``: terms to expect.
        """
        seconds = min(len(samples) / SAMPLE_RATE, WHOLE_S)
        window_s = WHOLE_S if whole else min(WHOLE_S, max(LEAST_S, seconds + MARGIN_S))
        encoded = self._whisper.encode(self._window(samples, window_s))
        tokenizer = self._tokenizer(language or self._language_of(encoded))
        prompt = self._whisper.get_prompt(tokenizer, [], hotwords=hotwords or None)
        longest: int = self._whisper.max_length
        limit = min(
            _TOKENS_LEAST + round(_TOKENS_A_SECOND * seconds), longest // 2, longest + _COUNTED_TWICE - len(prompt)
        )
        [result] = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=1,
            # CTranslate2 stops at half of what it is told, or when the prompt and the text are that long (measured).
            max_length=max(2 * limit, limit + len(prompt) - _COUNTED_TWICE),
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=list(get_suppressed_tokens(tokenizer, [-1])),
            max_initial_timestamp_index=_LATEST_START,
        )
        tokens = result.sequences_ids[0]
        return self._decoded(tokens, tokenizer, seconds, result, full=len(tokens) >= limit)

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

    def _language_of(self, encoded: Any) -> str:
        if not self._whisper.model.is_multilingual:
            return "en"
        [[(token, _), *_]] = self._whisper.model.detect_language(encoded)
        return str(token).strip("<|>")

    def _tokenizer(self, language: str) -> Any:
        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._whisper.hf_tokenizer, self._whisper.model.is_multilingual, task="transcribe", language=language
            )
        return self._tokenizers[language]
