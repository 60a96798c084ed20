"""Readers of numbers by tables: sums, measures, dates, times of day and plain numbers of a language beside English.

What the recogniser wrote in figures is left: it knows the custom of the language.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import msgspec

from parleqd.core.text.numbers import amounts, money, prose, units
from parleqd.core.text.numbers.currencies import Currencies
from parleqd.core.text.numbers.numerals import Numerals, vocabulary
from parleqd.core.text.numbers.phrase import Phrase, Reading
from parleqd.core.text.numbers.prose import Surroundings
from parleqd.core.text.numbers.stage import Grammar
from parleqd.core.text.numbers.unit_names import Units

_YEARS = range(1000, 2100)
_ALONE = Surroundings()


class Custom(msgspec.Struct, frozen=True):
    """What a language writes around its numbers.

    ``months`` follow a day, behind one of ``day_links`` if there are any; a year may stand behind one of
    ``year_links``. ``day_suffix`` follows the figure of the day; ``first`` are words for the first of a month.
    ``hours`` stand between hours and minutes; where there are none, ``before_hours`` stands before both.
    ``clock``: how a time of day is written. ``follows_time``: words that may follow one. ``alone``: numbers that
    stay words on their own. ``kept``: idioms.
    """

    months: frozenset[str]
    clock: str
    follows_time: frozenset[str]
    alone: frozenset[str]
    kept: tuple[tuple[str, ...], ...]
    day_links: frozenset[str] = frozenset()
    year_links: frozenset[str] = frozenset()
    before_day: frozenset[str] = frozenset()
    day_suffix: str = ""
    first: frozenset[str] = frozenset()
    first_written: str = "1"
    hours: frozenset[str] = frozenset()
    before_hours: frozenset[str] = frozenset()
    before_joined_hours: frozenset[str] = frozenset()
    ones: frozenset[str] = frozenset()
    """Words for one that are articles as well."""
    coin_links: frozenset[str] = frozenset()
    """What stands between a sum and its coins, which are not named: cinco euros con cincuenta."""
    nouns: tuple[tuple[str, str], ...] = ()
    """Scales that are spelled otherwise than they are compared."""


def grammar(numerals: Numerals, currencies: Currencies, measures: Units, custom: Custom) -> Grammar:
    """The grammar of numbers that the tables make."""
    return Grammar(
        numerals=numerals,
        readers=(
            partial(_date, custom=custom),
            partial(_time, custom=custom),
            partial(_sum, custom=custom, currencies=currencies),
            partial(_measure, custom=custom, measures=measures),
            _range,
            partial(_plain, custom=custom),
        ),
        starts=frozenset({*custom.first, *numerals.minus, *numerals.articles} | {idiom[0] for idiom in custom.kept}),
        idioms=partial(_idiom, kept=custom.kept),
        vocabulary=vocabulary(numerals),
    )


def measures(names: dict[str, tuple[str, ...]]) -> Units:
    """Units with symbols, all of them a blank apart from the figure."""
    symbols = {tuple(name.split()): symbol for symbol, spoken in names.items() for name in spoken}
    nothing: frozenset[tuple[str, ...]] = frozenset()
    return Units(symbols, frozenset(), nothing, frozenset(), nothing, {}, longest=max(map(len, symbols)))


def currencies(names: dict[str, tuple[str, ...]], cents: Iterable[str]) -> Currencies:
    """Currencies whose sign stands behind the amount."""
    signs = {tuple(name.split()): sign for sign, spoken in names.items() for name in spoken}
    return Currencies(signs, dict.fromkeys(cents, 100), singular=frozenset(signs), behind=True)


def _idiom(phrase: Phrase, at: int, kept: tuple[tuple[str, ...], ...]) -> Reading | None:
    for idiom in kept:
        if phrase.keys[at] == idiom[0] and tuple(phrase.keys[at : at + len(idiom)]) == idiom:
            return Reading(at, at + len(idiom), "")
    return None


def _day(phrase: Phrase, at: int, custom: Custom) -> tuple[str, int]:
    if phrase.keys[at] in custom.first:
        return custom.first_written, at + 1
    number = phrase.number(at)
    if number is None or not 0 < number.value <= 31 or number.is_ordinal != bool(custom.day_suffix):
        return "", at
    return f"{number.value}{custom.day_suffix}", number.last


def _date(phrase: Phrase, at: int, custom: Custom) -> Reading | None:
    """A day with its month, and the year behind."""
    keys = phrase.keys
    day, last = _day(phrase, at, custom)
    if not day or (custom.before_day and not (phrase.before(at) in custom.before_day or phrase.opens_clause(at))):
        return None
    written = [day]
    if custom.day_links:
        if keys[last] not in custom.day_links:
            return None
        written.append(keys[last])
        last += 1
    if keys[last] not in custom.months:
        return None
    if custom.day_links and phrase.spelled[at][:1].isupper() and phrase.spelled[last][:1].isupper():
        return None  # Cinco de Mayo
    written.append(phrase.spelled[last].capitalize() if custom.day_suffix else phrase.spelled[last])
    last += 1
    start = last + 1 if keys[last] in custom.year_links else last
    year = phrase.number(start) if start > last or not custom.year_links else None
    if year is not None and year.value in _YEARS and not year.is_ordinal:
        written += [keys[last]] if start > last else []
        written.append(str(year.value))
        last = year.last
    return Reading(at, last, " ".join(written))


def _time(phrase: Phrase, at: int, custom: Custom) -> Reading | None:
    """Hours and minutes, where nothing that is counted can follow."""
    hour = phrase.number(at)
    if hour is None or hour.is_ordinal or hour.value > 24:
        return None
    start = hour.last
    if custom.hours:
        if phrase.keys[start] not in custom.hours:
            return None
        start += 1
    elif phrase.before(at) not in custom.before_hours:
        return None
    elif phrase.keys[start] in phrase.numerals.joiners:
        if phrase.before(at, 2) not in custom.before_joined_hours:
            return None
        start += 1
    minute = phrase.number(start)
    if minute is None or minute.is_ordinal or not (1 if custom.hours else 10) <= minute.value < 60:
        return None
    if not phrase.ends_clause(minute.last) and phrase.keys[minute.last] not in custom.follows_time:
        return None
    return Reading(at, minute.last, custom.clock.format(hour=hour.value, minute=minute.value))


def _is_ready(phrase: Phrase, at: int) -> bool:
    """Whether there are figures already, or a number before a decimal mark that was read as none: eins Komma zwei."""
    if phrase.before(at) in phrase.numerals.point and at > 1 and phrase.is_number(at - 2):
        return True
    key = phrase.keys[at + 1] if phrase.keys[at] in phrase.numerals.minus else phrase.keys[at]
    return not key or not key[0].isalpha()


def _is_one(phrase: Phrase, at: int, last: int, custom: Custom) -> bool:
    """Whether an article and a noun are read as one of it: un euro."""
    return phrase.keys[at] in custom.ones and phrase.keys[at + 1] not in phrase.numerals.point and last <= at + 3


def _sum(phrase: Phrase, at: int, custom: Custom, currencies: Currencies) -> Reading | None:
    if _is_ready(phrase, at):
        return None
    amount = amounts.read(phrase, at)
    if amount is not None and amount.scale:
        return None  # deux millions d'euros
    reading = money.read(phrase, at, currencies)
    if reading is None or not any(char.isdigit() for char in reading.text):
        return None
    return None if _is_one(phrase, at, reading.last, custom) else _with_coins(phrase, reading, custom, currencies)


def _with_coins(phrase: Phrase, reading: Reading, custom: Custom, currencies: Currencies) -> Reading | None:
    """The sum with the coins that are said behind a link; None where what is linked is no coin."""
    if phrase.keys[reading.last] not in custom.coin_links:
        return reading
    coins = phrase.number(reading.last + 1)
    if coins is None:
        return reading
    figure, blank, sign = reading.text.rpartition(" ")
    last = coins.last + (phrase.keys[coins.last] in currencies.cents)
    is_meant = last > coins.last or phrase.ends_clause(last)
    if phrase.numerals.decimal_mark in figure or not 0 < coins.value < 100 or not is_meant:
        return None
    return Reading(reading.first, last, f"{figure}{phrase.numerals.decimal_mark}{coins.value:02}{blank}{sign}")


def _measure(phrase: Phrase, at: int, custom: Custom, measures: Units) -> Reading | None:
    if _is_ready(phrase, at):
        return None
    reading = units.read(phrase, at, measures)
    return None if reading is None or _is_one(phrase, at, reading.last, custom) else _spelled(reading, custom)


def _range(phrase: Phrase, at: int) -> Reading | None:
    """Two numbers of which one is large: both in figures."""
    keys, numerals = phrase.keys, phrase.numerals
    first = phrase.number(at)
    if first is None or first.is_ordinal or first.scale or first.value < 2:
        return None
    is_between = phrase.before(at) in numerals.range_openers and keys[first.last] in numerals.joiners
    if keys[first.last] not in numerals.links and not is_between:
        return None
    second = phrase.number(first.last + 1)
    if second is None or second.is_ordinal or second.scale or not first.value < second.value < 10**4:
        return None
    if second.value <= numerals.words_up_to or keys[second.last] in numerals.point:
        return None
    return Reading(at, second.last, f"{first.value} {keys[first.last]} {second.value}")


def _plain(phrase: Phrase, at: int, custom: Custom) -> Reading | None:
    """A number that is counted with, or decimals."""
    number = phrase.number(at)
    if _is_ready(phrase, at) or (number is not None and number.is_ordinal):
        return None
    is_alone = number is not None and number.last == at + 1 and phrase.keys[at] in custom.alone
    if is_alone and phrase.keys[at + 1] not in phrase.numerals.point:
        return None
    reading = prose.read(phrase, at, _ALONE)
    if reading is None or phrase.keys[reading.last] in phrase.numerals.point:
        return None
    return None if _is_one(phrase, at, reading.last, custom) else _spelled(reading, custom)


def _spelled(reading: Reading, custom: Custom) -> Reading:
    text = reading.text
    for said, written in custom.nouns:
        text = text.replace(said, written)
    return msgspec.structs.replace(reading, text=text)
