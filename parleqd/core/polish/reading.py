"""A text as the guard compares it: its words, what kind each is, and where somebody corrects himself."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from parleqd.core.polish.forms import PASTS, SYMBOLS, expanded
from parleqd.core.polish.numerals import DECADES, Numerals
from parleqd.core.text import lexicon
from parleqd.core.text.lexicon import words

_WORD = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|\b[ap]\.m\b|[^\W_]+(?:['’][^\W_]+)*|[$€£¥₹%°]|[.?!,;:\n]", re.IGNORECASE
)
_SPLIT = re.compile(
    r"(?<=[a-z])(?=[A-Z][a-z])|(?<=\bv)(?=[0-9])|(?<=[0-9])(?=(?:am|pm|[kKMG]B|k[gm]|cm|mm|GHz|MHz|ms|px|%)\b)"
)
_CLAUSE_OPENERS = words("right well now ok alright")
"""They gain time at the begin of a clause, and nowhere else."""
_LIKERS = lexicon.SUBJECTS | words("would do does did to not")
_MARKS = frozenset(".?!,;:\n")
_SENTENCE_ENDS = frozenset(".?!\n")

HESITATIONS = words("um uh er erm eh ah hmm mm mhm uhm ahm aehm euh heu hum em")
DROPPABLE = HESITATIONS | words(
    "like basically actually well so ok right just literally anyway alright then now oh hey and yes honestly"
)
"""Words that may be there for no reason but to gain time."""
_BEFORE_OPENERS = DROPPABLE | lexicon.COORDINATORS | lexicon.SUBORDINATORS
HEDGES = words("really maybe probably quite very simply somehow perhaps guess instead")
"""Words that are often one too many, and seldom all of the sense: a few of them may go."""
LIGHT = words("a an the of and that so is are was were am be been to have has had do does did us will just like as")
"""Words of grammar that mends of grammar bring and take."""
_SPOKEN_MARK = re.compile(
    r"\b(?:comma|period|full stop|dot|colon|semi ?colon|question mark|exclamation (?:mark|point)|point"
    r"|(?:open|close|opening|closing|end|left|right|begin) (?:double |single |square |curly )?"
    r"(?:quotes?|quotation marks?|brackets?|braces?|parenthes[ie]s|parens?)|un ?quote|quote|quotation marks?"
    r"|(?:forward |back ?)?slash|(?:em |double )?dash|hyphen|underscore|at(?: sign)?|equals?(?: sign)?|plus(?: sign)?"
    r"|minus(?: sign)?|(?:new|next) (?:line|paragraph)|new ?line|bullet(?: point)?|hash(?:tag)?|star|asterisk"
    r"|ampersand|(?:dollar|percent|pound|euro) sign|all caps|caps(?: on| off)?|cap|capital(?: letter)?|letter|space|tab"
    r"|pipe|tilde|ellipsis|apostrophe|greater than|less than)\b"
)
"""Marks and layout as they are dictated."""
_LIST_WORDS = lexicon.ORDINALS | words("firstly secondly thirdly finally number item point")
FREE = lexicon.FUNCTION_WORDS | words(
    "be been being am going to got get oh let mine yours hers ours theirs myself yourself himself herself itself "
    "ourselves themselves each off out up down whether that whom whose et al"
)
"""Words of grammar: a cleanup may add and drop a few of them."""
NEGATIONS = words(
    "not never none nobody nothing nowhere neither nor without kein keine keinen nicht nie niemand nichts nunca jamais "
    "sin pas rien"
)
UNITS = words("dollar euro pound yen rupee percent degree am pm")
"""What must stay with its number."""
CALENDAR = words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december today tomorrow yesterday tonight morning afternoon evening noon midnight "
    "weekend"
)
_FRACTIONS = words("half quarter double triple dozen couple halves quarters thirds") | frozenset(
    f"{word}s" for word in lexicon.ORDINALS if word.endswith("th")
)
_CUE = re.compile(
    r"\b(?P<far>(?:scratch|strike|delete|ignore|forget|cancel) that|never ?mind)\b"
    r"|\b(?:no,? (?:wait|sorry|actually|i mean|make|scratch|not)|wait,? (?:no|sorry|actually)|wait|sorry,? i mean"
    r"|sorry|i mean|i meant|(?:actually |no )?make (?:that|it)"
    r"|or (?:rather|actually|better)|rather|actually,? no|actually|correction"
    r"|excuse me|pardon|my mistake|my bad|hold on|oops|let me (?:rephrase|correct)|oh no)\b"
    r"|(?:^|[,.;…—–-]) *no\b(?!,? (?:wait|sorry|actually|i mean|make|scratch|not)\b)|\bno (?=\S)",
    re.IGNORECASE,
)
"""Where somebody may be correcting himself; the first group withdraws whole sentences."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "½": " 1/2", "¼": " 1/4", "¾": " 3/4"})


class Word:
    """A word of a text, between the characters ``at`` and ``end``. ``key`` compares it.

    ``inner``: it does not begin a sentence; ``sentence``: the number of its own.
    """

    __slots__ = ("at", "end", "inner", "key", "sentence", "text")

    def __init__(self, text: str, key: str, at: int, end: int, sentence: int, *, inner: bool) -> None:
        self.text = text
        self.key = key
        self.at = at
        self.end = end
        self.sentence = sentence
        self.inner = inner


