"""Noise, music and rooms give no text, and no hypothesis either (with the real model, in virtual time)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from parleqd.core.speech.messages import Event, Open, Partial, Segment
from parleqd.speech_worker.model import SpeechModel
from tests import sounds
from tests.e2e.recordings import clips, samples
from tests.paced import Pace, spoken
from tests.parts import PROVING, need, scale

LENGTH_S = 16.0 if PROVING else 3.0
HOTWORDS = ("Noirtier", "Villefort", "Kubernetes", "thank you")


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return SpeechModel(need("embedded-model") / "model")


def told(events: Sequence[Event]) -> list[str]:
    """Every text that anybody would see."""
    texts = [event.text for event in events if isinstance(event, Segment)]
    partials = [event.stable + event.provisional for event in events if isinstance(event, Partial)]
    return [text for text in texts + partials if text]


def heard(model: SpeechModel, pcm: NDArray[np.int16], seed: int = 0, hotwords: tuple[str, ...] = ()) -> list[Event]:
    opened = Open("noise", urgent=True, partials=True, hotwords=hotwords)
    return spoken(model, pcm, opened, Pace(Random(seed)))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(scale(1, 4)))
@pytest.mark.parametrize("kind", sounds.KINDS)
def test_a_sound_is_no_speech(model: SpeechModel, kind: str, seed: int) -> None:
    wave = sounds.KINDS[kind](LENGTH_S, np.random.default_rng(seed))
    loud = np.frombuffer(sounds.pcm(wave, -20.0 if seed % 2 else -35.0), "<i2")
    assert told(heard(model, loud, seed, HOTWORDS if seed % 4 > 1 else ())) == []


@pytest.mark.timeout(300)
def test_the_recorded_noises_are_no_speech(model: SpeechModel) -> None:
    for clip in clips("noise"):
        pcm = np.frombuffer(samples(clip["file"]), "<i2")
        for hotwords in ((), HOTWORDS):
            assert told(heard(model, pcm, hotwords=hotwords)) == [], clip["file"]
