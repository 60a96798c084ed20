"""A text as the guard compares it: its words, what kind each is, and where somebody corrects himself."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from parleqd.core.polish.numerals import DECADES, Numerals
from parleqd.core.text import lexicon
from parleqd.core.text.lexicon import words

_REACH, _FAR_REACH = 14, 60
"""Words before a cue, and before "scratch that", that may have been withdrawn."""
_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*|[.?!,;:\n]")
_MARKS = frozenset(".?!,;:\n")
_SENTENCE_ENDS = frozenset(".?!:\n")

HESITATIONS = words("um uh er erm eh ah hmm mm mhm")
FILLERS = HESITATIONS | words(
    "like you know i mean basically actually well so okay ok right just kind sort of "
    "literally really maybe probably anyway alright yeah yes please now then also thing wanted say"
)
SPOKEN_MARKS = words(
    "comma period full stop dot colon semicolon question exclamation mark point open close opening closing quote "
    "quotes unquote end bracket brackets parenthesis parentheses brace paren slash backslash dash hyphen underscore "
    "at equals plus minus sign new line paragraph bullet newline hash star asterisk ampersand percent "
    "dollar dollars cent cents euro euros pound pounds yen degree degrees caps capital letter all space tab pipe tilde "
    "number next first second third fourth fifth sixth finally"
)
FREE = lexicon.FUNCTION_WORDS | words(
    "be been being am going to got get cannot oh im ive dont cant wont id ill its lets thats theyre youre "
    "et al am pm a.m p.m s t re ve ll d m"
)
"""Words of grammar: a cleanup may add and drop them."""
_NEGATIONS = words(
    "not never none nobody nothing nowhere neither nor without cannot dont doesnt didnt isnt arent wasnt werent cant "
    "couldnt wont wouldnt shouldnt mustnt havent hasnt hadnt aint shant neednt nicht kein keine nie nunca jamais"
)
CALENDAR = words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december today tomorrow yesterday tonight morning afternoon evening noon midnight weekend"
)
_RESPELLED = dict(
    pair.split("/")
    for pair in (
        "gonna/going wanna/want gotta/got kinda/kind lemme/let cause/because til/until seen/saw done/did went/gone "
        "came/come ran/run wrote/written took/taken gave/given knew/known broke/broken spoke/spoken began/begun "
        "drove/driven ate/eaten fell/fallen bought/buy brought/bring thought/think sold/sell told/tell sent/send "
        "found/find kept/keep made/make said/say mister/mr missus/mrs misses/mrs doctor/dr saint/st pounds/lb "
        "ounces/oz square/sq miles/mi"
    ).split()
)
"""Colloquial forms, mixed-up forms of verbs and abbreviations, and what they are written as."""
_SAME = {(a, b) for pair in _RESPELLED.items() for a, b in (pair, pair[::-1])}

_CUE = re.compile(
    r"\b(scratch that|strike that|delete that|never ?mind)\b"
    r"|\b(?:no,? (?:wait|sorry|actually|i mean|make|scratch)|wait|sorry|i mean|i meant|what i|make (?:that|it)"
    r"|or rather|rather|actually|correction|excuse me|hold on|let me|instead|better|well)\b"
    r"|(?:^|[,.;…—-]) *no\b,?"
    r"|\bno (?=(?:of|the|in|at|it|who|what|when|where|how|which|i|we|you|he|she|they|just|not|no|on|to|for|[a-z]+ty"
    r"|one|two|three|four|five|six|seven|eight|nine|ten)\b)",
    re.IGNORECASE,
)
"""Where somebody may be correcting himself; the first group withdraws whole sentences."""
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})


class Word:
    """A word of a text. ``key`` compares it; ``inner``: it does not begin a sentence; ``at``: where it begins."""

    __slots__ = ("at", "inner", "key", "text")

    def __init__(self, text: str, at: int, inner: bool) -> None:
        self.text = text
        self.key = fold(text)
        self.at = at
        self.inner = inner


def fold(word: str) -> str:
    """The form to compare by: lower case without apostrophes, possessive endings and accents."""
    key = word.casefold()
    if not key.isascii():
        split = unicodedata.normalize("NFKD", key.replace("ß", "ss"))
        key = "".join(char for char in split if not unicodedata.combining(char))
    return key.replace("'s", "").replace("'", "")


class Reading:
    """A text and what the rules ask of it."""

    def __init__(self, text: str) -> None:
        self.text = unicodedata.normalize("NFC", text).translate(_QUOTES)
        self.lower = " ".join(self.text.casefold().split())
        self.words: list[Word] = []
        inner = False
        for found in _WORD.finditer(self.text):
            token = found[0]
            if token in _MARKS:
                inner = inner and token not in _SENTENCE_ENDS
                continue
            word = Word(token, found.start(), inner)
            self.words.append(word)
            inner = True
        self.keys = [word.key for word in self.words]
        self.counts = Counter(self.keys)

    @cached_property
    def letters(self) -> str:
        """All words run together."""
        return "".join(self.keys)

    @cached_property
    def joined(self) -> frozenset[str]:
        """Words run together by twos and threes, and letters spelled out one by one as one word."""
        keys = self.keys
        runs = {"".join(keys[i : i + n]) for n in (2, 3) for i in range(len(keys) - n + 1)}
        spelled = re.findall(r"(?:\b\w\b ?){2,}", " ".join(keys))
        return frozenset(runs | {run.replace(" ", "") for run in spelled})

    @cached_property
    def initials(self) -> str:
        """The first letters of all words."""
        return "".join(key[:1] for key in self.keys)

    @cached_property
    def units(self) -> frozenset[str]:
        """Short words behind a number, as units are abbreviated."""
        pairs = zip(self.keys, self.keys[1:], strict=False)
        return frozenset(
            after
            for key, after in pairs
            if key[-1].isdigit() and len(after) <= 4 and (len(after) == 1 or after not in FREE)
        )

    @cached_property
    def numerals(self) -> Numerals:
        """Its numbers."""
        return Numerals(self.text)

    @cached_property
    def cues(self) -> list[tuple[int, bool]]:
        """Where somebody corrects himself (index of the first word after the cue), and whether by "scratch that"."""
        found = []
        for cue in _CUE.finditer(self.text):
            index = bisect_left(self.words, cue.end(), key=lambda word: word.at)
            found.append((index, cue[1] is not None))
        return found

    @cached_property
    def cue_words(self) -> frozenset[int]:
        """Indices of the words that are part of a cue."""
        spans = [(cue.start(), cue.end()) for cue in _CUE.finditer(self.text)]
        return frozenset(i for i, word in enumerate(self.words) if any(a <= word.at < b for a, b in spans))

    def withdrawable(self, index: int) -> bool:
        """Whether a repair after the word at ``index`` may have withdrawn it."""
        return any(index < after <= index + (_FAR_REACH if far else _REACH) for after, far in self.cues)

    @cached_property
    def negated(self) -> Counter[str]:
        """The content words that a negation stands before."""
        found: Counter[str] = Counter()
        for index, key in enumerate(self.keys):
            if is_negation(key) or (key == "no" and self._is_determiner(index)):
                after = (k for k in self.keys[index + 1 : index + 6] if not is_negation(k))
                found[next((k for k in after if k not in FREE and k not in FILLERS), "")] += 1
        return found

    def _is_determiner(self, index: int) -> bool:
        """Whether the "no" here belongs to the word after it."""
        word = self.words[index]
        after = self.words[index + 1] if index + 1 < len(self.words) else None
        between = self.text[word.at + 2 : after.at] if after else "."
        return between == " " and after is not None and after.key not in FREE | FILLERS | {"no", "wait", "sorry"}


def is_negation(key: str) -> bool:
    """Whether a word turns the sense of its sentence round."""
    return key in _NEGATIONS


def is_name(word: Word) -> bool:
    """Whether it is capitalised for another reason than beginning a sentence."""
    return word.inner and word.text[:1].isupper() and len(word.key) > 1 and word.key not in FREE | FILLERS


def has(text: Reading, key: str) -> bool:
    """Whether the word is there, as it is, with another ending of number, run together or taken apart."""
    if (
        key in text.counts
        or key in text.joined
        or f"{key}s" in text.counts
        or (key[-1:] == "s" and key[:-1] in text.counts)
    ):
        return True
    return (len(key) >= 5 and key in text.letters) or (2 <= len(key) <= 5 and is_abbreviation(key, text))


def is_abbreviation(key: str, text: Reading) -> bool:
    """Whether "kg" or "mph" can stand for words of the text: their letters without a vowel, or their initials."""
    if not set(key) & set("aeiou"):
        for word in text.counts:
            letters = iter(word)
            if len(word) >= 4 and word[0] == key[0] and all(letter in letters for letter in key):
                return True
    return len(key) >= 3 and key in text.initials


def akin(new: str, old: str) -> bool:
    """Whether one word may be another form or spelling of the other."""
    if (new, old) in _SAME:
        return True
    if new[:1] != old[:1] or new in CALENDAR or old in CALENDAR:
        return False
    shorter, longer = sorted((new, old), key=len)
    same = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if same >= 4 and same >= len(shorter) - 2:
        return True
    return same == len(shorter) >= 3 or sorted(shorter) == sorted(longer) or _alike(shorter, longer)


def _alike(shorter: str, longer: str) -> bool:
    """Whether most pairs of letters are the same (Dice's coefficient of bigrams)."""
    if len(shorter) < 4:
        return False
    first, second = ({word[i : i + 2] for i in range(len(word) - 1)} for word in (shorter, longer))
    return 2 * len(first & second) >= 0.6 * (len(first) + len(second))


def is_content(key: str) -> bool:
    """Whether the word carries meaning of its own: no word of grammar, number or negation."""
    return not (
        key in FREE
        or key in lexicon.NUMBERS
        or key in DECADES
        or is_negation(key)
        or any(char.isdigit() for char in key)
    )


def is_joined(keys: Sequence[str], index: int, given: Reading) -> bool:
    """Whether the word is run together with its neighbours in the other text ("work tree", "worktree")."""
    spans = ((begin, begin + n) for n in (2, 3) for begin in range(max(0, index - n + 1), index + 1))
    return any("".join(keys[begin:end]) in given.counts for begin, end in spans)


def is_stub(keys: Sequence[str], index: int) -> bool:
    """Whether the word was broken off and begun again ("m missing")."""
    return any(after.startswith(keys[index]) for after in keys[index + 1 : index + 3])
