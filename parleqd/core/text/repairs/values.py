"""Handle: the withdrawn value and its correction are of one kind (five, no, six; Tuesday, I mean Wednesday)."""

from __future__ import annotations

import re

from parleqd.core.text.lexicon import ARTICLES, AUXILIARIES, FUNCTION_WORDS, words
from parleqd.core.text.repairs.cues import Cue, Force
from parleqd.core.text.repairs.kinds import (
    MAGNITUDES,
    OF_GRAMMAR,
    UNITS,
    Kind,
    Value,
    is_bare_name,
    kind_of,
    value_at,
    value_before,
)
from parleqd.core.text.repairs.passage import Passage
from parleqd.core.text.repairs.removal import taken_out
from parleqd.core.text.tokens import Change, Token

_NUMERIC = (Kind.CARDINAL, Kind.ORDINAL)
_RANKS = (Kind.ORDINAL, Kind.DEGREE)
"""Kinds of which no two stand side by side, not even with a pause."""
_NAMES = (Kind.NAME, Kind.PERSON, Kind.PLACE)
_MOST_BETWEEN = dict.fromkeys(OF_GRAMMAR, 0) | {
    Kind.COLOUR: 1,
    Kind.SIZE: 1,
    Kind.DIRECTION: 0,
    Kind.NAME: 0,
    Kind.PERSON: 0,
    Kind.PLACE: 0,
}
_PAIRING = words("and or to")
_FIGURE = re.compile(r"(?P<sign>[$€£¥#]?)(?P<figure>\d[\d.,:]*)(?P<unit>%|am|pm|k|m|kg|km|gb|mb|ms|st|nd|rd|th)?", re.I)


def correction(passage: Passage, cue: Cue, left: list[int], right: list[int]) -> Change | None:
    """The change that puts the value behind ``cue`` where the one before it stood; None where they do not match.

    What a number counts is said once and belongs to both: "forty dollars, no, fifty" is fifty dollars.
    """
    article = bool(right) and passage.keys[right[0]] in ARTICLES
    new = value_at(passage, right, int(article))
    if new is None or not left or right[0] != cue.last or not _may_correct(passage, cue, new.kind):
        return None
    most = _MOST_BETWEEN.get(new.kind, 3 if cue.force > Force.WORD or cue.paused else 1)
    old = value_before(passage, left, new.kind, most)
    if old is None or not _is_withdrawn(passage, cue, left, right, old, new):
        return None
    between = left[old.last :]
    own = _has_own_unit(passage, right, new, between)
    if article and (own or not between or not old.first or passage.keys[left[old.first - 1]] not in ARTICLES):
        return None  # an article said again is handle enough
    if own and between and not _matches(passage, cue, right, new, between):
        return None
    if not between and new.kind in _NAMES and _loses_article(passage, left, right, old, new):
        return taken_out(passage, left[old.first - 1], right[0])
    if own or (not between and new.kind not in _NUMERIC):
        return taken_out(passage, left[_of_pair(passage, left, right, old, new)], right[0])
    return _put_in_place(passage, left, right, old, new, left[old.first - article])


def _loses_article(passage: Passage, left: list[int], right: list[int], old: Value, new: Value) -> bool:
    """Whether a name with "the" gives way to one that stands without: the Moon, or rather, Mars."""
    article = old.first > 0 and passage.keys[left[old.first - 1]] == "the"
    return (
        article
        and not is_bare_name(passage, left[old.first :], old.last - old.first)
        and is_bare_name(passage, right, new.last)
    )


def _put_in_place(
    passage: Passage, left: list[int], right: list[int], old: Value, new: Value, start: int
) -> Change | None:
    """The new value from the token ``start`` on, with what the old one counts behind it."""
    pair = _of_pair(passage, left, right, old, new)
    if pair != old.first:
        return taken_out(passage, left[pair], right[0])
    stop = right[new.last - 1] + 1
    written = list(passage.tokens[right[0] : stop])
    if new.kind is Kind.CARDINAL:
        written = _with_sign(written, passage.tokens[left[old.last - 1]])
        written += _magnitude(passage, left[old.last - 1], written)
    if old.last < len(left):
        written += passage.tokens[left[old.last] : left[-1] + 1]
    written[0] = written[0].with_gap(passage.tokens[start].gap)
    return Change(start, stop, tuple(written))


