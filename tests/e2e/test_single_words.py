"""A single word is never lost, and never made two (espeak-ng and recordings, the real model, in virtual time)."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from parleqd.core.speech.messages import Open
from parleqd.speech_worker.model import SpeechModel
from tests.e2e.recordings import clips, samples, words
from tests.paced import Pace, spoken
from tests.parts import PROVING, need
from tests.utterances import text
from tests.voices import in_room, speak

VOICES = ("en-us", "en-gb+f3", "en-gb+m5", "en-us+f2") if PROVING else ("en-us",)
ROOMS = ((-20.0, None), (-30.0, None), (-50.0, None), (-25.0, 20.0), (-25.0, 10.0)) if PROVING else ((-30.0, None),)
"""How loud, and how much softer the noise is."""
WORDS = (
    "yes|no|stop|okay|delete|undo|hello|thanks|right|sure|done|next|back|cancel|send|save|open|close|help|please|sorry"
    "|maybe|never|today|Monday|seven|five|nine|thank you|good morning|new line|of course"
).split("|")
WELL_KNOWN = ("yes", "no", "stop", "okay", "thank you", "hello")
"""The model knows them whoever says them; of the others it makes something."""
REPEATED = ("no no", "yes yes", "bye bye", "no no no no no")


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return SpeechModel(need("embedded-model") / "model")


def heard(model: SpeechModel, pcm: NDArray[np.int16]) -> list[str]:
    return words(text(spoken(model, pcm, Open("word", urgent=True), Pace(Random(0)))))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("word", WORDS if PROVING else ("yes", "no", "thank you", "sorry"))
def test_a_word_by_itself_is_neither_lost_nor_doubled(model: SpeechModel, word: str, voice: str) -> None:
    spoken_word = speak(word, voice)
    for dbfs, snr_db in ROOMS:
        said = heard(model, in_room(spoken_word, np.random.default_rng(len(word)), dbfs=dbfs, snr_db=snr_db))
        assert said, f"{word} at {dbfs} dBFS is lost"
        half = len(said) // 2
        assert half == 0 or said[:half] != said[half:], f"{word} at {dbfs} dBFS is doubled: {said}"
        if word in WELL_KNOWN and voice == "en-us" and snr_db is None and dbfs > -50:
            assert said == words(word)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("phrase", REPEATED if PROVING else REPEATED[-1:])
def test_a_word_that_is_really_repeated_stays(model: SpeechModel, phrase: str) -> None:
    assert heard(model, in_room(speak(phrase), np.random.default_rng(5))) == words(phrase)


@pytest.mark.timeout(120)
def test_recorded_words_are_not_lost(model: SpeechModel) -> None:
    for clip in clips("word"):
        assert len(heard(model, np.frombuffer(samples(clip["file"]), "<i2"))) == 1, clip["file"]
