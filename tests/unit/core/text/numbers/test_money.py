from __future__ import annotations

import pytest

from parleqd.core.text.numbers import currencies, money
from tests.number_readers import written_by


def written(text: str) -> str | None:
    return written_by(lambda words, at: money.read(words, at, currencies.ENGLISH), text)


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("five dollars", "$5"),
        ("one dollar", "$1"),
        ("twelve hundred euros", "€1,200"),
        ("one thousand two hundred fifty dollars and fifty cents", "$1,250.50"),
        ("forty-seven dollars and five cents", "$47.05"),
        ("nineteen dollars ninety nine", "$19.99"),
        ("a dollar fifty", "$1.50"),
        ("three point five euros", "€3.50"),
        ("two point five million yen", "¥2.5 million"),
        ("a million dollars", "$1 million"),
        ("two and a half million dollars", "$2.5 million"),
        ("minus fifty dollars", "-$50"),
        ("six us dollars", "$6"),
        ("six united states dollars and ten cents", "$6.10"),
        ("a twenty dollar bill", "$20"),
        ("a hundred dollar bill", "a $100"),
        ("one fifty five dollars", "$155"),
        ("five to ten dollars", "$5 to $10"),
        ("between two and three million euros", "€2 million and €3 million"),
        ("twenty pounds and fifty pence", "£20.50"),
        ("three million pounds", "£3 million"),
        ("twenty dollars two weeks ago", "$20"),
        ("ten rupees", "₹10"),
        ("50 thousand dollars", "$50,000"),
        ("47 dollars and 50 cents", "$47.50"),
    ],
)
def test_sums(spoken: str, text: str) -> None:
    assert written(spoken) == text


@pytest.mark.parametrize(
    "spoken",
    [
        "one dollars",
        "a dollar",
        "five dollars six",
        "twenty pounds of flour",
        "she won nine and they won ten games",
        "twenty won the prize",
        "half a million dollars",
        "thousands of dollars",
        "a billion dollar company",
        "five twenty dollar bills",
        "five cents",
        "dollars and cents",
    ],
)
def test_what_is_no_sum_of_money(spoken: str) -> None:
    assert written(spoken) is None
