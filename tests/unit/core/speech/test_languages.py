"""The first decode with enough voice decides which language an utterance is in."""

from __future__ import annotations

import pytest

from parleqd.core.speech.languages import ENOUGH_S, Spoken, is_english_only, of_text, primary, translates

GERMAN = {"de": 0.6, "en": 0.3, "fr": 0.1}
ENGLISH = {"en": 0.7, "de": 0.2, "fr": 0.1}


def heard(spoken: Spoken, probabilities: dict[str, float], voiced_s: float = ENOUGH_S) -> str:
    """The language of a segment: found out only where it is not known."""
    spoken.begin(voiced_s)
    if not spoken.language:
        spoken.hear(probabilities)
    return spoken.language


def test_what_was_asked_for_stays() -> None:
    spoken = Spoken("de-AT")
    assert heard(spoken, ENGLISH) == "de"


def test_the_first_segment_with_enough_voice_decides() -> None:
    spoken = Spoken("auto")
    assert spoken.language == ""
    assert [heard(spoken, GERMAN), heard(spoken, ENGLISH)] == ["de", "de"]


def test_little_voice_decides_for_its_own_segment_only() -> None:
    spoken = Spoken("auto")
    said = [heard(spoken, GERMAN, 0.5), heard(spoken, ENGLISH, 0.5), heard(spoken, GERMAN), heard(spoken, ENGLISH)]
    assert said == ["de", "en", "de", "de"]


@pytest.mark.parametrize(
    ("among", "found"),
    [((), "de"), (("en", "fr"), "en"), (("fr",), "fr"), (("xx",), "de"), (("xx", "fr"), "fr")],
    ids=["all", "some", "one", "none the model knows", "one the model knows"],
)
def test_the_most_probable_of_those_that_are_spoken(among: tuple[str, ...], found: str) -> None:
    assert heard(Spoken("auto", among), GERMAN) == found


def test_the_list_does_not_limit_what_was_asked_for() -> None:
    assert heard(Spoken("fr", ("en", "de")), ENGLISH) == "fr"


def test_a_model_of_one_language() -> None:
    spoken = Spoken("auto")
    spoken.settle("en")
    assert heard(spoken, GERMAN, 0.5) == "en"


@pytest.mark.parametrize(("tag", "code"), [("en-US", "en"), ("pt_BR", "pt"), ("DE", "de"), ("yue", "yue")])
def test_primary(tag: str, code: str) -> None:
    assert primary(tag) == code


def test_the_language_of_the_text() -> None:
    assert of_text("de", translate=False) == "de"
    assert of_text("de", translate=True) == "en"


@pytest.mark.parametrize(
    ("model", "english_only", "can_translate"),
    [
        ("base", False, True),
        ("base.en", True, False),
        ("distil-large-v3", True, False),
        ("large-v3-turbo", False, False),
        ("large-v3", False, True),
        ("/home/me/my-model", False, True),
    ],
)
def test_what_a_model_knows_by_its_name(model: str, english_only: bool, can_translate: bool) -> None:
    assert (is_english_only(model), translates(model)) == (english_only, can_translate)
