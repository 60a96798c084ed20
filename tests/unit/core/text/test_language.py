from __future__ import annotations

import pytest

from parleqd.core.text.language import reads_as_english
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "text",
    [
        "",
        "um hello",
        "we met at la casa on the rue de la paix",
        "the und in the middle is the only german word and that is fine",
    ],
)
def test_english(text: str) -> None:
    assert reads_as_english(tokenise(text))


@pytest.mark.parametrize(
    "text",
    [
        "Wir treffen uns um acht Uhr am Bahnhof, und er kommt auch.",
        "je ne sais pas si elle est là",
        "no sé por qué los niños están aquí y no en la escuela, pero está bien",
        "er ist nicht da und wir auch nicht",
        "ele tem um carro e uma casa com jardim",
    ],
)
def test_other_languages(text: str) -> None:
    assert not reads_as_english(tokenise(text))
