"""Read an amount: a number with its sign, its decimals and its scale, from words or from digits."""

from __future__ import annotations

import re

import msgspec

from parleqd.core.text.numbers.numerals import grouped
from parleqd.core.text.numbers.phrase import Phrase

_DIGITS = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d{1,15}))?", re.ASCII)
_LONGEST_FRACTION = 20


class Amount(msgspec.Struct, frozen=True):
    """``whole`` and ``decimals`` in digits without signs; ``scale`` is a word kept behind them (million)."""

    last: int
    whole: str
    decimals: str = ""
    scale: str = ""
    is_negative: bool = False
    spelled: str = ""
    """The figure as it stood in the text, where it was digits already: it stays so."""
    has_half: bool = False
    """Said with "and a half", which reads well as words unless a unit or a scale follows."""
    article: str = ""
    """The article that stands for one: in "a hundred metre race" it belongs to the race too."""
    words: int = 1
    """How many words it takes, the sign left out."""

    @property
    def is_one(self) -> bool:
        """Whether it is one, so that a singular follows."""
        return self.whole == "1" and not self.decimals and not self.scale

    @property
    def value(self) -> int:
        """The whole part, of the figure before the scale."""
        return int(self.whole or 0)

    def written(self, phrase: Phrase, above: int = 4) -> str:
        """In digits, the thousands grouped where there are more than ``above``."""
        numerals = phrase.numerals
        if self.spelled:
            return self.spelled + (f" {self.scale}" if self.scale else "")
        # A signed number is a technical one; there a group mark is in the way.
        whole = self.whole if self.is_negative or self.decimals else grouped(self.whole, numerals, above)
        sign = "-" if self.is_negative else ""
        fraction = numerals.decimal_mark + self.decimals if self.decimals else ""
        return f"{sign}{whole}{fraction}" + (f" {self.scale}" if self.scale else "")


def read(phrase: Phrase, at: int) -> Amount | None:
    """The amount that begins at ``at``: "minus two point five million", "1,250.50", "a hundred"."""
    numerals, keys = phrase.numerals, phrase.keys
    if keys[at] in numerals.minus:
        amount = _unsigned(phrase, at + 1)
        return None if amount is None else msgspec.structs.replace(amount, is_negative=True)
    return _unsigned(phrase, at)


def _unsigned(phrase: Phrase, at: int) -> Amount | None:
    keys, numerals = phrase.keys, phrase.numerals
    if keys[at] in numerals.articles and phrase.before(at) in numerals.parts:
        return None
    if keys[at][:1] in "0123456789+-" and keys[at]:
        return _from_digits(phrase, at)
    if keys[at] in numerals.point and not (at and phrase.is_number(at - 1)):
        fraction, last = _fraction(phrase, at + 1)
        return _scaled(phrase, at, Amount(last, "", fraction)) if fraction else None
    number = phrase.number(at)
    whole = ""
    if number is None or number.is_ordinal:
        if numerals.digits.get(keys[at]) == "0" and keys[at + 1] in numerals.point:  # oh point five
            whole, last = "0", at + 1
        else:
            return None
    else:
        last = number.last
        whole = str(number.value)
    if keys[last] in numerals.point and (number is None or not number.scale):
        fraction, behind = _fraction(phrase, last + 1)
        if fraction:
            return _scaled(phrase, at, Amount(behind, whole, fraction))
    article = phrase.spelled[at] if keys[at] in numerals.articles else ""
    if number is not None and number.scale:
        return Amount(last, str(number.factor), scale=number.scale, article=article, words=last - at)
    return _halved(phrase, at, Amount(last, whole, article=article, words=last - at))


def _from_digits(phrase: Phrase, at: int) -> Amount | None:
    match = _DIGITS.fullmatch(phrase.keys[at])
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    if not fraction and phrase.keys[at + 1] in phrase.numerals.point:
        said, last = _fraction(phrase, at + 2)
        if said:
            return _scaled(phrase, at, Amount(last, whole.replace(",", ""), said, is_negative=sign == "-"))
    amount = Amount(at + 1, whole.replace(",", ""), fraction or "", is_negative=sign == "-", spelled=match.group())
    return _scaled(phrase, at, amount)


def _fraction(phrase: Phrase, at: int) -> tuple[str, int]:
    """The digits behind the point: said one by one, or as one number of two digits (three point eleven)."""
    keys, numerals = phrase.keys, phrase.numerals
    if keys[at].isdigit() and keys[at].isascii():
        return keys[at][:_LONGEST_FRACTION], at + 1
    index, digits = at, ""
    while keys[index] in numerals.digits and len(digits) < _LONGEST_FRACTION:
        digits += numerals.digits[keys[index]]
        index += 1
    if digits:
        return digits, index
    number = phrase.number(at)
    if number is None or number.is_ordinal or not 10 <= number.value < 100:
        return "", at
    return str(number.value), number.last


def _scaled(phrase: Phrase, at: int, amount: Amount) -> Amount:
    """With the scale that follows: a large one stays a word, a thousand is multiplied out."""
    keys, numerals = phrase.keys, phrase.numerals
    amount = msgspec.structs.replace(amount, words=amount.last - at)
    scale = numerals.scales.get(keys[amount.last], 0)
    if scale >= 10**5:
        return msgspec.structs.replace(amount, last=amount.last + 1, scale=keys[amount.last])
    if scale and len(amount.decimals) <= 3 and keys[amount.last + 1] not in phrase.vocabulary.cardinals:
        value = int((amount.whole or "0") + amount.decimals.ljust(3, "0"))
        return msgspec.structs.replace(amount, last=amount.last + 1, whole=str(value), decimals="", spelled="")
    return amount


def _halved(phrase: Phrase, at: int, amount: Amount) -> Amount:
    """With "and a half" or "and a quarter" behind it, and the scale behind that."""
    last = amount.last
    for said, decimals in phrase.numerals.halves.items():
        if phrase.keys[last] == said[0] and tuple(phrase.keys[last : last + len(said)]) == said:
            return _scaled(phrase, at, Amount(last + len(said), amount.whole, decimals, has_half=True))
    return amount


def shortened(phrase: Phrase, at: int) -> Amount | None:
    """A number of three or four digits said in two parts: two thirty is 230, eighty eighty 8080, two oh five 205.

    Only for where the surroundings leave no other sense.
    """
    keys, numerals = phrase.keys, phrase.numerals
    for length in (1, 2):
        first = numerals.small.get(tuple(keys[at : at + length]), 0)
        if not first:
            continue
        start = at + length
        is_zero = numerals.digits.get(keys[start]) == "0"
        rest = phrase.number(start + is_zero)
        if rest is None or rest.is_ordinal or not (1 <= rest.value <= 9 if is_zero else 10 <= rest.value <= 99):
            continue
        return Amount(rest.last, f"{first}{rest.value:02}", words=rest.last - at)
    return None


def shares_scale(phrase: Phrase, value: int, at: int) -> bool:
    """Whether the number at ``at`` is a few of a scale that ``value`` before it has too: two to three hundred."""
    numerals = phrase.numerals
    following = numerals.small.get((phrase.keys[at],), 0)
    scale = phrase.keys[at + 1]
    return 0 < value < following and (scale in numerals.hundreds or scale in numerals.scales)
