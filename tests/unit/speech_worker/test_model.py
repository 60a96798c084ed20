"""The model gives word for word what bare faster-whisper gives with the same parameters (with the real model)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parleqd.core.speech.transcript import join
from parleqd.speech_worker.decode.audio_file import pcm
from parleqd.speech_worker.model import BEAM_SIZE, COMPUTE_TYPE, TEMPERATURE, THREADS, SpeechModel
from parleqd.speech_worker.whisper import WhisperModel
from tests import clips
from tests.parts import need, scale, shared_data

LONG = ["long-p-lj-60.flac", "long-p-84-60.flac", "long-p-lj-120.flac"]


@pytest.fixture(scope="module")
def folder() -> Path:
    return need("embedded-model") / "model"


@pytest.fixture(scope="module")
def model(folder: Path) -> SpeechModel:
    return SpeechModel(folder)


@pytest.fixture(scope="module")
def bare(folder: Path) -> Any:
    return WhisperModel(str(folder), device="cpu", compute_type=COMPUTE_TYPE, cpu_threads=THREADS)


def texts(model: SpeechModel, audio: bytes, language: str = "en", *, gated: bool = True) -> list[str]:
    return [text.text for text in model.decode(np.frombuffer(audio, np.int16), language, gated=gated)]


def bare_texts(bare: Any, audio: bytes) -> list[str]:
    samples = np.frombuffer(audio, np.int16).astype(np.float32) / 32768.0
    pieces, _ = bare.transcribe(samples, language="en", beam_size=BEAM_SIZE, temperature=TEMPERATURE)
    return [piece.text.strip() for piece in pieces]


def test_the_demo(model: SpeechModel, bare: Any) -> None:
    found = texts(model, clips.demo())
    assert found == bare_texts(bare, clips.demo())
    assert "35 chairs and two long tables" in join(found)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", LONG[: scale(test=1, prove=3)])
def test_clips_of_several_windows(model: SpeechModel, bare: Any, name: str) -> None:
    audio = b"".join(pcm(shared_data("speech") / name))
    assert texts(model, audio) == bare_texts(bare, audio)


def test_a_step_is_a_window(model: SpeechModel) -> None:
    steps: Iterator[Any] = model.decode(np.frombuffer(clips.demo() * 4, np.int16), "en", gated=True)
    assert next(steps).end <= 30.0
    steps.close()  # type: ignore[attr-defined] # a generator; the rest is never decoded


def test_an_english_model_takes_any_language_for_english(model: SpeechModel) -> None:
    assert texts(model, clips.demo(), "auto") == texts(model, clips.demo(), "de") == texts(model, clips.demo())


def test_without_its_gate_the_model_says_something_of_everything(model: SpeechModel) -> None:
    assert texts(model, clips.silence(2.0)) == []
    assert texts(model, clips.silence(2.0), gated=False) != []


def test_a_voice_detector_for_each_utterance(model: SpeechModel) -> None:
    first, second = model.detector(), model.detector()
    assert first is not None
    assert first is not second
