"""The model decodes segments and brings voice detectors (with the real model)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from parleqd.core.speech.decoded import Decoded
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.repeats import words_of
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.windows import Window
from parleqd.speech_worker.model import SpeechModel
from parleqd.speech_worker.window import WindowDecoder
from tests import clips
from tests.parts import need


@pytest.fixture(scope="module")
def folder() -> Path:
    return need("embedded-model") / "model"


@pytest.fixture(scope="module")
def model(folder: Path) -> SpeechModel:
    return SpeechModel(folder)


def samples(seconds: float = 60.0) -> NDArray[np.int16]:
    return np.frombuffer(clips.demo(), np.int16)[: round(seconds * 16_000)]


def texts(model: SpeechModel, audio: NDArray[np.int16], language: str = "en") -> list[TimedText]:
    detector = model.detector()
    assert detector is not None
    voiced = [one > 0.5 for one in detector.probabilities(audio[: len(audio) // 512 * 512])]
    *_, found = model.decode(audio, voiced, Spoken(language))
    assert found is not None
    return found


def test_the_demo(model: SpeechModel) -> None:
    text = join(piece.text for piece in texts(model, samples()))
    assert words_of(text) == words_of(
        "So, um, the garden party is on Friday, sorry, I mean Saturday and we need 35 chairs and two long tables."
    )


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[Window]:
    """In which windows is decoded."""
    used: list[Window] = []
    decode = WindowDecoder.decode

    def noted(
        decoder: WindowDecoder, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str], window: Window
    ) -> Generator[None, None, Decoded]:
        used.append(window)
        return decode(decoder, samples, spoken, hotwords, window)

    monkeypatch.setattr(WindowDecoder, "decode", noted)
    return used


def test_one_decode_that_is_enough_is_all(model: SpeechModel, windows: list[Window]) -> None:
    *steps, found = model.decode(samples(), [], Spoken())
    assert not any(steps)
    assert found
    assert windows == [Window.SNUG]


def test_a_loop_is_decoded_once_more(model: SpeechModel, windows: list[Window]) -> None:
    too_fast = np.frombuffer(clips.at_rate(clips.demo(), 10_000), np.int16)
    *steps, found = model.decode(too_fast, [], Spoken())
    assert not any(steps)
    assert windows == [Window.SNUG, Window.FITTING, Window.WHOLE]
    assert found is not None
    assert len(words_of(join(piece.text for piece in found))) < 30


def test_an_english_model_takes_any_language_for_english(model: SpeechModel) -> None:
    short = samples(4.0)
    assert texts(model, short, "auto") == texts(model, short, "de") == texts(model, short)


def test_terms_to_expect(model: SpeechModel) -> None:
    *_, found = model.decode(samples(), [], Spoken(), "garden party")
    assert found is not None
    assert "garden party" in join(piece.text for piece in found)


def test_a_voice_detector_for_each_utterance(model: SpeechModel) -> None:
    first, second = model.detector(), model.detector()
    assert first is not None
    assert first is not second
