from __future__ import annotations

import pytest

from parleqd.core.text.languages.marks import commands
from parleqd.core.text.languages.stages import LANGUAGES
from parleqd.core.text.tokens import tokenise


def symbols(tag: str, text: str) -> list[str]:
    return [command.symbol for command in commands(tokenise(text), LANGUAGES[tag])]


@pytest.mark.parametrize(
    "tag, text, said",
    [
        ("de", "wir kommen Komma aber spät Punkt", [",", "."]),
        ("de", "eins Komma zwei Komma drei", [",", ","]),
        ("de", "Wir kommen. Punkt. Und ihr?", ["."]),
        ("de", "Anführungszeichen auf nein Anführungszeichen zu", ['"', '"']),
        ("fr", "on part point virgule il pleut", [";"]),
        ("fr", "merci point à la ligne Paul", [".", "\n"]),
        ("es", "ya está punto y aparte gracias", [".", "\n\n"]),
        ("es", "ya está punto y seguido gracias", ["."]),
    ],
)
def test_marks_that_are_meant(tag: str, text: str, said: list[str]) -> None:
    assert symbols(tag, text) == said


@pytest.mark.parametrize(
    "tag, text",
    [
        ("de", "der Punkt ist klar"),
        ("de", "ein guter Punkt"),
        ("de", "drei Komma fünf"),
        ("de", "Punkt drei der Liste"),
        ("de", "beispiel Punkt de"),
        ("de", "Klammer zu"),
        ("de", '"wir kommen Punkt"'),
        ("de", "Wir sehen dort Punkt und Strich."),
        ("fr", "le point de vue"),
        ("fr", "trois virgule cinq"),
        ("fr", "deux points de plus"),
        ("es", "el punto de vista"),
        ("es", "que coma algo"),
        ("es", "me voy y punto"),
        ("es", "(coma)"),
    ],
)
def test_words_that_say_something(tag: str, text: str) -> None:
    assert symbols(tag, text) == []
