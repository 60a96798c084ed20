from __future__ import annotations

import pytest

from parleqd.core.text.numbers import prose
from parleqd.core.text.numbers.english_grammar import GRAMMAR, SURROUNDINGS
from parleqd.core.text.numbers.phrase import phrase
from parleqd.core.text.tokens import tokenise


def written(text: str) -> str | None:
    """What is written for the first number in ``text`` that prose has in digits."""
    words = phrase(tokenise(text), GRAMMAR.numerals, GRAMMAR.vocabulary)
    for at in range(words.end):
        found = prose.read(words, at, SURROUNDINGS)
        if found is not None:
            return found.text
    return None


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("we need thirteen chairs", "13"),
        ("one hundred and four", "104"),
        ("twelve thousand birds", "12,000"),
        ("ten million", "10 million"),
        ("a hundred and fifty people", "150"),
        ("three point one four", "3.14"),
        ("it is minus twenty outside", "-20"),
        ("minus five", "-5"),
        ("point zero two", ".02"),
        ("the twenty first nest", "21st"),
        ("the tenth floor", "10th"),
        ("zeroth", "0th"),
        ("the thirty second floor", "32nd"),
        ("a thirty second timeout", "30 second"),
        ("thirty second delay", "30 second"),
        ("Twenty five came", "25"),
    ],
)
def test_numbers_in_digits(spoken: str, text: str) -> None:
    assert written(spoken) == text


@pytest.mark.parametrize(
    "spoken",
    [
        "twelve people",
        "one of nine",
        "a thousand thanks",
        "a hundred people",
        "a million",
        "hundreds of thousands",
        "the second item",
        "wait a second",
        "Twenty came",
        "at one point five people came",
        "the point two people made",
        "ten minus two",
        "everything minus two items",
        "x minus one",
        "one hundredth of a second",
        "two thirds",
        "two and a half",
        "a twenty-second delay",
        "42",
    ],
)
def test_numbers_in_words(spoken: str) -> None:
    assert written(spoken) is None
