"""Stage: write lists that were dictated as lists: "bullet milk bullet eggs", "number one … number two …"."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from parleqd.core.text.capitals import capitalised, takes_capital
from parleqd.core.text.lexicon import AUXILIARIES, DETERMINERS, NUMBERS, ORDINALS, PREPOSITIONS, SUBJECTS, words
from parleqd.core.text.tokens import COMMA, SENTENCE_END, Change, Token, Tokens, key_at, mark, quoted, starts_sentence

_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT_OF = {word: number for number, word in enumerate(_COUNTED, 1)} | {str(n): n for n in range(1, 11)}
_RANKS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_RANK_OF = {word: number for number, word in enumerate(_RANKS, 1)} | {
    f"{word}ly": number for number, word in enumerate(_RANKS, 1)
}
_THINGS = words(
    "steps things points items tasks reasons options changes questions topics rules parts ideas goals issues problems "
    "actions todos priorities requirements conditions"
)
_NOUNS_BEHIND_BULLET = words(
    "train trains proof hole holes wound wounds journal journals list lists points vest wound casing shells time time"
)
_NOUN_BEFORE = (
    DETERMINERS
    | PREPOSITIONS
    | NUMBERS
    | ORDINALS
    | words("silver magic rubber stray bite dodge dodged stop add insert")
)
_VERBS = AUXILIARIES | words("of in on at to for has means says priority")
_MARKS_BEHIND = frozenset((COMMA, ":", ".", ";", "-", "–", "—"))
_SPOKEN_BREAKS = frozenset((("new", "line"), ("next", "line"), ("new", "paragraph")))
"""What an item on a line of its own need not have before it."""
_SHORTEST_LIST = 2
_LONGEST_ITEM = 25  # words of an item that was dictated without a mark


class Bullet(msgspec.Struct, frozen=True):
    """``tokens[first:last]`` announce an item, written behind ``sign``."""

    first: int
    last: int
    sign: str


def find(tokens: Tokens, *, capitals: bool = True) -> list[Change]:
    """Where items were announced. ``capitals``: an item begins with a capital."""
    bullets = _bullets(tokens) or _numbered(tokens) or _ranked(tokens)
    changes: list[Change] = []
    for bullet in bullets:
        changes.append(_written(tokens, bullet, changes[-1].last if changes else 0, capitals))
    return changes


def _bullets(tokens: Tokens) -> list[Bullet]:
    found: list[Bullet] = []
    untouchable: frozenset[int] | None = None
    for index, token in enumerate(tokens):
        if token.key != "bullet":
            continue
        untouchable = quoted(tokens) if untouchable is None else untouchable
        first = index - (key_at(tokens, index - 1) in ("next", "new") and "\n" not in token.gap)
        last = index + 1 + (key_at(tokens, index + 1) == "point" and "\n" not in tokens[index + 1].gap)
        if index in untouchable or not _announces(tokens, first, last):
            continue
        if not (found and _behind_marks(tokens, found[-1].last) >= first):
            found.append(Bullet(first, last, "-"))
    return found if len(found) >= _SHORTEST_LIST else []


def _announces(tokens: Tokens, first: int, last: int) -> bool:
    """Whether an item follows and nothing before makes a noun of the words."""
    last = _behind_marks(tokens, last)
    if last >= len(tokens) or not tokens[last].is_word or "\n" in tokens[last].gap:
        return False
    before, after = key_at(tokens, first - 1), tokens[last].key
    if not starts_sentence(tokens, first) and before in _NOUN_BEFORE:
        return False
    return after not in _VERBS and after not in _NOUNS_BEHIND_BULLET and after != "bullet"


def _behind_marks(tokens: Tokens, index: int) -> int:
    return index + 1 if key_at(tokens, index) in _MARKS_BEHIND and "\n" not in tokens[index].gap else index


def _numbered(tokens: Tokens) -> list[Bullet]:
    """Items behind "number one", "number two" and so on, in order from one."""
    found: list[Bullet] = []
    untouchable: frozenset[int] | None = None
    for index, token in enumerate(tokens[:-1]):
        if token.key != "number" or _COUNT_OF.get(tokens[index + 1].key) != len(found) + 1:
            continue
        before = key_at(tokens, index - 1)
        fits = starts_sentence(tokens, index) or before not in DETERMINERS | AUXILIARIES | PREPOSITIONS
        if not fits or not _announces(tokens, index, index + 2):
            continue
        untouchable = quoted(tokens) if untouchable is None else untouchable
        if index not in untouchable:
            found.append(Bullet(index, index + 2, f"{len(found) + 1}."))
    return found if len(found) >= _SHORTEST_LIST and _are_items(tokens, found) else []


def _ranked(tokens: Tokens) -> list[Bullet]:
    """Items behind "first", "second" and so on, as many as were promised ("three steps") right before the first.

    Only without the recogniser's marks: with them it is a sentence as people write it.
    """
    for index in range(len(tokens) - 2):
        promised = _COUNT_OF.get(tokens[index].key, 0)
        if promised < _SHORTEST_LIST or tokens[index + 1].key not in _THINGS:
            continue
        start = index + 2 + (key_at(tokens, index + 2) == ":")
        if key_at(tokens, start) not in ("first", "firstly"):
            continue
        found = _ranks(tokens, start)
        if len(found) == promised and _are_items(tokens, found):
            return found
    return []


def _ranks(tokens: Tokens, start: int) -> list[Bullet]:
    found: list[Bullet] = []
    for index in range(start, len(tokens)):
        key = tokens[index].key
        if index - (found[-1].last if found else start) > _LONGEST_ITEM:
            return found
        if key in SENTENCE_END or "\n" in tokens[index].gap:
            return found if index + 1 >= len(tokens) else []
        if _RANK_OF.get(key) != len(found) + 1:
            continue
        before = key_at(tokens, index - 1)
        after = key_at(tokens, index + 1)
        stands = before not in DETERMINERS and before not in PREPOSITIONS
        if stands and after not in _VERBS and after not in SUBJECTS:
            found.append(Bullet(index, index + 1, f"{len(found) + 1}."))
    return found


def _are_items(tokens: Tokens, found: Sequence[Bullet]) -> bool:
    """Whether between each two announcements there is as much as an item holds."""
    ends = [bullet.first for bullet in found[1:]] + [len(tokens)]
    return all(0 < end - bullet.last <= _LONGEST_ITEM for bullet, end in zip(found, ends, strict=True))


def _written(tokens: Tokens, bullet: Bullet, floor: int, capitals: bool) -> Change:
    """The change that puts the item on a line of its own behind its sign, and leaves what is before ``floor``."""
    first, last = bullet.first, _behind_marks(tokens, bullet.last)
    while first > floor and key_at(tokens, first - 1) in (COMMA, ";") and "\n" not in tokens[first].gap:
        first -= 1
    if bullet.sign != "1." and key_at(tokens, first - 1) == "and" and first > floor + 1:
        first -= 1
        first -= key_at(tokens, first - 1) == COMMA and first > floor
    if first >= floor + 2 and (key_at(tokens, first - 2), key_at(tokens, first - 1)) in _SPOKEN_BREAKS:
        first -= 2
    gap = tokens[first].gap if first == 0 or "\n" in tokens[first].gap else "\n"
    word = tokens[last].with_gap(" ")
    if capitals and takes_capital(word):
        word = capitalised(word)
    colon: tuple[Token, ...] = ()
    if bullet.sign == "1." and first and tokens[first - 1].is_word and "\n" not in tokens[first].gap:
        colon = (mark(":"),)
    head = Token(gap, bullet.sign, bullet.sign, True) if bullet.sign == "-" else Token(gap, bullet.sign[:-1], "", True)
    signs = (head,) if bullet.sign == "-" else (head.with_text(bullet.sign[:-1]), mark("."))
    return Change(first, last + 1, (*colon, *signs, word))
