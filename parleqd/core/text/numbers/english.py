"""The number words of English."""

from __future__ import annotations

from parleqd.core.text.numbers.numerals import Numerals, Words, phrases

_ONES = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine".split(), start=1)
}  # fmt: skip
_TEENS = {
    word: value
    for value, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), start=10
    )
}
_TENS = {
    word: value * 10
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_ONES_ORDINAL = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth".split(), start=1)
}
_TEENS_ORDINAL = {
    word: value
    for value, word in enumerate(
        "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
        start=10,
    )
}
_TENS_ORDINAL = {word[:-1] + "ieth": value for word, value in _TENS.items()}
_SCALES = {
    "thousand": 10**3,
    "lakh": 10**5,
    "lakhs": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "crores": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
    "quadrillion": 10**15,
    "quintillion": 10**18,
    "sextillion": 10**21,
}
_SUFFIXES = {1: "st", 2: "nd", 3: "rd"}


def _single(*tables: dict[str, int]) -> dict[Words, int]:
    return {(word,): value for table in tables for word, value in table.items()}


def _suffix(value: int) -> str:
    return "th" if value // 10 % 10 == 1 else _SUFFIXES.get(value % 10, "th")


NUMERALS = Numerals(
    small=_single({"zero": 0}, _ONES, _TEENS, _TENS) | phrases(_TENS, _ONES),
    small_ordinals=_single({"zeroth": 0}, _ONES_ORDINAL, _TEENS_ORDINAL, _TENS_ORDINAL) | phrases(_TENS, _ONES_ORDINAL),
    hundreds={"hundred": 100},
    scales=_SCALES,
    scale_ordinals={"hundredth": 100, "thousandth": 10**3, "millionth": 10**6, "billionth": 10**9},
    digits={"zero": "0", "oh": "0", "o": "0", **{word: str(value) for word, value in _ONES.items()}},
    articles=frozenset(("a",)),
    joiners=frozenset(("and",)),
    range_openers=frozenset(("between",)),
    links=frozenset(("to", "or")),
    range_links=frozenset(("over", "to", "through", "dash", "hyphen", "slash", "by", "or")),
    series_links=frozenset((",", "to", "or", "and")),
    minus=frozenset(("minus", "negative")),
    point=frozenset(("point",)),
    halves={("and", "a", "half"): "5", ("and", "a", "quarter"): "25", ("and", "three", "quarters"): "75"},
    parts=frozenset(("half", "many", "such")),
    multiples={"double": 2, "triple": 3},
    ordinal_suffix=_suffix,
)