def _may_correct(passage: Passage, cue: Cue, kind: Kind) -> bool:
    """Whether ``cue`` is enough to part two values of ``kind``."""
    if cue.force is Force.HESITATION:
        return cue.heard and kind in _RANKS and passage.asks_from_the_start(max(cue.first - 1, 0))
    if cue.force is not Force.WORD:
        return True
    if kind in _NAMES:
        return (cue.set_off or "i mean" in cue.units) and _may_name(passage, cue)
    if kind in OF_GRAMMAR:
        return cue.set_off and (cue.paused or passage.asks_from_the_start(max(cue.first - 1, 0)))
    return True


def _of_pair(passage: Passage, left: list[int], right: list[int], old: Value, new: Value) -> int:
    """The number of the word where the old value begins, or the pair that it ends: five and six, no, six and seven."""
    keys = passage.keys
    paired = new.last + 1 < len(right) and keys[right[new.last]] in _PAIRING
    if not paired or value_at(passage, right, new.last + 1) is None or old.first < 2:
        return old.first
    link = old.first - 1
    if keys[left[link]] != keys[right[new.last]]:
        return old.first
    other = value_before(passage, left[:link], old.kind, 0)
    return old.first if other is None else other.first


def _may_name(passage: Passage, cue: Cue) -> bool:
    """Whether a single weak word can part two names: between pauses, or "sorry", "I mean" without any."""
    return cue.paused or cue.units <= {"sorry", "i mean", "rather"} or passage.asks(max(cue.first - 1, 0))


def _is_withdrawn(passage: Passage, cue: Cue, left: list[int], right: list[int], old: Value, new: Value) -> bool:
    keys = passage.keys
    if any(keys[at] in ("to", "and", "or", "than") or not keys[at][0].isalnum() for at in left[old.last :]):
        return False
    if cue.units == {"no"} and not (cue.paused and cue.set_off) and keys[right[0]] == "two" and right[new.last :]:
        return False  # no two are alike
    goes_on = new.last < len(right) and keys[right[new.last]] in AUXILIARIES
    told = any(keys[at] in AUXILIARIES for at in left[: old.first])
    return not (goes_on and told and cue.force is Force.WORD and passage.asks(left[-1]))


def _has_own_unit(passage: Passage, right: list[int], new: Value, between: list[int]) -> bool:
    """Whether what the new value counts is said behind it."""
    if new.last >= len(right) or right[new.last] != right[new.last - 1] + 1:
        return False
    key = passage.keys[right[new.last]]
    kind = kind_of(passage, right[new.last])
    if kind is not None and any(kind is kind_of(passage, at) for at in between):
        return True
    if any(passage.keys[at] == key for at in between) or key in UNITS:
        return True
    return key not in FUNCTION_WORDS and new.kind in (*_NUMERIC, Kind.COLOUR, Kind.SIZE)


def _matches(passage: Passage, cue: Cue, right: list[int], new: Value, between: list[int]) -> bool:
    """Whether what is counted on either side is the same, or a unit on both."""
    if not cue.paused and cue.units == {"make that"}:
        return passage.keys[right[new.last]] in {passage.keys[at] for at in between}
    behind = {passage.keys[at] for at in right[new.last : new.last + 3]}
    counted = {passage.keys[at] for at in between}
    kind = kind_of(passage, right[new.last])
    if not cue.set_off and cue.units <= {"no", "nope", "nah"}:
        return passage.keys[right[new.last]] in counted or not (behind.isdisjoint(UNITS) or counted.isdisjoint(UNITS))
    if (
        len(between) == 1
        or passage.keys[right[new.last]] in counted & FUNCTION_WORDS
        or (kind is not None and any(kind is kind_of(passage, at) for at in between))
    ):
        return True
    return not behind.isdisjoint(counted - FUNCTION_WORDS) or not (
        behind.isdisjoint(UNITS) or counted.isdisjoint(UNITS)
    )


def _with_sign(written: list[Token], old: Token) -> list[Token]:
    """The new figure with the sign or unit written on the old one: $40, no, 50."""
    was, now = _FIGURE.fullmatch(old.text), _FIGURE.fullmatch(written[0].text)
    if was is None or now is None or len(written) > 1 or now["sign"] or now["unit"]:
        return written
    return [written[0].with_text(was["sign"] + written[0].text + (was["unit"] or ""))]


def _magnitude(passage: Passage, last: int, written: list[Token]) -> list[Token]:
    """The "thousand" of the old number, where the new one leaves it out: forty thousand, no, fifty."""
    sized = any(token.key in MAGNITUDES or token.key == "hundred" for token in written)
    if sized or passage.keys[last] not in MAGNITUDES or any(char.isdigit() for token in written for char in token.text):
        return []
    return [passage.tokens[last]]
