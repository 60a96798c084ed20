"""Read dates and years: "march twenty third two thousand twenty seven" is March 23, 2027. English."""

from __future__ import annotations

from parleqd.core.text.lexicon import ARTICLES, COORDINATORS, POSSESSIVES, PREPOSITIONS, SUBJECTS, words
from parleqd.core.text.numbers import amounts
from parleqd.core.text.numbers.phrase import Phrase, Reading

MONTHS = words("january february march april may june july august september october november december")
_WORDS_TOO = words("march may august")
"""Months whose name is an ordinary word in lower case."""
_BEFORE = words(
    "on by until till in since from before after of for through to between this next last early late mid and"
)
_AFTER_DAY = PREPOSITIONS | COORDINATORS | words("is was works will would if when because we i you they it he she")
_EARLY = 1300
"""Of a year before this one, both halves may be numbers of their own: ten twenty."""
_ERAS = (("b", "c", "e"), ("b", "c"), ("a", "d"), ("c", "e"))
_AFTER_ERA = PREPOSITIONS | COORDINATORS | words("is was were did had when while because")
_BEFORE_ERA = words("in by around about from of to until since year circa and before after between than")
_OPENED = _AFTER_ERA | ARTICLES | POSSESSIVES | SUBJECTS | words("this these there")
"""What follows an era where "in" opened the clause: in three hundred b c the city fell."""
_PLACES = words("page pages section sections room rooms gate platform row unit building apartment suite exhibit")
"""What has a letter behind its number: page fifty b."""
_LINKS = words("and or to through")
_DECADES = {
    "tens": 10,
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
    "hundreds": 0,
}
_BEFORE_YEAR = PREPOSITIONS - {"for", "at", "with", "like"} | words(
    "the a this that our his her their my was and or to year years summer spring autumn fall winter late early mid "
    "than class circa christmas easter quarter season model wwii"
)
"""What a year follows, where a price or a time of day would not be said the same way."""
_NOT_BEHIND_A_YEAR = words(
    "people persons percent times minutes seconds hours days weeks months years dollars euros pounds miles feet meters "
    "of vision hindsight items points pages men women children kids guests hundred thousand million"
)


def read(phrase: Phrase, at: int) -> Reading | None:
    """The date at ``at``: a month with a day or a year, or "the fifth of November"."""
    if phrase.keys[at] in MONTHS:
        return _from_month(phrase, at)
    start = at + 1 if phrase.keys[at] == "the" else at
    number = phrase.number(start)
    if number is None or not number.is_ordinal or not 1 <= number.value <= 31:
        return None
    index = number.last + 1 if phrase.keys[number.last] == "of" else number.last
    if phrase.keys[index] not in MONTHS or (index == number.last and start == at):
        return None
    link = at - 1 if phrase.before(at) == "the" else at
    if phrase.before(link) in _LINKS and phrase.before(link, 2) in phrase.vocabulary.ordinals:
        return None  # the third and the fifth of June
    month = phrase.spelled[index].capitalize()
    year, last = _year(phrase, _over_comma(phrase, index + 1))
    if not year:
        last = index + 1
        if (number.value, month) == (4, "July"):
            return None  # the holiday
    return Reading(at, last, f"{number.value} {month}" + (f" {year}" if year else ""))


def read_year(phrase: Phrase, at: int) -> Reading | None:
    """A year said in two halves, a decade or a century: nineteen seventy five, nineteen eighties."""
    keys = phrase.keys
    century = phrase.numerals.small.get((keys[at],), 0)
    if 10 <= century <= 21 and keys[at + 1] in _DECADES:
        return Reading(at, at + 2, f"{century}{_DECADES[keys[at + 1]]:02}s")
    year, last = _halves(phrase, at)
    if not year or keys[last] in _NOT_BEHIND_A_YEAR:
        return None
    if not (phrase.opens_clause(at) or phrase.before(at) in _BEFORE_YEAR):
        return None
    if century < 13 and not (phrase.before(at) in ("in", "year", "since", "circa") or phrase.opens_clause(at)):
        return None  # twelve fifty may be a time or a price
    return Reading(at, last, year)


