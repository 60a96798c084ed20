"""Find the words that are said to be punctuation (comma, new line), apart from those that are just words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

import msgspec

from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BE,
    CONTRACTED_SUBJECTS,
    COORDINATORS,
    DEMONSTRATIVES,
    DETERMINERS,
    FUNCTION_WORDS,
    NUMBERS,
    ORDINALS,
    POSSESSIVES,
    PREPOSITIONS,
    QUANTIFIERS,
    QUESTION_WORDS,
    SUBJECTS,
    words,
)
from parleqd.core.text.tokens import COMMA, SENTENCE_END, Tokens, is_enclosed, key_at, quoted


class Role(Enum):
    """Where a mark stands to the words around it."""

    MARK = auto()  # behind a word
    DASH = auto()  # between words, apart from both
    OPENER = auto()  # before a word
    PREFIX = auto()  # the same, closed by nothing
    CLOSER = auto()  # behind a word, closing what was opened
    LAYOUT = auto()  # a break between lines


class Command(msgspec.Struct, frozen=True):
    """``tokens[first:last]`` said to be ``symbol``."""

    first: int
    last: int
    symbol: str
    role: Role


_Form = tuple[tuple[str, ...], str, Role]  # the words, what they are written as, where that stands

_MARKS = {
    ",": ("comma",),
    ".": ("period", "full stop"),
    "?": ("question mark",),
    "!": ("exclamation mark", "exclamation point"),
    ":": ("colon",),
    ";": ("semicolon", "semi colon", "semi-colon"),
    "…": ("ellipsis", "dot dot dot"),
}
_BREAKS = {"\n": ("new line", "newline", "next line"), "\n\n": ("new paragraph", "next paragraph")}
_PREFIXES = {"#": ("hashtag", "hash tag"), "@": ("at sign",)}
_PAIRS = {
    '""': ("quote", "quotes", "quotation mark", "quotation marks"),
    "()": ("parenthesis", "parentheses", "paren", "parens", "round bracket", "round brackets"),
    "[]": ("bracket", "brackets", "square bracket", "square brackets"),
    "{}": ("brace", "braces", "curly brace", "curly braces", "curly bracket", "curly brackets"),
}


def _forms() -> Iterator[tuple[str, str, Role]]:
    yield "dash", "–", Role.DASH
    yield "ampersand", "&", Role.DASH
    yield "quote", '"', Role.OPENER
    yield "unquote", '"', Role.CLOSER
    for table, role in ((_MARKS, Role.MARK), (_BREAKS, Role.LAYOUT), (_PREFIXES, Role.PREFIX)):
        for symbol, names in table.items():
            yield from ((name, symbol, role) for name in names)
    for pair, names in _PAIRS.items():
        for name in names:
            yield from ((f"{verb} {name}", pair[0], Role.OPENER) for verb in ("open", "begin", "left"))
            yield from ((f"{verb} {name}", pair[1], Role.CLOSER) for verb in ("close", "end", "right"))


def _by_first_word() -> dict[str, list[_Form]]:
    table: dict[str, list[_Form]] = {}
    for form, symbol, role in sorted(_forms(), key=lambda form: -len(form[0])):
        spoken = tuple(form.split())
        table.setdefault(spoken[0], []).append((spoken, symbol, role))
    return table


SPOKEN = _by_first_word()
"""Spoken forms by their first word, longest first."""

# What stands before a noun and never ends a clause: behind it, "comma" is the noun.
_NOUN_FOLLOWS = ARTICLES | words("my your our their its whose every each another one mr mrs")
_NOUN_MAY_FOLLOW = (DEMONSTRATIVES | QUANTIFIERS | ORDINALS | words("his her")) - {"enough"}
_PLURALS = words("these those both all many few several most more fewer")
"""Of these the ones that stand before a plural, which the name of a mark is not."""
_BEFORE_TIMES = words("in during after before for over within throughout of since until by through from")
_SENTENCE_STARTS = SUBJECTS | CONTRACTED_SUBJECTS | COORDINATORS | DETERMINERS | QUESTION_WORDS
_SENTENCE_STARTS |= words("thanks thank please not there let's yes no well")
_DESCRIBED_BEHIND = (ARTICLES | POSSESSIVES | NUMBERS | words("this these those every each another some")) - {"oh"}
_NEVER_BEFORE_A_MARK = frozenset(",.:;")
_MENTIONS = words(
    "type typed press pressed hit insert inserted add added put say saying write use using used remove "
    "removed delete deleted missing called named word symbol character extra leading trailing single double "
    "literal of with by without between"
)
"""Words that speak about a mark: "press comma", "separated by comma"."""
_CHARACTER_NOUNS = words("key keys character characters symbol symbols sign icon button operator")
_NOUNS_BEHIND = {
    ",": words("separated delimited splice splices"),
    ".": words("piece pieces pain pains cramps drama dramas instruments costume costumes poverty tracker"),
    ":": words("cancer cancers cleanse polyp polyps surgery health tumor tumour screening cells slash"),
    "\n": words("item items manager managers up cinema feed break breaks number numbers delimited separated json"),
    "\n\n": words("style break breaks number numbers"),
    "#": words("campaign campaigns trend trends analytics strategy"),
    "–": words(
        "to home off out over back across into for through away around down in on up board boards cam "
        "cams light lights diet dash"
    ),
}
"""Nouns and particles that make one thing with the name of the mark before them."""
_MODIFIERS = {
    ",": words("oxford serial inverted"),
    ".": words(
        "menstrual abdominal refractory semester cretaceous triassic permian devonian cambrian edo meiji "
        "baroque renaissance medieval colonial postwar prewar interwar trial notice grace probation "
        "probationary waiting transition transitional time cooling cooling-off warranty retention reporting "
        "billing payback incubation blackout comment evaluation jurassic victorian"
    ),
    ":": words("inflamed irritable spastic perforated distended sigmoid ascending descending transverse"),
    "\n": words(
        "clothing latest newest brand whole blank empty no stray start begin create make write need launch "
        "launching launched read see skip same"
    ),
    "\n\n": words("start begin create make write need"),
    "–": SUBJECTS | AUXILIARIES | COORDINATORS | words("to mad meter metre yard let's"),
}
"""Words that make one thing with the name of the mark behind them."""
_ADJECTIVES = words(
    "normal abnormal healthy big huge large small little long short longer shorter brief entire whole early late "
    "recent new old difficult hard rough quiet busy dry wet dark hot cold blue rose golden initial important critical "
    "certain specific particular similar different"
)
_ADVERBS = words("very really quite rather fairly pretty too so")
_PARTICIPLE = re.compile(r"\w{3,}(?:[^e]ed|ous|less)")  # inflamed, and adjectives such as dangerous, endless
_DESCRIBING = {".": _ADJECTIVES, ":": _ADJECTIVES, "?": words("big bigger biggest huge large giant")}
"""Adjectives behind which the mark is the noun. Not "is it the new question mark"."""
_LENGTHS = ("day", "week", "month", "year", "hour", "minute", "second")


def commands(tokens: Tokens) -> list[Command]:
    """The spoken marks in order. Quotation marks and brackets only in pairs; nothing inside written quotes."""
    candidates = [index for index, token in enumerate(tokens) if token.key in SPOKEN]
    if not candidates:
        return []
    untouchable = quoted(tokens)
    punctuated = any(token.key in SENTENCE_END for token in tokens)
    found = []
    behind = 0
    for index in candidates:
        command = None if index < behind or index in untouchable else _command(tokens, index)
        if command is not None:
            behind = command.last
            if _is_meant(tokens, command, punctuated):
                found.append(command)
    return paired(found)


def _command(tokens: Tokens, index: int) -> Command | None:
    for spoken, symbol, role in SPOKEN[tokens[index].key]:
        said = tokens[index : index + len(spoken)]
        if tuple(token.key for token in said) == spoken and not any("\n" in token.gap for token in said[1:]):
            return Command(index, index + len(spoken), symbol, role)
    return None


def _is_meant(tokens: Tokens, command: Command, punctuated: bool) -> bool:
    """Whether the words are a command. ``punctuated``: the recogniser wrote marks that end sentences."""
    if command.first and "\n" in tokens[command.first].gap and command.role not in (Role.LAYOUT, Role.OPENER):
        return False  # a mark belongs to the line it ends
    if is_enclosed(tokens, command.first, command.last) or _is_name(tokens, command):
        return False
    if _is_in_compound(tokens, command) or _is_in_noun_phrase(tokens, command):
        return False
    if command.role is Role.DASH:
        return _parts_prose(tokens, command)
    if command.role is Role.PREFIX:
        return _takes_word(tokens, command)
    if tokens[command.first].key == "period" and _is_time(tokens, command, punctuated):
        return False
    return command.role is Role.CLOSER or not _is_subject(tokens, command)


def _is_name(tokens: Tokens, command: Command) -> bool:
    """Whether a capital stands where no sentence begins: Robert Colon."""
    is_one_word = command.last == command.first + 1
    inside = command.first > 0 and tokens[command.first - 1].is_word
    return is_one_word and inside and tokens[command.first].is_capitalised


def _neighbours(tokens: Tokens, command: Command) -> tuple[str, str]:
    """The keys before and behind the words, as far as they are in the same line."""
    before = "" if "\n" in tokens[command.first].gap else key_at(tokens, command.first - 1)
    ends_line = command.last == len(tokens) or "\n" in tokens[command.last].gap
    return before, "" if ends_line else tokens[command.last].key


def _is_in_compound(tokens: Tokens, command: Command) -> bool:
    """Whether the word before or behind makes a noun of the words (comma key), or speaks about them (type comma)."""
    before, after = _neighbours(tokens, command)
    is_pronoun = before == "one" and key_at(tokens, command.first - 2) in ("this", "that", "which", "another")
    if (before in _NOUN_FOLLOWS and not is_pronoun) or after in _CHARACTER_NOUNS:
        return True
    if command.symbol == "." and (key_at(tokens, command.first - 2), before) == ("cooling", "off"):
        return True
    if _is_noun_before_a_mark(tokens, command):
        return True
    if before in _MODIFIERS.get(command.symbol, ()) or after in _NOUNS_BEHIND.get(command.symbol, ()):
        return True
    if before in NUMBERS and after in NUMBERS and command.symbol in (":", "–"):
        return True  # "two colon thirty"
    return before in _MENTIONS and not (command.symbol in "?!" and _stops(after))  # "what do you use question mark"


def _is_noun_before_a_mark(tokens: Tokens, command: Command) -> bool:
    """Whether another mark is said right behind, so that this one is a noun: "the Cretaceous period comma"."""
    if command.symbol not in _NEVER_BEFORE_A_MARK or key_at(tokens, command.last) not in SPOKEN:
        return False
    following = _command(tokens, command.last)
    return following is not None and following.role is Role.MARK and following.symbol != command.symbol


def _stops(key: str) -> bool:
    return not key or not key[0].isalnum() or key in SPOKEN


def _parts_prose(tokens: Tokens, command: Command) -> bool:
    """Whether words stand on both sides, not letters or signs as in "git commit dash m"."""
    before, after = _neighbours(tokens, command)
    if before == after == COMMA:  # set off by the recogniser: "a test, dash, nothing more"
        before, after = key_at(tokens, command.first - 2), key_at(tokens, command.last + 1)
    return all(len(key) > 1 and key.isalpha() for key in (before, after))


def _takes_word(tokens: Tokens, command: Command) -> bool:
    """Whether a word of content follows, which the sign can belong to: "hashtag winning"."""
    after = _neighbours(tokens, command)[1]
    return after[:1].isalnum() and after not in SPOKEN and after not in FUNCTION_WORDS


def _is_in_noun_phrase(tokens: Tokens, command: Command) -> bool:
    """Whether the noun phrase that a word before opened goes on to, or through, the name of the mark."""
    before, after = _neighbours(tokens, command)
    if _is_described(tokens, command) or _is_all_of_a_phrase(tokens, command):
        return True
    if after == "of" and key_at(tokens, command.last + 1) != "course":
        return True
    if command.symbol == "?" and after == "next" and key_at(tokens, command.last + 1) == "to":
        return True
    if before not in _NOUN_MAY_FOLLOW or _stands_alone(tokens, command):
        return False
    earlier = key_at(tokens, command.first - 2)
    if before in ORDINALS and earlier in NUMBERS:  # a day of the month, "may twenty third": no noun has such a number
        return False
    if earlier in _NOUN_FOLLOWS or earlier in PREPOSITIONS:
        return True
    return not (_stops(after) or after in _SENTENCE_STARTS)


def _stands_alone(tokens: Tokens, command: Command) -> bool:
    """Whether the determiner before is a pronoun: "take care of those period", "I like this period new line"."""
    before, after = _neighbours(tokens, command)
    following = _command(tokens, command.last) if after in SPOKEN else None
    is_followed = following is not None and following.role is Role.LAYOUT
    if before in _PLURALS:
        return is_followed or _stops(after) or after in _SENTENCE_STARTS
    return is_followed and not (command.symbol == "." and key_at(tokens, command.first - 2) in _BEFORE_TIMES)


def _is_described(tokens: Tokens, command: Command) -> bool:
    """Whether nothing but adjectives stands between a determiner and the name: "his blue period"."""
    adjectives = _DESCRIBING.get(command.symbol, frozenset())
    index = command.first - 1
    while index >= 0 and (
        tokens[index].key in adjectives | _ADVERBS or (adjectives and _PARTICIPLE.fullmatch(tokens[index].key))
    ):
        index -= 1
    if index == command.first - 1 or key_at(tokens, index) not in _DESCRIBED_BEHIND:
        return False
    first, last = tokens[index + 1].key, tokens[command.first - 1].key
    return last not in _ADVERBS and (first == last or first != "little")  # "I was a little late period"


def _is_all_of_a_phrase(tokens: Tokens, command: Command) -> bool:
    """Whether the whole text is the name and a word that describes it: "no period", "big question mark"."""
    if command.first != 1 or command.last != len(tokens) or "\n" in tokens[1].gap:
        return False
    before = tokens[0].key
    if command.symbol == ":":
        return before == "no"  # "important colon" may open a list
    return before in _DESCRIBING.get(command.symbol, ()) or (before == "no" and command.symbol == ".")


def _is_subject(tokens: Tokens, command: Command) -> bool:
    """Whether a verb follows, and no question begins with it: "comma is the wrong mark" against "comma is it"."""
    after, next_but_one = _neighbours(tokens, command)[1], key_at(tokens, command.last + 1)
    if after in BE or after in ("has", "means", "ends", "ended", "begins", "began", "starts", "started"):
        return next_but_one not in SUBJECTS and next_but_one not in DETERMINERS and next_but_one != "there"
    return False


def _is_time(tokens: Tokens, command: Command, punctuated: bool) -> bool:
    """Whether "period" is a time: "two week period", "30-day period", "the cooldown period configured below"."""
    before, earlier = _neighbours(tokens, command)[0], key_at(tokens, command.first - 2)
    if before.endswith(tuple(f"-{length}" for length in _LENGTHS)):
        return True
    if before in _LENGTHS and (earlier in NUMBERS - {"one"} or earlier[:1].isdigit()):
        return True
    follower = tokens[command.last] if command.last < len(tokens) else None
    if not punctuated or follower is None or not follower.is_word or follower.is_capitalised:
        return False
    return earlier in _NOUN_FOLLOWS or key_at(tokens, command.first - 3) in _NOUN_FOLLOWS


def paired(found: list[Command]) -> list[Command]:
    """``found`` without openers that are never closed, closers of nothing and empty quotations."""
    alone: set[int] = set()
    opened: list[Command] = []
    closer_of = {pair[0]: pair[1] for pair in _PAIRS}
    for command in found:
        if command.role is Role.OPENER:
            opened.append(command)
        elif command.role is Role.CLOSER:
            if opened and closer_of[opened[-1].symbol] == command.symbol:
                opener = opened.pop()
                if opener.last == command.first and command.symbol == '"':
                    alone.update((opener.first, command.first))  # "the quote unquote expert"
            else:
                alone.add(command.first)
    alone.update(command.first for command in opened)
    return [command for command in found if command.first not in alone]
