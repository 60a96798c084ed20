from __future__ import annotations

import pytest

from parleqd.core.speech.decoded import Decoded
from parleqd.core.speech.echoes import is_echo, terms_in
from parleqd.core.speech.transcript import TimedText

TERMS = ["Noirtier", "Villefort", "d'Avrigny", "Villefort Street", "C++"]


def said(text: str, no_speech: float) -> Decoded:
    return Decoded((TimedText(0.0, 5.0, text),), True, -0.3, no_speech, False)


@pytest.mark.parametrize(
    "text",
    [
        "D'Avrigny, Villefort, Villefort, D'Avrign",
        "Noirtier, Villefort Street.",
        "noirtier noirtier",
    ],
)
def test_a_row_of_terms_is_a_recitation(text: str) -> None:
    assert terms_in(text, TERMS).recited
    assert is_echo(said(text, 0.9), TERMS)
    assert not is_echo(said(text, 0.2), TERMS)  # somebody may well say just that


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "Villefort.",
        "Villefort Street.",
        "Please ask Villefort, not d'Avrigny.",
        "I'm going to do that.",
    ],
)
def test_a_sentence_or_a_single_term_is_none(text: str) -> None:
    assert not terms_in(text, TERMS).recited
    assert not is_echo(said(text, 0.9), TERMS)


def test_names_again_and_again_are_an_echo_of_speech_too() -> None:
    assert is_echo(said("Villefort, d'Avrigny, d'Avrigny, d'Avrigny", 0.0), TERMS)
    assert is_echo(said("Gantl, Villefort, Villefort, Villefort, Villefort, V", 0.0), TERMS)
    assert not is_echo(said("Villefort, d'Avrigny, Villefort.", 0.0), TERMS)


def test_without_terms_there_is_nothing_to_recite() -> None:
    assert not terms_in("Noirtier, Noirtier", []).recited
    assert not terms_in("Noirtier, Noirtier", ["..."]).recited
