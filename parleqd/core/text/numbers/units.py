"""Read amounts of a unit: "two point five kilograms" is 2.5 kg, "fifteen percent" 15%."""

from __future__ import annotations

from parleqd.core.text.numbers import amounts
from parleqd.core.text.numbers.amounts import Amount
from parleqd.core.text.numbers.phrase import Phrase, Reading
from parleqd.core.text.numbers.unit_names import Units

_OWNERS = frozenset("my your his her our their its own left right both these those".split())
"""Words before a number that make the unit a thing: "my two feet", "her own two feet"."""


def read(phrase: Phrase, at: int, units: Units) -> Reading | None:
    """The measured amount at ``at``, or the range of two ("five to ten percent")."""
    amount = amounts.read(phrase, at)
    if amount is None:
        return None
    keys, numerals = phrase.keys, phrase.numerals
    tail = _tail(phrase, at, amount, units)
    if tail is not None:
        is_attribute = tuple(keys[amount.last : tail[0]]) in units.counted and not phrase.ends_clause(tail[0])
        article = f"{amount.article} " if amount.article and is_attribute else ""
        return Reading(at, tail[0], article + amount.written(phrase) + tail[1])
    link = keys[amount.last]
    is_between = phrase.before(at) in numerals.range_openers and link in numerals.joiners
    if link not in numerals.links and not is_between:
        return None
    if amounts.shares_scale(phrase, amount.value, amount.last + 1):
        return None
    other = amounts.read(phrase, amount.last + 1)
    tail = None if other is None else _tail(phrase, at, other, units)
    if other is None or tail is None:
        return None
    return Reading(at, tail[0], f"{amount.written(phrase)} {link} {other.written(phrase)}{tail[1]}")


def _tail(phrase: Phrase, at: int, amount: Amount, units: Units) -> tuple[int, str] | None:
    """Where the unit behind ``amount`` ends, and what is written for it."""
    keys = phrase.keys
    for length in range(units.longest, 0, -1):
        name = tuple(keys[amount.last : amount.last + length])
        last = amount.last + length
        symbol = units.symbols.get(name)
        if name in units.counted and not amount.is_one and not phrase.ends_clause(last) and keys[last] != "per":
            return last, " " + " ".join(phrase.spelled[amount.last : last])
        if symbol is not None:
            if keys[last] == "per" and keys[last + 1] in units.rates and symbol not in units.glued:
                symbol, last = units.rated(symbol, keys[last + 1]), last + 2
            return last, symbol if symbol in units.glued else f" {symbol}"
        if name in units.worded:
            return _worded(phrase, at, amount, last, units.worded)
    return _prosaic(phrase, amount, units)


def _worded(
    phrase: Phrase, at: int, amount: Amount, last: int, worded: frozenset[tuple[str, ...]]
) -> tuple[int, str] | None:
    if amount.is_one or (phrase.before(at) in _OWNERS and amount.value < 10):
        return None
    number = phrase.number(last)  # six foot two; but six feet two inches
    if number is not None and not number.is_ordinal and (phrase.keys[number.last],) not in worded:
        return None
    return last, " " + " ".join(phrase.spelled[amount.last : last])


def _prosaic(phrase: Phrase, amount: Amount, units: Units) -> tuple[int, str] | None:
    """Times of day and spans of time are counted like things: small whole numbers are no matter of this reader."""
    if phrase.keys[amount.last] not in units.prosaic or amount.has_half:
        return None
    if not amount.decimals and amount.value <= phrase.numerals.words_up_to and not amount.is_negative:
        return None
    return amount.last + 1, " " + phrase.spelled[amount.last]
