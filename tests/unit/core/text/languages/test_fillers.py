from __future__ import annotations

import pytest

from parleqd.core.text.languages import fillers
from parleqd.core.text.languages.stages import LANGUAGES
from parleqd.core.text.pipeline import apply
from parleqd.core.text.tokens import join, tokenise


def clean(tag: str, text: str) -> str:
    tokens = tokenise(text)
    return join(apply(0, "fillers", tokens, fillers.find(tokens, LANGUAGES[tag]))[0])


@pytest.mark.parametrize(
    "tag, raw, text",
    [
        ("de", "ich äh komme", "ich komme"),
        ("de", "Äh, ähm... ich komme", "ich komme"),
        ("de", "Ähm.", ""),
        ("de", "das ist ein, äh, Problem", "das ist ein Problem"),
        ("de", "ich komme äh.", "ich komme."),
        ("de", "eins\näh\nzwei", "eins\nzwei"),
        ("fr", "Ben, euh, non", "non"),
        ("es", "quiero eh decirte", "quiero decirte"),
        ("es", "Ehm, este, hola", "hola"),
    ],
)
def test_fillers_go(tag: str, raw: str, text: str) -> None:
    assert clean(tag, raw) == text


@pytest.mark.parametrize(
    "tag, text",
    [
        ("de", "das Äh stört"),
        ("de", "das Wort ähm"),
        ("de", 'er sagte "ähm" und ging'),
        ("de", "um neun Uhr ist er da"),
        ("de", "hm"),
        ("fr", "ben oui"),
        ("es", "no vayas, eh"),
        ("es", "quiero este libro"),
        ("es", "quiero ese, este, o aquel"),
    ],
)
def test_words_stay(tag: str, text: str) -> None:
    assert clean(tag, text) == text
