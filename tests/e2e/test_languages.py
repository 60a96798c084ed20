"""Other languages than English with a real model that knows them: found, kept for the utterance, and translated.

What is spoken is synthetic, and the model small: words are not compared one by one.
"""

from __future__ import annotations

import pytest

from parleqd._tools.base_model import base_model
from parleqd.core.speech import messages as m
from parleqd.core.speech.repeats import words_of
from parleqd.speech_worker.model import SpeechModel
from parleqd.speech_worker.utterance import Utterance
from tests import utterances
from tests.parts import need
from tests.voices import speak

GERMAN = "Guten Morgen. Wir treffen uns am Donnerstag um acht Uhr im Garten, und danach essen wir zusammen."
SPANISH = "Buenos días. La reunión empieza mañana a las diez de la mañana, y necesitamos treinta sillas."

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    need("base-model")
    return SpeechModel(base_model())


def heard(model: SpeechModel, text: str, voice: str, opened: m.Open) -> tuple[set[str], list[str]]:
    """The languages that segments were decoded in, and the words."""
    utterance = Utterance(opened, model)
    events = [*utterances.hear(utterance, speak(text, voice, 140).tobytes()), *utterances.finish(utterance)]
    return {segment.language for segment in utterances.segments(events)}, words_of(utterances.text(events))


@pytest.mark.parametrize(
    ("text", "voice", "said"),
    [(GERMAN, "de", {"donnerstag", "garten"}), (SPANISH, "es", {"buenos", "reunión"})],
    ids=["de", "es"],
)
def test_a_language_is_found_and_the_text_is_in_it(model: SpeechModel, text: str, voice: str, said: set[str]) -> None:
    languages, words = heard(model, text, voice, m.Open("u", "auto", languages=("en", "de", "es")))
    assert languages == {voice}
    assert said <= set(words)


def test_a_language_that_nobody_speaks_is_not_found(model: SpeechModel) -> None:
    languages, _ = heard(model, GERMAN, "de", m.Open("u", "auto", languages=("en", "fr")))
    assert len(languages) == 1
    assert languages <= {"en", "fr"}


def test_a_translation_is_english(model: SpeechModel) -> None:
    opened = m.Open("u", "auto", languages=("en", "de"), translate=True)
    languages, words = heard(model, GERMAN, "de", opened)
    assert languages == {"de"}
    assert words[:2] == ["good", "morning"]  # of "guten Morgen"; so small a model leaves other words as they are
