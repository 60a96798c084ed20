"""Find the words that are said to be punctuation (comma, new line), apart from those that are just words."""

from __future__ import annotations

from enum import Enum, auto

import msgspec

from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BE,
    COORDINATORS,
    DEMONSTRATIVES,
    DETERMINERS,
    NUMBERS,
    ORDINALS,
    PREPOSITIONS,
    QUANTIFIERS,
    SUBJECTS,
)
from parleqd.core.text.tokens import CLOSERS, OPENERS, QUOTES, SENTENCE_END, Tokens, key_at, quoted


class Role(Enum):
    """Where a mark stands to the words around it."""

    MARK = auto()  # behind a word
    DASH = auto()  # between words, apart from both
    OPENER = auto()  # before a word
    CLOSER = auto()  # behind a word, closing what was opened
    LAYOUT = auto()  # a break between lines


class Command(msgspec.Struct, frozen=True):
    """``tokens[first:last]`` said to be ``symbol``."""

    first: int
    last: int
    symbol: str
    role: Role


def _spoken() -> dict[str, list[tuple[tuple[str, ...], str, Role]]]:
    forms = {
        "comma": ",",
        "period": ".",
        "full stop": ".",
        "question mark": "?",
        "exclamation mark": "!",
        "exclamation point": "!",
        "colon": ":",
        "semicolon": ";",
        "semi colon": ";",
        "semi-colon": ";",
    }
    roles = {form: (symbol, Role.MARK) for form, symbol in forms.items()}
    roles |= {"dash": ("–", Role.DASH)}
    roles |= {form: ("\n", Role.LAYOUT) for form in ("new line", "newline")}
    roles |= {"new paragraph": ("\n\n", Role.LAYOUT)}
    pairs = {
        '""': ("quote", "quotes", "quotation mark", "quotation marks"),
        "()": ("parenthesis", "parentheses", "paren", "parens", "round bracket", "round brackets"),
        "[]": ("bracket", "brackets", "square bracket", "square brackets"),
        "{}": ("brace", "braces", "curly brace", "curly braces", "curly bracket", "curly brackets"),
    }
    for (opener, closer), names in pairs.items():
        for name in names:
            roles |= {f"open {name}": (opener, Role.OPENER), f"close {name}": (closer, Role.CLOSER)}
    roles |= {"begin quote": ('"', Role.OPENER), "end quote": ('"', Role.CLOSER)}
    by_first: dict[str, list[tuple[tuple[str, ...], str, Role]]] = {}
    for form in sorted(roles, key=len, reverse=True):
        words = tuple(form.split())
        by_first.setdefault(words[0], []).append((words, *roles[form]))
    return by_first


SPOKEN = _spoken()
"""Spoken forms by their first word, longest first."""

# What stands before a noun and never ends a clause: behind it, "comma" is the noun.
_NOUN_FOLLOWS = ARTICLES | frozenset("my your our their its whose every each another one mr mrs".split())
_NOUN_MAY_FOLLOW = (DEMONSTRATIVES | QUANTIFIERS | ORDINALS | frozenset("his her".split())) - {"no", "enough"}
_MENTIONS = frozenset(
    "type typed press pressed hit insert inserted add added put say saying write use using used remove removed "
    "delete deleted missing called named word symbol character extra trailing double of with by without between".split()
)
"""Words that speak about a mark: "press comma", "separated by comma"."""
_CHARACTER_NOUNS = frozenset("key keys character characters symbol symbols sign icon button operator".split())
_NOUNS_BEHIND = {
    ",": frozenset("separated delimited splice splices".split()),
    ".": frozenset("piece pieces pain pains cramps drama dramas instruments costume costumes poverty tracker".split()),
    ":": frozenset("cancer cancers cleanse polyp polyps surgery health tumor tumour screening cells slash".split()),
    "\n": frozenset("item items manager managers up cinema feed break breaks".split()),
    "\n\n": frozenset("style break breaks".split()),
    "–": frozenset(
        "to home off out over back across into for through away around down in on up board boards cam cams "
        "light lights diet dash".split()
    ),
}
"""Nouns and particles that make one thing with the name of the mark before them."""
_MODIFIERS = {
    ",": frozenset("oxford serial inverted".split()),
    ".": frozenset(
        "trial notice grace probation probationary waiting transition transitional time cooling cooling-off warranty "
        "retention reporting billing payback incubation blackout comment evaluation jurassic victorian".split()
    ),
    ":": frozenset("sigmoid ascending descending transverse".split()),
    "\n": frozenset("brand whole blank empty no stray".split()),
    "–": SUBJECTS | AUXILIARIES | COORDINATORS | frozenset("to mad meter metre yard let's".split()),
}
"""Words that make one thing with the name of the mark behind them."""
_LENGTHS = ("day", "week", "month", "year", "hour", "minute", "second")


def commands(tokens: Tokens) -> list[Command]:
    """The spoken marks in order. Quotation marks and brackets only in pairs; nothing inside written quotes."""
    if not any(token.key in SPOKEN for token in tokens):
        return []
    untouchable = quoted(tokens)
    punctuated = any(token.key in SENTENCE_END for token in tokens)
    found = []
    index = 0
    while index < len(tokens):
        command = None if index in untouchable else _command(tokens, index)
        if command is not None and _is_meant(tokens, command, punctuated):
            found.append(command)
        index = index + 1 if command is None else command.last
    return _paired(found)


