from __future__ import annotations

import pytest

from parleqd.core.text.languages import capitals
from parleqd.core.text.languages.stages import LANGUAGES
from parleqd.core.text.pipeline import apply
from parleqd.core.text.tokens import join, tokenise


@pytest.mark.parametrize(
    "tag, raw, text",
    [
        ("de", "über uns. äpfel? ja", "Über uns. Äpfel? Ja"),
        ("de", "am 5. mai z.B. morgen", "Am 5. mai z.B. morgen"),
        ("de", "ein Absatz\n\nnoch einer", "Ein Absatz\n\nNoch einer"),
        ("fr", "« oui » dit-il", "« Oui » dit-il"),
        ("es", "¿cómo estás? ¡bien!", "¿Cómo estás? ¡Bien!"),
        ("es", "¿iPhone o no?", "¿iPhone o no?"),
        ("de", "git commit -m x", "git commit -m x"),
    ],
)
def test_sentences_begin_with_a_capital(tag: str, raw: str, text: str) -> None:
    tokens = tokenise(raw)
    assert join(apply(0, "capitals", tokens, capitals.find(tokens, LANGUAGES[tag]))[0]) == text
