"""Which way of computing is taken, and that a trial takes as long whatever it hears (with the real model)."""

from __future__ import annotations

import numpy as np
import pytest

from parleqd.core.speech.calibration import Calibration
from parleqd.core.speech.devices import CPU, CPU_TYPE, GPU, ON_CPU, Computing
from parleqd.speech_worker.calibrate import Trial, calibrated, trial_of
from parleqd.speech_worker.loading import opened
from parleqd.speech_worker.window import WindowDecoder
from tests.parts import need


def trial(factors: dict[str, float]) -> tuple[Trial, list[str]]:
    """A machine: how fast each device with so many threads is; a GPU where there is one. And what was tried."""
    tried: list[str] = []

    def one(wanted: Computing) -> Calibration:
        device = GPU if wanted.device != CPU and GPU in factors else CPU
        name = GPU if device == GPU else f"{wanted.threads}"
        tried.append(name)
        return Calibration(Computing(device, "float16" if device == GPU else CPU_TYPE, wanted.threads), factors[name])

    return one, tried


@pytest.mark.parametrize(
    ("device", "factors", "tried", "threads"),
    [
        ("auto", {"1": 0.2, "2": 0.1, "4": 0.05}, ["1", "2", "4"], 4),
        ("cpu", {"1": 0.2, "2": 0.1, "4": 0.11}, ["1", "2", "4"], 2),
        ("cuda", {"1": 0.2, "2": 0.2}, ["1", "2"], 1),
        ("cpu", {GPU: 0.01, "1": 0.2, "2": 0.2}, ["1", "2"], 1),
    ],
)
def test_more_threads_are_tried_while_they_help(
    device: str, factors: dict[str, float], tried: list[str], threads: int
) -> None:
    one, order = trial(factors)
    assert calibrated(one, device, 4).computing == Computing(CPU, CPU_TYPE, threads)
    assert order == tried


@pytest.mark.parametrize(
    ("device", "factors", "tried", "best"),
    [
        ("cuda", {GPU: 0.3, "1": 0.1}, [GPU], GPU),
        ("auto", {GPU: 0.02, "1": 0.2}, [GPU, "1"], GPU),
        ("auto", {GPU: 0.3, "1": 0.2, "2": 0.3}, [GPU, "1", "2"], CPU),
    ],
)
def test_a_gpu_must_not_be_slower_unless_it_was_asked_for(
    device: str, factors: dict[str, float], tried: list[str], best: str
) -> None:
    one, order = trial(factors)
    assert calibrated(one, device, 4).computing.device == best
    assert order == tried


def test_a_trial_of_the_real_model_makes_as_many_tokens_as_it_should() -> None:
    folder = need("embedded-model") / "model"
    found = trial_of(folder)(ON_CPU)
    assert found.computing == ON_CPU
    assert found.factor > 0
    whisper = opened(folder, ON_CPU).whisper
    assert [len(WindowDecoder(whisper).exercise(np.zeros(16_000, np.int16), tokens)) for tokens in (5, 24)] == [5, 24]
