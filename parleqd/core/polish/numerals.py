"""The numbers of a text, said or written, as strings of digits that can be compared across the two ways.

"three thirty", "3:30" and "330" give the same digits, as do "five five five oh one four two" and "555-0142", and "two
point five million" and "2.5M". So a number is compared by the digits that its parts make when run together, without
knowing whether it is a time, an amount, a version or a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_UNITS.split())}
_TENTHS = {word: value for value, word in zip(range(20, 100, 10), _TENS.split(), strict=True)}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
        start=1,
    )
}
_TENTH_ORDINALS = {f"{word[:-1]}ieth": value for word, value in _TENTHS.items()}
_MINUTES = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "half": 30}
_SCALES = {"thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIXES = {"k": 1000, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9}
_TIMES = {"double": 2, "triple": 3}
_VAGUE = {
    "half": ("5", "50", "30", "1", "2", "12"), "quarter": ("15", "25", "45", "1", "4", "14"), "noon": ("12", "1200"),
    "midnight": ("12", "0", "000", "1200"), "dozen": ("12",), "couple": ("2",), "pair": ("2",), "once": ("1",),
    "quarters": ("4",), "twice": ("2",), "single": ("1",), "third": ("13", "3"), "nil": ("0",),
}  # fmt: skip
_VAGUE |= {f"{word}s": (str(value),) for word, value in _ORDINALS.items() if value > 2}
"""What such words may be written as; nobody misses them when they stay words."""
DECADES = {f"{word[:-1]}ies": (str(value), f"19{value}", f"20{value}") for word, value in _TENTHS.items()}

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?:k|mn?|bn?)(?!\w)|\d+(?:[.,:/'’-]?\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[-.?!,;:\n]")
_GROUPED = re.compile(r"\d{1,3}(?:[,'’]\d{3})+(?!\d)")
_LIST_MARK = re.compile(r"^[ \t]*\d{1,2}[.)][ \t]", re.MULTILINE)
_MOST_DIGITS, _MOST_PARTS = 24, 16
_NEVER_MISSED = frozenset(("0", "1"))


_SIGN = re.compile(r"(?<![\w.])[-−–±](?=[$€£¥]?\d)|\b(?:minus|negative) (?=\w)")
_DASH = re.compile(r"\b(?:dash|hyphen) ")


class Numerals:
    """The numbers of one text, in their order. ``parts``: strings of digits, ``groups``: those written as one.

    ``joined``: "a thousand and one" is one number, not two. ``listed``: what counts the points of a list is one.
    """

    def __init__(self, text: str, *, joined: bool = True, listed: bool = False) -> None:
        plain = text.casefold()
        reader = _Reader(_TOKEN.findall(plain if listed else _LIST_MARK.sub("", plain)), joined=joined)
        reader.read()
        self.groups = reader.groups
        self.parts = [part for group in reader.groups for part in group]
        self.vague = reader.vague
        self.signs = len(_SIGN.findall(plain))
        self._dashes = len(_DASH.findall(plain))
        self.times = _clock_times(reader.tokens)

    @cached_property
    def made(self) -> frozenset[str]:
        """Every string of digits that neighbouring parts make."""
        return frozenset(digits for digits, _, _ in self._runs())

    def _runs(self) -> list[tuple[str, int, int]]:
        runs = []
        for begin in range(len(self.parts)):
            digits = ""
            for end in range(begin, min(begin + _MOST_PARTS, len(self.parts))):
                digits += self.parts[end]
                if end > begin and len(digits) > _MOST_DIGITS:
                    break
                runs.append((_plain(digits), begin, end + 1))
        return runs

    def supported_by(self, other: Numerals) -> bool:
        """Whether each of these numbers was said in the ``other`` text."""
        made = other.made | other.times.keys()
        if self.signs > other.signs + other._dashes:
            return False
        return all(_plain("".join(group)) in made or _loosely(group, other) for group in self.groups)

    def follows(self, other: Numerals) -> bool:
        """Whether these numbers, as far as the ``other`` text says them in figures of its own, come in its order."""
        begins: dict[str, list[tuple[int, int]]] = {}
        for digits, begin, end in other._runs():
            begins.setdefault(digits, []).append((end, begin))
        at = 0
        for group in self.groups:
            runs = begins.get(_plain("".join(group)))
            if runs is None:
                continue
            reached = min((end for end, begin in runs if begin >= at), default=0)
            if not reached:
                return False
            at = reached
        return True

    def kept_by(self, other: Numerals) -> bool:
        """Whether each of these numbers is written in the ``other`` text, one said twice once at least."""
        if self.signs > other.signs + other._dashes:
            return False
        written = {_plain("".join(group)) for group in other.groups} | {_plain(part) for part in other.parts}
        kept = set(_NEVER_MISSED)
        for digits, begin, end in self._runs():
            if digits in written or (end - begin > 1 and digits in other.made | other.times.keys()):
                kept.update(self.parts[begin:end])
        for time, parts in self.times.items():
            if time in other.made:
                kept.update(parts)
        said = other.made | other.vague | {"0"}  # "6:00" may be "6"
        return all(part in kept or _plain(part) in said for part in self.parts)


def _loosely(group: Sequence[str], other: Numerals) -> bool:
    """Whether vague words of the other text ("half", "noon") and a full hour make up what it does not say in digits."""
    vague = [part in other.vague or (index > 0 and part == "00") for index, part in enumerate(group)]
    said = [_plain(part) in other.made for part in group]
    first = said.index(False) if False in said else len(said)  # what is vague ends a number: 2.5, 4:30, 2/3
    return any(vague) and all(vague[first:])


def _plain(digits: str) -> str:
    """Without zeros in front: 09:30 is 9:30."""
    return digits.lstrip("0") or "0"


def _clock_times(tokens: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The times of day in "half past four", "ten to five", as digits, and the numbers that each was said with."""
    times = {}
    for minute, word, hour in zip(tokens, tokens[1:], tokens[2:], strict=False):
        minutes, hours = _MINUTES.get(minute, 0), _SMALL.get(hour, 0)
        if word in ("past", "to", "of", "after") and minutes and 1 <= hours <= 12:
            said = (str(minutes), str(hours))
            past = word in ("past", "after")
            shown = f"{hours}{minutes:02}" if past else f"{hours - 1 or 12}{60 - minutes}"
            times[shown] = said
    return times