def _command(tokens: Tokens, index: int) -> Command | None:
    for words, symbol, role in SPOKEN.get(tokens[index].key, ()):
        last = index + len(words)
        if tuple(token.key for token in tokens[index:last]) == words:
            if not any("\n" in token.gap for token in tokens[index + 1 : last]):
                return Command(index, last, symbol, role)
    return None


def _is_meant(tokens: Tokens, command: Command, punctuated: bool) -> bool:
    """Whether the words are a command, by the words around them. ``punctuated``: the recogniser wrote full stops."""
    if command.first and "\n" in tokens[command.first].gap and command.role not in (Role.LAYOUT, Role.OPENER):
        return False  # a mark belongs to the line it ends
    if _is_bracketed(tokens, command):
        return False
    before, after = key_at(tokens, command.first - 1), key_at(tokens, command.last)
    if before in _NOUN_FOLLOWS or after in _CHARACTER_NOUNS:
        return False
    if before in _MODIFIERS.get(command.symbol, ()) or after in _NOUNS_BEHIND.get(command.symbol, ()):
        return False
    if before in _MENTIONS and not (command.symbol in "?!" and _stops(after)):
        return False
    if before in NUMBERS and after in NUMBERS and command.symbol in (":", "–"):
        return False  # two colon thirty, ten dash twelve: numbers, not prose
    if _goes_on_with_noun(tokens, command):
        return False
    if command.role is Role.DASH:
        return _is_spelled_out(before) and _is_spelled_out(after)
    if command.symbol == "." and _is_length_of_time(tokens, command.first):
        return False
    if command.symbol == "." and punctuated and _is_kind_of_period(tokens, command):
        return False
    return not _is_subject(tokens, command)


def _is_bracketed(tokens: Tokens, command: Command) -> bool:
    """Whether the recogniser wrote a bracket or a quotation mark beside the words: they are mentioned."""
    before, after = key_at(tokens, command.first - 1), key_at(tokens, command.last)
    return before in OPENERS or before in QUOTES or after in CLOSERS or after in QUOTES


def _stops(key: str) -> bool:
    return not key or not key[0].isalnum() or key in SPOKEN


def _is_spelled_out(key: str) -> bool:
    """A word of prose, not a letter or a sign: "commit dash m" is a command line."""
    return len(key) > 1 and key.isalpha()


def _goes_on_with_noun(tokens: Tokens, command: Command) -> bool:
    """Whether the noun phrase that a word before opened ends, or goes on, with the name of the mark."""
    before, after = key_at(tokens, command.first - 1), key_at(tokens, command.last)
    if after == "of" and key_at(tokens, command.last + 1) != "course":
        return True
    if command.symbol == "?" and after == "next" and key_at(tokens, command.last + 1) == "to":
        return True
    if before not in _NOUN_MAY_FOLLOW:
        return False
    earlier = key_at(tokens, command.first - 2)
    if earlier in _NOUN_FOLLOWS or earlier in PREPOSITIONS:
        return True
    return not (_stops(after) or after in SUBJECTS or after in COORDINATORS or after in DETERMINERS)


def _is_subject(tokens: Tokens, command: Command) -> bool:
    """Whether a verb follows, and no question begins with it: "comma is the wrong mark" against "comma is it"."""
    after, next_but_one = key_at(tokens, command.last), key_at(tokens, command.last + 1)
    if after in BE or after in ("has", "means", "ends", "ended", "begins", "began", "starts", "started"):
        return next_but_one not in SUBJECTS and next_but_one not in DETERMINERS and next_but_one != "there"
    return False


def _is_length_of_time(tokens: Tokens, index: int) -> bool:
    """Whether a time and no full stop is meant: "two week period", "30-day period"."""
    before = key_at(tokens, index - 1)
    if before.endswith(tuple(f"-{length}" for length in _LENGTHS)):
        return True
    earlier = key_at(tokens, index - 2)
    return before in _LENGTHS and (earlier in NUMBERS or earlier[:1].isdigit())


def _is_kind_of_period(tokens: Tokens, command: Command) -> bool:
    """Whether a noun phrase ends here that its sentence goes on from: "the cooldown period configured below"."""
    follower = tokens[command.last] if command.last < len(tokens) else None
    if follower is None or not follower.is_word or follower.is_capitalised:
        return False
    return any(key_at(tokens, command.first - n) in _NOUN_FOLLOWS for n in (2, 3))


def _paired(found: list[Command]) -> list[Command]:
    """``found`` without openers that are never closed and closers of nothing."""
    alone: set[int] = set()
    opened: list[Command] = []
    closer_of = {'"': '"', "(": ")", "[": "]", "{": "}"}
    for command in found:
        if command.role is Role.OPENER:
            opened.append(command)
        elif command.role is Role.CLOSER:
            if opened and closer_of[opened[-1].symbol] == command.symbol:
                opened.pop()
            else:
                alone.add(command.first)
    alone.update(command.first for command in opened)
    return [command for command in found if command.first not in alone]
