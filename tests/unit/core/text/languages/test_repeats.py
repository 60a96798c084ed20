from __future__ import annotations

import pytest

from parleqd.core.text.languages import repeats
from parleqd.core.text.languages.stages import LANGUAGES
from parleqd.core.text.pipeline import apply
from parleqd.core.text.tokens import join, tokenise


def clean(tag: str, text: str) -> str:
    tokens = tokenise(text)
    return join(apply(0, "stutters", tokens, repeats.find(tokens, LANGUAGES[tag]))[0])


@pytest.mark.parametrize(
    "tag, raw, text",
    [
        ("de", "Ich ich, ich komme", "Ich komme"),
        ("de", "weil weil wir und und ihr", "weil wir und ihr"),
        ("fr", "dans dans le jardin", "dans le jardin"),
        ("es", "con... con mi perro", "con mi perro"),
    ],
)
def test_stumbles_are_mended(tag: str, raw: str, text: str) -> None:
    assert clean(tag, raw) == text


@pytest.mark.parametrize(
    "tag, text",
    [
        ("de", "wenn sie sie sieht"),
        ("de", "dass das das Problem ist"),
        ("de", "bin ich ich selbst"),
        ("de", "ich ich"),
        ("de", "und\nund mehr"),
        ("de", '"ich ich komme"'),
        ("de", "sind wir wir geblieben"),
        ("fr", "nous nous voyons, vous vous trompez"),
        ("es", "lo que es es"),
    ],
)
def test_what_is_meant_twice_stays(tag: str, text: str) -> None:
    assert clean(tag, text) == text
