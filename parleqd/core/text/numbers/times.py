"""Read times of day: "three thirty p m" is 3:30 PM, "quarter past five" 5:15, "at nine oh five" 9:05. English."""

from __future__ import annotations

import msgspec

from parleqd.core.text.lexicon import CONTRACTED_SUBJECTS, COORDINATORS, PREPOSITIONS, SUBJECTS, SUBORDINATORS, words
from parleqd.core.text.numbers.phrase import Phrase, Reading

_BEFORE = words("at by until till before after from since around about past between")
"""Prepositions that a time of day follows."""
_WEAKLY_BEFORE = words("for to is was it's and or make till starts begins ends start tomorrow today tonight")
_OCCASIONS = words(
    "meeting meetings call train bus flight plane ferry slot appointment session class lesson standup stand-up show "
    "interview review demo lunch dinner breakfast bell deadline start alarm news departure sync workshop reservation"
)
_PARTS_OF_DAY = words("morning afternoon evening")
_WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")
_AFTER = (
    PREPOSITIONS
    | COORDINATORS
    | SUBORDINATORS
    | SUBJECTS
    | CONTRACTED_SUBJECTS
    | _WEEKDAYS
    | words(
        "today tomorrow tonight yesterday sharp exactly now already again still then please instead this next every "
        "each because if when works is was will would should can could okay ok the my our your local"
    )
) - {"of"}
"""Words that may follow a time of day that no "p.m." ends."""
_FRACTIONS = {"quarter": 15, "half": 30, "five": 5, "ten": 10, "twenty": 20}
_ZONES = words(
    "gmt utc est edt cst cdt mst mdt pst pdt cet cest eet eest wet bst ist jst kst hkt sgt aest aedt acst awst nzst "
    "nzdt et ct pt msk akst hst"
)
_LONG_ZONES = _ZONES - words("et ct pt est")
_PERIODS = {"am": "AM", "pm": "PM", "a.m": "AM", "p.m": "PM"}


class _Period(msgspec.Struct, frozen=True):
    """AM or PM and a time zone: what is written for them, and where they end."""

    last: int
    text: str
    is_dotted: bool = False


def read(phrase: Phrase, at: int) -> Reading | None:
    """The time of day at ``at``; None where the numbers may be something else."""
    keys = phrase.keys
    if keys[at] == "a" and keys[at + 1] in ("quarter", "half") and keys[at + 2] in ("past", "to", "after"):
        found = _fraction(phrase, at + 1)
        return None if found is None else msgspec.structs.replace(found, first=at)
    return _fraction(phrase, at) or _clock(phrase, at)


def _fraction(phrase: Phrase, at: int) -> Reading | None:
    """Quarter past five, ten to six, half past twelve, twenty five past one."""
    keys = phrase.keys
    index = at + 1
    minutes = _FRACTIONS.get(keys[at], 0)
    if minutes == 20 and keys[index] == "five":
        minutes, index = 25, index + 1
    has_word = keys[index] == "minutes"
    index += has_word
    link = keys[index]
    hour = _hour(phrase, index + 1)
    if not minutes or hour is None or link not in ("past", "to", "after", "till"):
        return None
    is_sure = (minutes in (15, 30) or has_word) and link in ("past", "to")
    if (minutes == 30 and link != "past") or not (is_sure or link == "past" or phrase.before(at) in _BEFORE):
        return None
    last = index + 2
    period = _period(phrase, last)
    if period is None and not (_may_follow(phrase, last) or (is_sure and keys[last] != "of")):
        return None
    if link in ("to", "till"):
        hour, minutes = (hour - 2) % 12 + 1, 60 - minutes
    return _written(phrase, at, last, f"{hour}:{minutes:02}", period)


def _clock(phrase: Phrase, at: int) -> Reading | None:
    """An hour, with minutes or "o'clock" or AM and PM behind it."""
    keys = phrase.keys
    hour = _hour(phrase, at)
    if hour is None:
        return _late(phrase, at)
    index = _oclock(phrase, at + 1)
    if index:
        period = _period(phrase, index)
        if period is None:
            return None if keys[index] == "shadow" else Reading(at, index, f"{hour} o'clock")
        return _written(phrase, at, index, f"{hour}:00", period)
    minutes, last = _minutes(phrase, at + 1)
    period = _period(phrase, last)
    if period is not None:
        if keys[at].isdigit() and keys[at + 1] in _PERIODS:
            return None  # "9 a.m." is written already
        return _written(phrase, at, last, f"{hour}:{minutes:02}", period)
    if last == at + 1 or not _is_time_of_day(phrase, at, last):
        return None
    return Reading(at, last, f"{hour}:{minutes:02}")


