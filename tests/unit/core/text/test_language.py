from __future__ import annotations

import pytest

from parleqd.core.text.language import language_of, reads_as_another, reads_as_english, votes
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "text",
    [
        "um hello",
        "i was um late",
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
    assert reads_as_another(tokenise(text))


@pytest.mark.parametrize("text", ["", "um", "er glad", "er is een man", "Fahr um neun", "com um amigo"])
def test_too_little_to_tell(text: str) -> None:
    assert not reads_as_english(tokenise(text))
    assert not reads_as_another(tokenise(text))


def test_what_is_spelled_out_is_no_other_language() -> None:
    assert votes(tokenise("a dot b at x dot com slash una")) == (0, 0)
    assert votes(tokenise("b y e")) == (0, 0)
    assert votes(tokenise("com y")) == (0, 2)


def test_votes_leave_out_words_of_several_languages() -> None:
    assert votes(tokenise("in an is the und der")) == (1, 2)


@pytest.mark.parametrize(
    "text, tag",
    [
        ("we met at the house", "en"),
        ("Wir treffen uns um acht Uhr am Bahnhof, und er kommt auch.", "de"),
        ("je ne sais pas si elle est là", "fr"),
        ("J'ai vu l'école et c'est tout", "fr"),
        ("no sé por qué los niños están aquí", "es"),
        ("ele tem um carro e uma casa com jardim", ""),
        ("il gatto è per la ragazza che non c'è", ""),
        ("het is een mooi huis en dat is niet voor ons", ""),
        ("jeg er ikke sikker på det", ""),
        ("la casa", ""),
        ("Fahr um neun", ""),
        ("", ""),
    ],
)
def test_the_language_where_it_is_beyond_doubt(text: str, tag: str) -> None:
    assert language_of(tokenise(text)) == tag
