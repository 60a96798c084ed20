"""Read sums of money: "one thousand two hundred dollars and fifty cents" is $1,200.50."""

from __future__ import annotations

import msgspec

from parleqd.core.text.numbers import amounts
from parleqd.core.text.numbers.amounts import Amount
from parleqd.core.text.numbers.currencies import Currencies
from parleqd.core.text.numbers.phrase import Phrase, Reading
from parleqd.core.text.tokens import PAUSES

_LONGEST_NAME = 3


class _Sum(msgspec.Struct, frozen=True):
    last: int
    text: str


def read(phrase: Phrase, at: int, currencies: Currencies) -> Reading | None:
    """The sum of money at ``at``, or the range of two ("five to ten dollars")."""
    amount = amounts.read(phrase, at)
    if amount is None:
        return _one(phrase, at, currencies)
    found = _sum(phrase, at, amount, currencies)
    if found is not None:
        return Reading(at, found.last, found.text)
    return _range(phrase, at, amount, currencies) or _shortened(phrase, at, currencies)


def _one(phrase: Phrase, at: int, currencies: Currencies) -> Reading | None:
    """A dollar fifty. Without coins, "a dollar" stays."""
    named = _name(phrase, at + 1, currencies) if phrase.keys[at] in phrase.numerals.articles else None
    if named is None or named[2] not in currencies.singular:
        return None
    coins, last = _coins(phrase, named[1], currencies)
    if not coins:
        return None
    return Reading(at, last, _written(phrase, Amount(last, "1", coins), named[0], currencies))


def _shortened(phrase: Phrase, at: int, currencies: Currencies) -> Reading | None:
    """One fifty five dollars is $155. Not "five twenty dollar bills"."""
    amount = amounts.shortened(phrase, at)
    if amount is None or len(amount.whole) > 3:
        return None
    named = _name(phrase, amount.last, currencies)
    if named is None or named[2] in currencies.singular or named[2] in currencies.ambiguous:
        return None
    return Reading(at, named[1], _written(phrase, amount, named[0], currencies))


def _sum(phrase: Phrase, at: int, amount: Amount, currencies: Currencies) -> _Sum | None:
    named = _name(phrase, amount.last, currencies)
    if named is None:
        return None
    sign, last, name = named
    is_plural = name not in currencies.singular
    if amount.is_one and is_plural:
        return None
    # Before a noun the currency is in the singular: a hundred dollar bill, a billion dollar company.
    is_attribute = not is_plural and name in currencies.counted and not amount.is_one
    article = f"{amount.article} " if amount.article and is_attribute else ""
    if article and amount.scale:
        return None
    coins, behind = _coins(phrase, last, currencies)
    if name in currencies.ambiguous and not coins and not amount.scale:
        return None
    rest = None if coins else phrase.number(behind)
    if rest is not None and phrase.ends_clause(rest.last):
        return None  # coins, maybe: five dollars six
    if coins and amount.scale:
        coins, behind = "", last
    if coins:
        amount = msgspec.structs.replace(amount, decimals=coins)
    return _Sum(behind, article + _written(phrase, amount, sign, currencies))


def _written(phrase: Phrase, amount: Amount, sign: str, currencies: Currencies) -> str:
    numerals = phrase.numerals
    whole = msgspec.structs.replace(amount, decimals="", scale="", is_negative=False, spelled="").written(
        phrase, above=3
    )
    decimals = amount.decimals
    if len(decimals) == 1 and not amount.scale:
        decimals += "0"
    figure = whole + (numerals.decimal_mark + decimals if decimals else "")
    tail = f" {amount.scale}" if amount.scale else ""
    minus = "-" if amount.is_negative else ""
    if currencies.behind:
        return f"{minus}{figure}{tail} {sign}"
    return f"{minus}{sign}{figure}{tail}"


def _name(phrase: Phrase, at: int, currencies: Currencies) -> tuple[str, int, tuple[str, ...]] | None:
    """The sign of the currency named at ``at``, where its name ends, and the name."""
    for length in range(_LONGEST_NAME, 0, -1):
        name = tuple(phrase.keys[at : at + length])
        sign = currencies.names.get(name)
        if sign is not None:
            return sign, at + length, name
    return None


def _coins(phrase: Phrase, at: int, currencies: Currencies) -> tuple[str, int]:
    """The two digits of the coins behind a sum, and where they end: "and fifty cents", "sixty three"."""
    keys, numerals = phrase.keys, phrase.numerals
    start = at + 1 if keys[at] in numerals.joiners else at
    is_zero = numerals.digits.get(keys[start]) == "0"
    amount = amounts.read(phrase, start + 1 if is_zero else start)
    if amount is None or amount.decimals or amount.scale or amount.is_negative or amount.value > 99:
        return "", at
    text = f"{amount.value:02}"
    coin = keys[amount.last]
    if coin in currencies.cents:
        return text, amount.last + 1
    said_alone = start == at and (phrase.ends_clause(amount.last) or coin in ("for", "per", "each", "plus", "total"))
    if said_alone and (amount.value >= 10 or is_zero):
        return text, amount.last
    return "", at


def _range(phrase: Phrase, at: int, amount: Amount, currencies: Currencies) -> Reading | None:
    """Two amounts with one name of a currency: both take the sign."""
    keys = phrase.keys
    link = keys[amount.last]
    is_between = phrase.before(at) in phrase.numerals.range_openers and link in phrase.numerals.joiners
    if link in PAUSES or not (link in phrase.numerals.links or is_between):
        return None
    other = amounts.read(phrase, amount.last + 1)
    if other is None or (not other.scale and amounts.shares_scale(phrase, amount.value, amount.last + 1)):
        return None
    found = _sum(phrase, amount.last + 1, other, currencies)
    named = _name(phrase, other.last, currencies)
    if found is None or named is None:
        return None
    if other.scale and not amount.scale:
        amount = msgspec.structs.replace(amount, scale=other.scale)
    return Reading(at, found.last, f"{_written(phrase, amount, named[0], currencies)} {link} {found.text}")
