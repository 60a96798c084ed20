"""The number words of a language: tables, from which every spoken number is read in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

Words = tuple[str, ...]


class Numerals(msgspec.Struct, frozen=True):
    """What the number words of a language are, in lower case and without hyphens. Empty: the language has none.

    ``small`` holds whole phrases of less than a thousand, each with its value: ("twenty", "five") is 25. A
    language that builds hundreds by multiplying names the word in ``hundreds``; one that does not lists them
    in ``small``. ``scales`` are powers of ten from a thousand up. ``split`` takes a word apart that is written
    together (siebentausenddreihundert), and gives a word that it does not know back whole.
    """

    small: Mapping[Words, int]
    scales: Mapping[str, int]
    digits: Mapping[str, str]
    small_ordinals: Mapping[Words, int] = {}
    hundreds: Mapping[str, int] = {}
    scale_ordinals: Mapping[str, int] = {}
    articles: frozenset[str] = frozenset()
    """What stands for one before a hundred or a scale: a thousand."""
    bare: frozenset[str] = frozenset()
    """Scales that may stand alone for one of them: mille, tausend."""
    joiners: frozenset[str] = frozenset()
    range_openers: frozenset[str] = frozenset()
    """After one of these a joiner parts two numbers: between one hundred and two hundred."""
    range_links: frozenset[str] = frozenset()
    """Words between two numbers that make one thing of them: one twenty over eighty."""
    series_links: frozenset[str] = frozenset()
    """What stands between numbers in a row, which are all written in the same way."""
    links: frozenset[str] = frozenset()
    """What may stand between two amounts of one unit: five to ten percent."""
    minus: frozenset[str] = frozenset()
    point: frozenset[str] = frozenset()
    halves: Mapping[Words, str] = {}
    """Fractions said behind a whole number, and their decimals: "and a half"."""
    parts: frozenset[str] = frozenset()
    """Words that make a part of the amount behind them, so that it is none itself: half a million."""
    multiples: Mapping[str, int] = {}
    """How often the digit behind is meant: double five."""
    ordinal_suffix: Callable[[int], str] = lambda _value: "."
    split: Callable[[str], Words] | None = None
    decimal_mark: str = "."
    group_mark: str = ","
    words_up_to: int = 12
    """The largest number that prose keeps as a word."""
    ordinal_words_up_to: int = 9
    longest: int = 2
    """The number of words in the longest phrase of ``small`` and ``small_ordinals``."""


class Vocabulary(msgspec.Struct, frozen=True):
    """The single words of ``Numerals``, for a quick look. ``cardinals``: (parts of) numbers on their own account;
    ``ordinals``: what an ordinal may end in; ``openers``: what a number may begin with.
    """

    cardinals: frozenset[str]
    ordinals: frozenset[str]
    openers: frozenset[str]


def vocabulary(numerals: Numerals) -> Vocabulary:
    """The single words of ``numerals``."""
    parts = {word for phrase in numerals.small for word in phrase} - numerals.joiners
    firsts = {phrase[0] for table in (numerals.small, numerals.small_ordinals) for phrase in table}
    return Vocabulary(
        cardinals=frozenset(parts | {*numerals.hundreds, *numerals.scales, *numerals.multiples}),
        ordinals=frozenset({phrase[-1] for phrase in numerals.small_ordinals} | {*numerals.scale_ordinals}),
        openers=frozenset(firsts | numerals.articles | numerals.bare),
    )


def grouped(digits: str, numerals: Numerals, above: int = 4) -> str:
    """``digits`` in groups of three, where there are more than ``above`` of them."""
    if len(digits) <= above:
        return digits
    return f"{int(digits):,}".replace(",", numerals.group_mark)


def phrases(tens: Mapping[str, int], ones: Mapping[str, int]) -> dict[Words, int]:
    """Tens with ones behind them: ("twenty", "one") and so on."""
    return {(ten, one): value + unit for ten, value in tens.items() for one, unit in ones.items()}