def read_era(phrase: Phrase, at: int) -> Reading | None:
    """A year with its era spelled behind it: seven fifty b c, two hundred a d."""
    keys = phrase.keys
    number = phrase.number(at)
    short = amounts.shortened(phrase, at)
    if short is not None:
        year, last = short.whole, short.last
    elif number is not None and not number.is_ordinal and 0 < number.value < 10_000:
        year, last = str(number.value), number.last
    elif len(keys[at]) <= 4 and keys[at].isdigit() and keys[at].isascii():
        year, last = keys[at], at + 1
    else:
        return None
    era = next((era for era in _ERAS if tuple(keys[last : last + len(era)]) == era), ())
    behind = last + len(era)
    if (
        not era
        or phrase.before(at) in _PLACES
        or not (phrase.ends_clause(behind) or keys[behind] in (_AFTER_ERA if phrase.before(at) != "in" else _OPENED))
    ):
        return None
    if len(keys[behind + 1]) == 1 and keys[behind + 1] != "i":
        return None  # the vitamins b c and d
    if era[0] == "a" and not (phrase.opens_clause(at) or phrase.before(at) in _BEFORE_ERA):
        return None
    return Reading(at, behind, f"{year} {''.join(era).upper()}")


def _from_month(phrase: Phrase, at: int) -> Reading | None:
    keys = phrase.keys
    month = phrase.spelled[at].capitalize()
    is_surely_month = keys[at] not in _WORDS_TOO or phrase.before(at) in _BEFORE or _is_name(phrase, at)
    start = at + 2 if keys[at + 1] == "the" else at + 1
    year, last = _year(phrase, start) if start == at + 1 else ("", start)
    is_early = len(year) == 4 and int(year) < _EARLY and not keys[start].isdigit()
    if phrase.is_number(last) or (is_early and phrase.before(at) != "in"):
        year = ""  # november eleven nineteen eighteen
    if year and not keys[start].isdigit() and (is_surely_month or keys[at] != "may"):
        return Reading(at, last, f"{month} {year}")
    number = phrase.number(start)
    if number is None or not 1 <= number.value <= 31:
        return None
    day, last = number.value, number.last
    year, behind = _year(phrase, _over_comma(phrase, last))
    if year and (is_surely_month or number.is_ordinal or keys[at] != "may"):
        return Reading(at, behind, f"{month} {day}, {year}")
    if not is_surely_month and not (number.is_ordinal and (day > 12 or phrase.ends_clause(last))):
        return None
    if not number.is_ordinal and not (phrase.ends_clause(last) or keys[last] in _AFTER_DAY):
        return None
    return Reading(at, last, f"{month} {day}")


def _is_name(phrase: Phrase, at: int) -> bool:
    """Whether a capital shows the month where no sentence begins."""
    return phrase.spelled[at][:1].isupper() and not phrase.opens_clause(at)


def _over_comma(phrase: Phrase, at: int) -> int:
    return at + 1 if phrase.keys[at] == "," else at


def _year(phrase: Phrase, at: int) -> tuple[str, int]:
    """A year of this era, behind a month or a day, and where it ends; empty where none stands at ``at``."""
    key = phrase.keys[at]
    if len(key) == 4 and key.isdigit() and key.isascii():
        return key, at + 1
    year, last = _halves(phrase, at)
    if year:
        return year, last
    number = phrase.number(at)
    if number is None or number.is_ordinal or not 1000 <= number.value < 2100:
        return "", at
    return str(number.value), number.last


def _halves(phrase: Phrase, at: int) -> tuple[str, int]:
    """A year said as two numbers: nineteen eighty nine, twenty ten, nineteen oh five."""
    keys, numerals = phrase.keys, phrase.numerals
    century = numerals.small.get((keys[at],), 0)
    if not 10 <= century <= 20:
        return "", at
    if numerals.digits.get(keys[at + 1]) == "0":
        value = numerals.small.get((keys[at + 2],), 0)
        return (f"{century}0{value}", at + 3) if 1 <= value <= 9 else ("", at)
    for length in (2, 1):
        value = numerals.small.get(tuple(keys[at + 1 : at + 1 + length]), 0)
        if 10 <= value < 100:
            return f"{century}{value}", at + 1 + length
    return "", at