class _Reader:
    """Reads number words by the grammar of English cardinals, and digits as they stand."""

    def __init__(self, tokens: Sequence[str], *, joined: bool) -> None:
        self.tokens = tokens
        self._joined = joined
        self.at = 0
        self.groups: list[list[str]] = []
        self.vague: frozenset[str] = frozenset()

    def read(self) -> None:
        vague = set[str]()
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            to_the_hour = token == "quarter" and self._token(self.at + 1) == "to"
            if (token in _VAGUE and not to_the_hour) or token in DECADES:
                vague.update(_VAGUE.get(token) or DECADES[token])
            if token[0].isdigit():
                self._written()
            elif token in _ORDINALS:
                vague.add(str(_ORDINALS[token]))
                self.at += 1
            elif self._begins(self.at):
                self._spoken()
            elif token in _TIMES and self._small(self.at + 1):
                self.groups.append([self._small(self.at + 1) * _TIMES[token]])
                self.at += 2
            else:
                self.at += 1
        self.vague = frozenset(vague)

    def _small(self, at: int) -> str:
        """The digit said at ``at``, or ""."""
        value = _SMALL.get(self._token(at), 99)
        return str(value) if value < 10 else ""

    def _token(self, at: int) -> str:
        return self.tokens[at] if 0 <= at < len(self.tokens) else ""

    def _begins(self, at: int) -> bool:
        token = self._token(at)
        if token in ("oh", "o"):
            return self._number(at - 1) or self._number(at + 1)
        if token in ("hundred", *_SCALES):
            return self._token(at - 1) in ("a", "several", "few") or not self._number(at - 1)
        return token in _SMALL or token in _TENTHS or token in _TENTH_ORDINALS

    def _number(self, at: int) -> bool:
        token = self._token(at)
        return token in _SMALL or token in _TENTHS or token[:1].isdigit()

    def _written(self) -> None:
        token = self.tokens[self.at]
        if _GROUPED.fullmatch(token.split(".")[0]):
            token = re.sub("[,'’]", "", token)
        number = token.rstrip("kmbn")
        attached = _SUFFIXES.get(token[len(number) :])
        parts = re.split(r"\D+", number)
        following = _SCALES.get(self._token(self.at + 1))
        scale = attached or following
        self.at += 1
        if scale:
            parts = [_scaled(parts[0], parts[1] if len(parts) > 1 else "", scale)]
            self.at += not attached
        self.groups.append(parts)

    def _spoken(self) -> None:
        """One number: "two", "twenty five", "three hundred and five", "two point five million", "oh"."""
        begin = self.at
        whole = self._cardinal()
        if self._token(self.at) == "point" and self._small(self.at + 1):
            after = self.at + 1
            fraction = ""
            while self._small(after):
                fraction += self._small(after)
                after += 1
            if self._token(after) in _SCALES:
                self.groups.append([_scaled(str(whole), fraction, _SCALES[self._token(after)])])
                self.at = after + 1
                return
        if self._token(self.at) == "point" and self.at > begin:
            self.at += 1
        self.groups.append([str(whole)])

    def _cardinal(self) -> int:
        total, group = 0, self._below_hundred()
        while True:
            token = self._token(self.at)
            if token == "hundred" and 0 < (group or 1) < 100:
                self.at += 1
                group = (group or 1) * 100
                group += self._rest()
            elif token in _SCALES and (group or not total):
                self.at += 1
                total += (group or 1) * _SCALES[token]
                group = self._rest(_SCALES[token])
            else:
                return total + group

    def _rest(self, below: int = 100) -> int:
        """What follows "hundred" or a scale as part of the same number, with or without "and"."""
        here = self.at
        if self._joined and self._token(here) == "and" and self._token(here + 1) in _SMALL.keys() | _TENTHS.keys():
            self.at += 1
        token = self._token(self.at)
        ordinal = token in _ORDINALS or token in _TENTH_ORDINALS
        if token not in _SMALL and token not in _TENTHS and not (ordinal and token != "second"):
            self.at = here
            return 0
        value = self._below_hundred()
        if value >= below or (below > 100 and _SCALES.get(self._token(self.at), 0) >= below):
            self.at = here
            return 0
        return value

    def _below_hundred(self) -> int:
        token = self._token(self.at)
        if token in ("hundred", *_SCALES):
            return 0
        self.at += 1
        if token in _TENTHS:
            here = self.at + (self._token(self.at) == "-")
            unit = _SMALL.get(self._token(here)) or _ORDINALS.get(self._token(here)) or 0
            if 0 < unit < 10:
                self.at = here + 1
                return _TENTHS[token] + unit
            return _TENTHS[token]
        return _SMALL.get(token) or _ORDINALS.get(token) or _TENTH_ORDINALS.get(token) or 0


def _scaled(whole: str, fraction: str, scale: int) -> str:
    """Digits of "2.5 million": 2500000."""
    zeros = len(str(scale)) - 1
    return _plain(whole + (fraction + "0" * zeros)[: max(zeros, len(fraction))])