def _late(phrase: Phrase, at: int) -> Reading | None:
    """The hours that only a day of twenty-four has: at nineteen thirty."""
    number = phrase.number(at)
    if number is None or phrase.before(at) != "at" or not 13 <= number.value <= 23 or number.is_ordinal:
        return None
    minutes, last = _minutes(phrase, number.last)
    if last == number.last or not _may_follow(phrase, last):
        return None
    return Reading(at, last, f"{number.value}:{minutes:02}")


def _hour(phrase: Phrase, at: int) -> int | None:
    key = phrase.keys[at]
    is_written = key.isdigit() and key.isascii() and len(key) <= 2
    value = int(key) if is_written else phrase.numerals.small.get((key,), 0)
    return value if 1 <= value <= 12 else None


def _minutes(phrase: Phrase, at: int) -> tuple[int, int]:
    """The minutes at ``at``, and where they end; ``at`` where there are none."""
    keys, numerals = phrase.keys, phrase.numerals
    key = keys[at]
    if key.isdigit() and key.isascii() and len(key) == 2 and int(key) < 60:
        return int(key), at + 1
    if numerals.digits.get(key) == "0":
        value = numerals.small.get((keys[at + 1],), 0)
        return (value, at + 2) if 1 <= value <= 9 else (0, at)
    for length in (2, 1):
        value = numerals.small.get(tuple(keys[at : at + length]), 0)
        if 10 <= value < 60:
            return value, at + length
    return 0, at


def _oclock(phrase: Phrase, at: int) -> int:
    keys = phrase.keys
    if keys[at] in ("o'clock", "oclock"):
        return at + 1
    return at + 2 if keys[at : at + 2] == ["o", "clock"] else 0


def _period(phrase: Phrase, at: int) -> _Period | None:
    """AM or PM, a time zone, or both, at ``at``."""
    keys = phrase.keys
    text, last, is_dotted = "", at, False
    if keys[at] in _PERIODS and not (keys[at] == "am" and keys[at + 1] in ("i", "not")):
        text, last = _PERIODS[keys[at]], at + 1
        is_dotted = "." in keys[at] and keys[last] == "."
    elif keys[at] in ("a", "p") and keys[at + 1] == "m":
        text, last = keys[at].upper() + "M", at + 2
    zone, behind = _zone(phrase, last + is_dotted, after_period=bool(text))
    if zone:
        return _Period(behind, f"{text} {zone}".strip())
    return _Period(last, text, is_dotted) if text else None


def _zone(phrase: Phrase, at: int, *, after_period: bool) -> tuple[str, int]:
    keys = phrase.keys
    known = _ZONES if after_period else _LONG_ZONES
    if keys[at] in known:
        return keys[at].upper(), at + 1
    for length in (4, 3, 2):
        letters = keys[at : at + length]
        if all(len(letter) == 1 for letter in letters) and "".join(letters) in _ZONES:
            return "".join(letters).upper(), at + length
    return "", at


def _written(phrase: Phrase, at: int, last: int, clock: str, period: _Period | None) -> Reading | None:
    """The reading with AM or PM behind it. The full stop of "p.m." goes where it ends no sentence."""
    if period is None:
        return Reading(at, last, clock)
    if not period.is_dotted:
        return Reading(at, period.last, f"{clock} {period.text}")
    behind = period.last + 1
    if not phrase.keys[behind]:
        return Reading(at, period.last, f"{clock} {period.text}")
    if phrase.spelled[behind][:1].isupper():  # the full stop may end the sentence, or not: it stays, and p.m. with it
        return Reading(at, last, clock)
    ends_line = phrase.keys[behind] == "\n"
    return Reading(at, period.last if ends_line else behind, f"{clock} {period.text}")


def _may_follow(phrase: Phrase, last: int) -> bool:
    return phrase.ends_clause(last) or phrase.keys[last] in _AFTER


def _is_time_of_day(phrase: Phrase, at: int, last: int) -> bool:
    """Whether an hour and minutes are surely a time, by what stands around them."""
    before, after = phrase.before(at), phrase.keys[last]
    if before in _BEFORE:
        return _may_follow(phrase, last) or after in _OCCASIONS
    if phrase.keys[last : last + 2] == ["in", "the"] and phrase.keys[last + 2] in _PARTS_OF_DAY:
        return True
    if before in ("to", "and", "or") and phrase.is_number(at - 2):  # from nine thirty to ten fifteen
        return _may_follow(phrase, last) and not _BEFORE.isdisjoint(phrase.keys[max(at - 5, 0) : at - 2])
    if after in _OCCASIONS:
        return before in ("the", "a", "my", "our", "your", "his", "her", "their", "this", "that", "next")
    if phrase.keys[at].isdigit():
        return False
    if before in _WEAKLY_BEFORE or before in _WEEKDAYS:
        return phrase.ends_clause(last) and before not in ("for", "to", "and", "or", "is", "was")
    return phrase.opens_clause(at) and phrase.ends_clause(last)