class Cue(NamedTuple):
    """A repair's: the words ``begin`` to ``after`` (not in it); ``far``: it withdraws sentences."""

    begin: int
    after: int
    far: bool


class Reading:
    """A text and what the rules ask of it. Contractions count as the words they are made of."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFC", text).translate(_QUOTES)
        self.lower = " ".join(self.text.casefold().split())
        self.words: list[Word] = []
        inner, sentence = False, 0
        for found in _WORD.finditer(self.text):
            token = found[0]
            if token in _MARKS:
                inner = inner and token not in _SENTENCE_ENDS and token != ":"
                sentence += token in _SENTENCE_ENDS and not self._is_inside(found.start())
                continue
            if token not in SYMBOLS or self._is_unit(token, found.end()):
                self._add(token, found.start(), sentence, inner=inner)
                inner = True
        self.keys = [word.key for word in self.words]
        self.counts = Counter(self.keys)

    def _is_inside(self, at: int) -> bool:
        """Whether a mark stands inside of an address, a path or a number."""
        return self.text[at] == "." and self.text[at + 1 : at + 2].isalnum()

    def _is_unit(self, symbol: str, end: int) -> bool:
        """Whether a symbol of money has its number, and is no part of a command line."""
        return symbol in "%°" or self.text[end : end + 1].isdigit() or self.text[end : end + 1] in " .,"

    def _add(self, token: str, at: int, sentence: int, *, inner: bool) -> None:
        for part in _SPLIT.split(token):
            plain = part.replace(".", "") if "." in part else part
            for key in expanded(plain):
                self.words.append(Word(part, key, at, at + len(part), sentence, inner=inner))
                inner = True
            at += len(part)

    @cached_property
    def numerals(self) -> Numerals:
        """Its numbers."""
        return Numerals(self.text)

    @cached_property
    def cues(self) -> list[Cue]:
        """Where somebody may be correcting himself."""
        found = []
        for cue in _CUE.finditer(self.text):
            begin, after = (bisect_left(self.words, at, key=lambda word: word.at) for at in cue.span())
            if begin < after:
                found.append(Cue(begin, after, cue["far"] is not None))
        return found

    def without(self, indices: frozenset[int]) -> Reading:
        """The same text less some of its words."""
        if not indices:
            return self
        left, at = [], 0
        for index in sorted(indices):
            word = self.words[index]
            left.append(self.text[at : max(at, word.at)])
            at = max(at, word.end)
        return Reading("".join(left) + self.text[at:])

    def between(self, before: int, after: int) -> str:
        """The characters from the end of one word to the begin of another; beyond the ends, those outside of all."""
        begin = self.words[before].end if before >= 0 else 0
        end = self.words[after].at if after < len(self.words) else len(self.text)
        return self.text[begin:end]

    def dictated_marks(self, indices: Sequence[int], *, as_list: bool) -> frozenset[int]:
        """Which of the words name marks that may stand in their place; ``as_list``: those that count points too."""
        places, line = list[int](), ""
        for index in indices:
            places += [index] * (len(self.keys[index]) + 1)
            line += f"{self.keys[index]} "
        found = {places[at] for mark in _SPOKEN_MARK.finditer(line) for at in range(*mark.span())}
        found.update(index for index in indices if as_list and self.keys[index] in _LIST_WORDS)
        return frozenset(found)

    def carries(self, index: int) -> bool:
        """Whether a word that may gain time says something here: "I like tea", "turn right", "it works well"."""
        key = self.keys[index]
        before = self.keys[index - 1] if index else ""
        after = self.keys[index + 1] if index + 1 < len(self.keys) else ""
        set_off = index == 0 or any(self.between(left, left + 1).strip() for left in (index - 1, index))
        if set_off or not after:
            return not set_off and key in _CLAUSE_OPENERS
        if key == "like":
            likes = before in _LIKERS and (after in lexicon.DETERMINERS | lexicon.OBJECTS or is_content(after))
            return (likes and not after.endswith("ed") and after not in PASTS) or (before in _LIKERS and after == "to")
        return key in _CLAUSE_OPENERS and before not in _BEFORE_OPENERS

    def negates(self, index: int) -> bool:
        """Whether the word turns the sense of its sentence round; "no" does where it belongs to the word behind it."""
        key = self.keys[index]
        if key != "no":
            return key in NEGATIONS
        follows = index + 1 < len(self.words) and not self.between(index, index + 1).strip()
        return follows and self.keys[index + 1] not in DROPPABLE | FREE | {"no", "wait", "sorry", "thank"} | NEGATIONS


def is_name(word: Word) -> bool:
    """Whether it is capitalised for another reason than beginning a sentence."""
    return word.inner and word.text[:1].isupper() and len(word.key) > 1 and is_content(word.key)


def is_numeral(key: str) -> bool:
    """Whether the word is, or is part of, a number."""
    return any(char.isdigit() for char in key) or key in lexicon.NUMBERS or key in DECADES


def is_fraction(key: str) -> bool:
    """Whether it is a word for a number that nobody has to write in digits."""
    return key in _FRACTIONS


def is_content(key: str) -> bool:
    """Whether the word carries meaning of its own: no word of grammar, number or negation."""
    return not (key in FREE or key in NEGATIONS or key in HESITATIONS or is_numeral(key))
