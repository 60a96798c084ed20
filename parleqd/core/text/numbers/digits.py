"""Read digits said one by one: telephone numbers, codes and addresses of machines."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from parleqd.core.text.lexicon import words
from parleqd.core.text.numbers.phrase import Phrase, Reading

_LONGEST = 40
_SHORTEST_WRITTEN = 7
"""Fewer digits that the recogniser wrote apart may be numbers on their own: a score of 2 1."""
_COUNTRY_CODES = frozenset(
    "1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 "
    "84 86 90 91 92 93 94 95 98 212 213 216 218 220 221 225 226 227 228 229 230 231 233 234 237 243 244 249 250 "
    "251 254 255 256 258 260 261 263 264 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 380 "
    "381 382 383 385 386 387 389 420 421 423 501 502 503 504 505 506 507 509 591 592 593 595 598 852 853 855 856 "
    "880 886 960 961 962 963 964 965 966 967 968 971 972 973 974 975 976 977 992 993 994 995 996 998".split()
)
"""Telephone country codes in use (ITU-T E.164)."""
_TELEPHONES = frozenset("call phone telephone number dial ring text fax mobile cell on at is tel".split())
_CODES = words(
    "code pin password passcode extension ext id zip number chapter room port digits error ssn otp cvv cvc vin imei"
)
"""Words that a digit string follows, even one that counts up."""
_SPELLED_CODES = tuple(tuple(name) for name in ("ssn", "pin", "otp", "id", "vin", "cvv", "cvc", "imei"))
"""Those of them that are said letter by letter."""
_ADDRESS = frozenset(("dot", "slash", "@", "underscore"))


class _Run(msgspec.Struct, frozen=True):
    """Digits said in ``pieces`` up to ``last``; ``singles`` of the pieces are single digits."""

    last: int
    pieces: tuple[str, ...]
    singles: int
    is_spoken: bool

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def read(phrase: Phrase, at: int) -> Reading | None:
    """The digit string at ``at``: a telephone number, a code, or a dotted address of numbers."""
    is_plus = phrase.keys[at] == "plus"
    run = _run(phrase, at + is_plus)
    if run is None or (not is_plus and phrase.before(at) in _ADDRESS):
        return None
    if is_plus:
        text = _international(run.text)
        return Reading(at, run.last, text) if text and run.singles >= len(run.pieces) - 2 else None
    if phrase.keys[run.last] in ("dash", "hyphen"):
        return _dashed(phrase, at, run)
    if phrase.keys[run.last] == "dot":
        return _dotted(phrase, at, run)
    counts = _CODES.isdisjoint(phrase.keys[max(at - 2, 0) : at]) and not _names_code(phrase, at)
    if not _is_string(run, counts=counts) or phrase.keys[run.last] in _ADDRESS:
        return None
    return Reading(at, run.last, _written(phrase, at, run.text))


def _names_code(phrase: Phrase, at: int) -> bool:
    """Whether a code that is called by its letters stands before: "s s n is", "my p i n"."""
    end = at - 1 if phrase.before(at) in ("is", "was", "number", ":") else at
    return any(tuple(phrase.keys[max(end - len(name), 0) : end]) == name for name in _SPELLED_CODES)


def _is_string(run: _Run, *, counts: bool) -> bool:
    """Whether so many digits in a row are no numbers on their own. ``counts``: one two three may be counting."""
    if run.singles < len(run.pieces):
        return len(run.pieces) >= 4 and run.singles >= 3
    if len(run.text) < (3 if run.is_spoken else _SHORTEST_WRITTEN) or len(run.pieces) < 2:
        return False
    if not counts:
        return True
    steps = {int(after) - int(before) for before, after in pairwise(run.pieces) if len(before) == len(after) == 1}
    return len(run.text) > len(run.pieces) or steps not in ({1}, {-1})


def _run(phrase: Phrase, at: int) -> _Run | None:
    """Single digits, "double five" and numbers of two digits, as far as they go."""
    keys, numerals = phrase.keys, phrase.numerals
    pieces: list[str] = []
    singles, index = 0, at
    while len(pieces) < _LONGEST:
        digit = _digit(phrase, index)
        times = numerals.multiples.get(keys[index], 0)
        if times and (repeated := _digit(phrase, index + 1)):
            pieces.append(repeated * times)
            singles, index = singles + 1, index + 2
        elif digit and pieces in ([], ["1"]) and keys[index + 1] in numerals.hundreds and _digit(phrase, index + 2):
            pieces.append(digit + "00")  # eight hundred five five five ...
            index += 2
        elif digit:
            pieces.append(digit)
            singles, index = singles + 1, index + 1
        else:
            number = phrase.number(index)
            if number is None or number.is_ordinal or not 10 <= number.value < 100:
                break
            pieces.append(str(number.value))
            index = number.last
    is_spoken = any(not key.isdigit() for key in keys[at:index])
    return _Run(index, tuple(pieces), singles, is_spoken) if pieces else None


def _digit(phrase: Phrase, at: int) -> str:
    key = phrase.keys[at]
    if len(key) == 1 and key.isdigit() and key.isascii():
        return key
    return phrase.numerals.digits.get(key, "")


def _dotted(phrase: Phrase, at: int, run: _Run) -> Reading | None:
    """Four numbers with "dot" between: the address of a machine."""
    parts, last = [run.text], run.last
    while phrase.keys[last] == "dot" and len(parts) < 4:
        following = _run(phrase, last + 1)
        if following is None:
            return None
        parts.append(following.text)
        last = following.last
    if len(parts) != 4 or phrase.keys[last] in _ADDRESS or any(len(part) > 3 for part in parts):
        return None
    return Reading(at, last, ".".join(parts))


def _dashed(phrase: Phrase, at: int, run: _Run) -> Reading | None:
    """Groups of digits with "dash" between: five five five dash oh one four two."""
    groups, last = [run], run.last
    while phrase.keys[last] in ("dash", "hyphen") and len(groups) < 5:
        following = _run(phrase, last + 1)
        if following is None:
            return None
        groups.append(following)
        last = following.last
    if any(group.singles < len(group.pieces) or len(group.text) < 2 for group in groups):
        return None
    return Reading(at, last, "-".join(group.text for group in groups))


def _written(phrase: Phrase, at: int, text: str) -> str:
    """Grouped as its kind is: ten digits are a telephone number, nine behind "social security" are in three groups."""
    before = phrase.keys[max(at - 5, 0) : at]
    if len(text) == 9 and ("ssn" in before or "security" in before or "ssn" in "".join(before)):
        return f"{text[:3]}-{text[3:5]}-{text[5:]}"
    if len(text) == 16 and ("card" in before or "visa" in before or "mastercard" in before):
        return " ".join(text[start : start + 4] for start in range(0, 16, 4))
    if len(text) == 10:
        return _local(text)
    if len(text) == 11 and text[0] == "1":
        return f"1-{_local(text[1:])}"
    if len(text) == 7 and not _TELEPHONES.isdisjoint(before):
        return f"{text[:3]}-{text[3:]}"
    return text


def _local(text: str) -> str:
    return f"{text[:3]}-{text[3:6]}-{text[6:]}" if len(text) == 10 else text


def _international(text: str) -> str:
    """With its country code apart; empty where no country has it."""
    for length in (1, 2, 3):
        if text[:length] in _COUNTRY_CODES and 6 <= len(text) - length <= 12:
            return f"+{text[:length]} {_local(text[length:])}"
    return ""
