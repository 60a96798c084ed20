from __future__ import annotations

import pytest

from parleqd.core.text.languages import opening_marks
from parleqd.core.text.languages.stages import LANGUAGES
from parleqd.core.text.pipeline import apply
from parleqd.core.text.tokens import join, tokenise


@pytest.mark.parametrize(
    "tag, raw, text",
    [
        ("es", "Vale. Cuándo vienes? A qué hora?", "Vale. ¿Cuándo vienes? ¿A qué hora?"),
        ("es", "¿Cuándo vienes?", "¿Cuándo vienes?"),
        ("es", "Hola, cuándo vienes?", "Hola, cuándo vienes?"),
        ("es", "Vienes mañana?", "Vienes mañana?"),
        ("es", "qué?\ncómo?", "¿qué?\n¿cómo?"),
        ("de", "Wann kommst du?", "Wann kommst du?"),
    ],
)
def test_a_question_that_shows_from_its_first_word_is_opened(tag: str, raw: str, text: str) -> None:
    tokens = tokenise(raw)
    assert join(apply(0, "opening_marks", tokens, opening_marks.find(tokens, LANGUAGES[tag]))[0]) == text
