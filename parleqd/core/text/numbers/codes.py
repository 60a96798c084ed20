"""Read what is part letters, part numbers, and numbers of editions: "x eighty six" is x86, "version two" version 2."""

from __future__ import annotations

from parleqd.core.text.lexicon import words
from parleqd.core.text.numbers import amounts
from parleqd.core.text.numbers.phrase import Phrase, Reading

_LONGEST = 16
_ARTICLE_LIKE = frozenset("aio")
"""Letters that are words of their own, and the letter that is a zero."""
_NUMBERED = words("version versions extension ext route port apartment apt suite")
PLACES = words(
    "page pages room flight bus train tram gate platform channel chapter section highway interstate building unit "
    "locker seat order ticket invoice number extension ext port apartment apt suite route line"
)
"""What is numbered in hundreds, and said in two halves: room two thirty."""
EDITIONS = words(
    "python java php ruby node windows ubuntu debian fedora ios ipados macos android postgres django angular"
)
"""Products that people name with the number of their version."""
_ADDRESS = frozenset(("dot", "slash", "@", "underscore"))


def read_version(phrase: Phrase, at: int) -> Reading | None:
    """A number with two points or more: twenty two point four point one."""
    keys, numerals = phrase.keys, phrase.numerals
    parts: list[str] = []
    index = at
    while len(parts) < _LONGEST:
        number = phrase.number(index)
        if number is not None and not number.is_ordinal and not number.scale:
            parts.append(str(number.value))
            index = number.last
        elif keys[index].isdigit() and keys[index].isascii():
            parts.append(keys[index])
            index += 1
        elif numerals.digits.get(keys[index]) == "0":
            parts.append("0")
            index += 1
        else:
            return None
        if keys[index] not in numerals.point:
            break
        index += 1
    return Reading(at, index, ".".join(parts)) if len(parts) > 2 and not phrase.is_number(index) else None


def read_numbered(phrase: Phrase, at: int) -> Reading | None:
    """The number behind a word that always has one: version two, extension seven, Windows eleven."""
    keys = phrase.keys
    before = keys[at]
    short = amounts.shortened(phrase, at + 1) if before in PLACES else None
    if short is not None and not phrase.is_number(short.last):
        return Reading(at + 1, short.last, short.whole)
    if before not in _NUMBERED and before not in EDITIONS:
        return None
    amount = amounts.read(phrase, at + 1)
    if amount is None or amount.is_negative or amount.scale or amount.has_half or amount.spelled:
        return None
    if before in EDITIONS and not (amount.decimals or phrase.ends_clause(amount.last) or amount.value > 1):
        return None
    if keys[amount.last] in phrase.numerals.point or keys[amount.last] in _ADDRESS or keys[amount.last] == "of":
        return None
    return Reading(at + 1, amount.last, amount.written(phrase, above=20))


def read_model(phrase: Phrase, at: int) -> Reading | None:
    """The number behind an acronym, said in two halves: RTX twenty eighty is RTX 2080."""
    before = phrase.spelled[at - 1] if at else ""
    if not (1 < len(before) < 6 and before.isalpha() and before.isupper()) or before in ("AM", "PM"):
        return None
    amount = amounts.shortened(phrase, at)
    return None if amount is None else Reading(at, amount.last, amount.whole)


def read_code(phrase: Phrase, at: int) -> Reading | None:
    """Letters and numbers said one after another, as in a product or an order: a b nine, x eighty six."""
    keys, numerals = phrase.keys, phrase.numerals
    if phrase.before(at) in _ADDRESS or not _may_open(phrase, at):
        return None
    index, pieces, letters, spoken = at, list[str](), 0, 0
    starts_with_number = not _is_letter(phrase, at)
    while len(pieces) < _LONGEST:
        if _is_letter(phrase, index):
            pieces.append(phrase.spelled[index])
            letters, index = letters + 1, index + 1
            continue
        number = phrase.number(index)
        if number is not None and not number.is_ordinal and number.value < 1000 and not number.scale:
            pieces.append(str(number.value))
            index, spoken = number.last, spoken + 1
        elif pieces and keys[index] in numerals.multiples and keys[index + 1] in numerals.digits:
            pieces.append(numerals.digits[keys[index + 1]] * numerals.multiples[keys[index]])
            index, spoken = index + 2, spoken + 1
        else:
            break
    text = "".join(pieces)
    if not letters or not spoken or keys[index] in _ADDRESS or phrase.is_number(index):
        return None
    return Reading(at, index, text) if _is_code(phrase, at, index, letters, starts_with_number) else None


def _may_open(phrase: Phrase, at: int) -> bool:
    """Whether no letter of the same code stands before; an article is none: "a b nine" inside a sentence."""
    if _is_letter(phrase, at - 1):
        return phrase.keys[at - 1] == "a" and not phrase.opens_clause(at - 1) and not _is_letter(phrase, at + 1)
    is_article = phrase.keys[at] == "a" and not phrase.opens_clause(at)
    return not is_article or (_is_letter(phrase, at + 1) and _is_letter(phrase, at + 2))


def _is_letter(phrase: Phrase, at: int) -> bool:
    return at >= 0 and len(phrase.keys[at]) == 1 and phrase.keys[at].isascii() and phrase.keys[at].isalpha()


def _is_code(phrase: Phrase, at: int, last: int, letters: int, starts_with_number: bool) -> bool:
    """Whether letters and numbers make one thing, and are no words: not "a one", "i five", "plan b two people"."""
    keys = phrase.keys
    ends_in_letter = keys[last - 1] in _ARTICLE_LIKE
    if ends_in_letter and not phrase.ends_clause(last):
        return False
    if starts_with_number:
        return letters >= 3
    if letters == 1:
        number = phrase.number(at + 1)
        if keys[at] in _ARTICLE_LIKE or number is None or number.last != last or phrase.before(at).isdigit():
            return False
        return number.value >= 10 or phrase.ends_clause(last)
    return not (letters == 2 and keys[at] in _ARTICLE_LIKE and keys[at + 1] in _ARTICLE_LIKE)
