"""The speech model: faster-whisper on a folder, and the voice detector that goes before it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.calibration import SPEECH_S, TOKENS
from parleqd.core.speech.care import Care
from parleqd.core.speech.devices import ON_CPU, Computing
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.transcript import TimedText
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.decoding import segment_texts
from parleqd.speech_worker.loading import opened
from parleqd.speech_worker.voice import VoiceDetector, voice_detector
from parleqd.speech_worker.window import Places, WindowDecoder

CAREFUL_BEAM = 5
"""Measured on segments (tiny.en, 4584 words of long and adverse dictations): 8 % fewer errors than with beam 1, for a
quarter more time."""
THOROUGH_S = 0.8
"""Processor seconds for five seconds of speech. A revision of half a minute takes some ten times as long: with a slower
model the key would be let go of while one is under way too often."""


class SpeechModel:
    """A loaded model, and the voice detector that goes before it."""

    def __init__(self, folder: Path, wanted: Computing = ON_CPU) -> None:
        """Raises whatever faster-whisper raises for a damaged model."""
        whisper, computing, self.problem = opened(folder, wanted)
        self.compute_type = computing.compute_type
        self.device = computing.device
        places = Places()
        self._quick = WindowDecoder(whisper, places=places)
        self._careful = WindowDecoder(whisper, CAREFUL_BEAM, places)
        self.thorough = _effort_s(self._quick) <= THOROUGH_S
        self.detector()  # loads its network, so that the first utterance need not

    def decode(
        self,
        samples: NDArray[np.int16],
        voiced: Sequence[bool],
        spoken: Spoken,
        hotwords: Sequence[str] = (),
        *,
        care: Care = Care.USUAL,
    ) -> Iterator[list[TimedText] | None]:
        """The text of a segment, at most 30 s of 16 kHz samples: `segment_texts` says how.

        ``voiced``: whether each frame of `core.speech.voice` holds a voice; empty where that is not known.
        ``hotwords``: terms to expect, the most relevant first. Where there are any, several hypotheses are weighed: a
        name that is rare has a beginning that is rare, which one hypothesis alone hardly ever tries.
        """
        decoder = self._careful if care is Care.GREAT or hotwords else self._quick
        return segment_texts(decoder, samples, voiced, spoken, hotwords, care)

    def detector(self) -> VoiceDetector | None:
        """A voice detector for one utterance, or ``None`` when there can be none: then all audio is decoded."""
        return voice_detector()


def _effort_s(window: WindowDecoder) -> float:
    """What a short segment takes: processor time, since other programs lengthen any other. Warms up the model, too."""
    began = time.process_time()
    window.exercise(np.zeros(round(SPEECH_S * SAMPLE_RATE), np.int16), TOKENS)
    return time.process_time() - began
