"""Find the words by which speakers correct themselves: no wait, sorry, I mean, make that, or rather."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from parleqd.core.text.fillers import HESITATIONS
from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BE,
    CONTRACTED_SUBJECTS,
    COORDINATORS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    words,
)
from parleqd.core.text.repairs.passage import Passage, asks_at
from parleqd.core.text.tokens import PAUSES, SENTENCE_END


class Force(IntEnum):
    """How surely the words are a correction; the weaker, the more must speak for it."""

    HESITATION = 0  # um, er: only a pause
    WORD = 1  # one word or phrase that has other uses too: no, sorry, I mean, actually
    PHRASE = 2  # or rather, no wait, no sorry, I meant
    DISCARD = 3  # let me rephrase: all of the sentence so far


class Cue(msgspec.Struct, frozen=True):
    """``tokens[first:last]`` correct something, with the pauses and hesitations around them."""

    first: int
    last: int
    force: Force
    units: frozenset[str]
    set_off: bool
    """Whether a pause or a hesitation stands before the words and another behind them, or neither side has one."""
    paused: bool
    """Whether a pause or a hesitation stands on any side."""
    heard: bool = False
    """Whether a hesitation is among the words, or one that shows surprise (oh)."""


_WORDS = (
    "no", "nope", "nah", "wait", "sorry", "i mean", "actually", "rather", "hold on", "hang on", "oops",
    "opps", "woops", "whoops", "instead", "make that", "make it", "excuse me", "pardon me", "not that",
    "i'm sorry", "pardon", "wait a minute", "wait a second", "wait a sec", "on second thought", "on second thoughts",
    "better yet", "never mind", "nevermind",
)  # fmt: skip
_PHRASES = (
    "or rather", "or actually", "or wait", "or no", "or sorry", "or i mean", "or make that", "or should i say",
    "or i should say", "or i meant", "or scratch that",
    "i should say", "i should have said", "should i say", "i meant", "i meant to say", "i mean to say",
    "what i meant was", "correction", "my mistake", "my bad", "scratch that", "strike that", "i take that back",
    "that's wrong", "that's not right", "i meant to ask", "or should i ask", "let me correct myself",
    "let me correct that", "i stand corrected", "forget that", "what i meant to say is", "what i meant to say was",
)  # fmt: skip
_DISCARDS = (
    "let me rephrase", "let me rephrase that", "let me start over", "let me start again", "let me start that over",
    "let me start that again", "let me try again", "let me try that again", "let me say that again",
    "let me put it differently", "let me put that differently", "let me ask", "i'll start over", "i'll start again",
)  # fmt: skip
_ASKING = (
    "tell me", "i want to know", "i wanted to know", "i wanted to ask", "i want to ask", "i should ask",
    "should i ask", "what i want to know is", "what i meant to ask is", "what i really want to know is",
    "i need to know", "let's see",
)  # fmt: skip
"""Phrases that correct only where a question follows: tell me what is, not tell me what you need."""
ASKING = frozenset(_ASKING)
_SOUNDS = HESITATIONS | words("ah ahh eh hm hmm hmmm mm ugh ahem")
"""Hesitations, and sounds that are mostly one."""
_LEADERS = words("oh well just please yeah")
"""Words that belong to a cue when another unit follows."""


def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], Force]]]:
    table: dict[str, list[tuple[tuple[str, ...], Force]]] = {}
    for units, force in (
        (_WORDS, Force.WORD),
        (_ASKING, Force.WORD),
        (_PHRASES, Force.PHRASE),
        (_DISCARDS, Force.DISCARD),
    ):
        for unit in units:
            phrase = tuple(unit.split())
            table.setdefault(phrase[0], []).append((phrase, force))
    for phrases in table.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return table


_TABLE = _by_first_word()
OPENERS = frozenset(_TABLE) | _SOUNDS | _LEADERS
"""Words that a cue can begin with."""
_LONGEST = 24
"""Tokens of a cue at most: a bound on time."""
_BREAKS = PAUSES | {";", ":"}
SPOKEN_MARKS = words("comma period full question exclamation colon semicolon new newline dash open close quote")
"""Words that may yet become marks; what stands beside them is judged once they have."""

# What shows that the words are not a cue, by unit: a word right before them, a word right behind them.
_NOUN_BEHIND_NO = words(
    "one longer more less matter doubt need way problem problems idea worries thanks thank chance rush pressure "
    "hurry biggie offence offense kidding comment use good better worse different fun reason clue go less sooner "
    "later fewer such other nobody luck big deal point trouble harm time"
)
_SAYS_NO = words("say says said saying with without or and a an the answered mean means but yes if of")
_GIVES_NO = (BE | _SAYS_NO) | words(
    "there there's there're have has had got get gets getting make makes made see saw find found take takes by under "
    "in at give gives gave given need needs want wants know knows"
)
_NOT_BEFORE = {
    ("no",): _GIVES_NO,
    ("sorry",): BE
    | CONTRACTED_SUBJECTS
    | words("so very really say says said feel felt be been truly terribly awfully a the too just not"),
    ("i", "mean"): QUESTION_WORDS
    | AUXILIARIES
    | words("if as whatever that know knows see get understand because think and but so hope"),
    ("i", "meant"): words("what that as whatever because if and but so know think which who all thing"),
    ("make", "that"): (AUXILIARIES - BE)
    | SUBJECTS
    | CONTRACTED_SUBJECTS
    | words("to let's let not and me him her us them never always help who which that"),
    ("make", "it"): (AUXILIARIES - BE)
    | SUBJECTS
    | CONTRACTED_SUBJECTS
    | words("to let's let not and me him her us them never always help who which that"),
    ("rather",): BE
    | ARTICLES
    | SUBJECTS
    | (CONTRACTED_SUBJECTS)
    | words("would would've had 'd i'd much feel feels felt look looks seem seems seemed but and become"),
    ("wait",): AUXILIARIES
    | SUBJECTS
    | CONTRACTED_SUBJECTS
    | ARTICLES
    | POSSESSIVES
    | words("to and please just then long let's not"),
    ("hold", "on"): SUBJECTS | AUXILIARIES | words("to and please"),
    ("hang", "on"): SUBJECTS | AUXILIARIES | words("to and please"),
    ("actually",): AUXILIARIES | SUBJECTS | CONTRACTED_SUBJECTS | words("to and but so that who which not"),
    ("instead",): words("and but so do it that use used"),
    ("tell", "me"): AUXILIARIES | SUBJECTS | words("to please you and let's don't not"),
    ("never", "mind"): SUBJECTS | AUXILIARIES | words("to and please"),
    ("forget", "that"): SUBJECTS | AUXILIARIES | CONTRACTED_SUBJECTS | words("to and please not never let's don't"),
    ("pardon",): ARTICLES | POSSESSIVES | AUXILIARIES | words("to i beg and"),
    ("should", "i", "ask"): QUESTION_WORDS | words("or if and"),
    ("not", "that"): AUXILIARIES | words("it's i'm"),
    ("correction",): ARTICLES | POSSESSIVES | PREPOSITIONS | COORDINATORS | words("this that no one each any"),
    ("my", "mistake"): BE | PREPOSITIONS | COORDINATORS | words("it's that's was"),
    ("my", "bad"): BE | PREPOSITIONS | COORDINATORS | words("it's that's"),
    ("excuse", "me"): words("to you please and will would can could"),
    ("pardon", "me"): words("to you please and will would can could"),
    ("scratch", "that"): (AUXILIARIES - BE) | SUBJECTS | CONTRACTED_SUBJECTS | ARTICLES | words("to from and"),
    ("strike", "that"): (AUXILIARIES - BE) | SUBJECTS | CONTRACTED_SUBJECTS | ARTICLES | words("to and"),
    ("that's", "wrong"): words("and but that think know because if"),
}
_CLAUSE_BEHIND = words("for about to that if but because")
_NOT_BEHIND = {
    ("no",): _NOUN_BEHIND_NO,
    ("sorry",): _CLAUSE_BEHIND,
    ("i'm", "sorry"): _CLAUSE_BEHIND,
    ("i", "mean"): words("it that business well this every"),
    ("i", "meant"): words("it that business well to this every"),
    ("rather",): words("than"),
    ("or", "rather"): words("than not"),
    ("wait",): words("for until till time times list lists on and to staff a an in there here my it outside"),
    ("hold", "on"): words("to for until"),
    ("hang", "on"): words("to for until in there"),
    ("instead",): words("of"),
    ("tell", "me"): words("about that if to the a when"),
    ("make", "that"): words("clear happen work sure known"),
    ("let", "me", "ask"): words("you him her them a the my about for if around"),
    ("let", "me", "rephrase"): words("the this my it your"),
    ("i", "should", "say"): words("that something so no yes"),
    ("correction",): words("of to for is was"),
    ("my", "mistake"): words("was is"),
    ("never", "mind"): words("that the it about if what how who me my this"),
    ("forget", "that"): words("it i you he she we they the this"),
    ("pardon",): words("me my the for"),
    ("not", "that"): words("much many good bad i it long far hard easy big"),
}


def cue_at(passage: Passage, index: int) -> Cue | None:
    """The cue whose first word stands at ``index``, if one does; as long as it can be."""
    units: list[tuple[tuple[str, ...], Force]] = []
    at, heard = index, False
    while at < min(index + _LONGEST, len(passage.keys)) and at not in passage.quoted:
        key = passage.keys[at]
        if key in _SOUNDS:
            heard = True
            at += 1
        elif key in _BREAKS and at > index and "\n" not in passage.tokens[at].gap:
            at += 1
        else:
            unit = _unit(passage, at, bool(units) or heard)
            if unit is None:
                break
            units.append(unit)
            at += len(unit[0])
    first = index
    while passage.key(first - 1) in _BREAKS:
        first -= 1
    if at == index or _crosses_a_line(passage, index, at):
        return None
    return _weigh(passage, units, first, index, at)


def _unit(passage: Passage, at: int, begun: bool) -> tuple[tuple[str, ...], Force] | None:
    key = passage.keys[at]
    for phrase, force in _TABLE.get(key, ()):
        if tuple(passage.keys[at : at + len(phrase)]) == phrase and _is_cue(passage, at, phrase, begun):
            return phrase, force
    if key in _LEADERS:
        behind = at + 1
        while passage.key(behind) in _BREAKS:
            behind += 1
        following = behind < len(passage.keys) and passage.keys[behind] in _TABLE
        if following and _unit(passage, behind, True) is not None and _may_lead(passage, at):
            return (key,), Force.HESITATION
    return None


def _may_lead(passage: Passage, at: int) -> bool:
    key = passage.keys[at]
    if key == "please":
        return passage.keys[at + 1 : at + 3] == ["make", "that"]
    if key == "just":
        return passage.keys[at + 1 : at + 2] == ["tell"]
    return key not in ("well", "yeah") or passage.key(at - 1) in _BREAKS


def _is_cue(passage: Passage, at: int, phrase: tuple[str, ...], begun: bool) -> bool:
    before, after = passage.key(at - 1), passage.key(at + len(phrase))
    if (after in _NOT_BEHIND.get(phrase, ()) and not _is_said_again(passage, at, phrase, begun)) or (
        phrase[0] == "let" and after in PREPOSITIONS - {"in"}
    ):
        return False
    if phrase == ("no",) and after.endswith("er") and passage.key(at + 2) == "than":
        return False
    if phrase == ("no",) and before in PREPOSITIONS - _SAYS_NO and after in AUXILIARIES | ARTICLES:
        return True  # "was built in no was destroyed in"
    if not begun and before in _NOT_BEFORE.get(phrase, ()) and not _asks_anew(passage, at, phrase):
        return False
    return phrase[0] != "or" or phrase[1] != "no" or not _says_yes(passage, at)


def _is_said_again(passage: Passage, at: int, phrase: tuple[str, ...], begun: bool) -> bool:
    """Whether the word behind a cue of several units stands close before it as well: in Rome, no wait, in Milan."""
    after = passage.keys[at + len(phrase)]
    small = after in PREPOSITIONS or after in ARTICLES or after in POSSESSIVES
    if not begun or not small or phrase not in (("wait",), ("i", "meant")):
        return False
    rest = passage.right(at + len(phrase))
    return after in passage.keys[max(at - 6, 0) : at] and (phrase == ("wait",) or len(rest) == 2)


def _asks_anew(passage: Passage, at: int, phrase: tuple[str, ...]) -> bool:
    """Whether a question begins behind the words, which then belong to nothing before them: when was no who is."""
    last = at + len(phrase)
    if passage.key(at - 1) in _SAYS_NO or phrase not in (("no",), ("i", "mean")):
        return False
    asks = asks_at(passage, passage.right(last)[:2], 0) and "\n" not in passage.tokens[last].gap
    return asks and (phrase == ("no",) or passage.key(last + 1) in AUXILIARIES)


def _asks_for_another(passage: Passage, last: int, paused: bool) -> bool:
    """Whether a question proper follows "tell me": tell me what is, not tell me what you need."""
    keys = passage.keys[last : last + 2]
    inverted = len(keys) > 1 and (keys[1] in AUXILIARIES or keys[0] == "how")
    return not paused and inverted and keys[0] in QUESTION_WORDS


def _says_yes(passage: Passage, at: int) -> bool:
    """Whether the choice is yes or no."""
    return "yes" in passage.keys[max(at - 3, 0) : at]


def _crosses_a_line(passage: Passage, first: int, last: int) -> bool:
    return any("\n" in passage.tokens[at].gap for at in range(first + 1, last))


def _weigh(
    passage: Passage, units: list[tuple[tuple[str, ...], Force]], first: int, index: int, last: int
) -> Cue | None:
    ahead = passage.key(first) in _BREAKS or passage.key(index) in _SOUNDS
    behind = passage.key(last - 1) in _BREAKS or passage.key(last - 1) in _SOUNDS
    spoken = [unit for unit in units if unit[1] > Force.HESITATION]
    names = frozenset(" ".join(phrase) for phrase, _ in spoken)
    force = max((unit[1] for unit in spoken), default=Force.HESITATION)
    if names == {"or no"} or (names and names <= ASKING and not _asks_for_another(passage, last, ahead or behind)):
        return None  # "tea or no tea", "what do you want, tell me what you need"
    if names == {"make it"} and not ahead:
        return None  # "those two make it five"
    if force is Force.WORD and len(names) > 1:
        force = Force.PHRASE
    if last < len(passage.keys) and passage.keys[last] in SENTENCE_END and force is not Force.DISCARD:
        return None
    surprised = any(force is Force.HESITATION and phrase[0] == "oh" for phrase, force in units)
    heard = surprised or not _SOUNDS.isdisjoint(passage.keys[first:last])
    return Cue(first, last, force, names, ahead == behind, ahead or behind, heard)
