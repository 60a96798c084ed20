"""Stage: "scratch that" takes back the clause or sentence before it."""

from __future__ import annotations

from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BE,
    CONTRACTED_SUBJECTS,
    COORDINATORS,
    DEMONSTRATIVES,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    words,
)
from parleqd.core.text.repairs.cues import SPOKEN_MARKS
from parleqd.core.text.repairs.passage import Passage
from parleqd.core.text.repairs.removal import taken_out
from parleqd.core.text.tokens import COMMA, PAUSES, SENTENCE_END, Change, Tokens, starts_sentence

_VERBS = words("scratch strike delete")
_LEADERS = words("no actually wait oh sorry okay ok please um uh er well and")
_TRAILERS = words("please sorry")
_NOT_BEFORE = (
    (AUXILIARIES - BE)
    | SUBJECTS
    | CONTRACTED_SUBJECTS
    | ARTICLES
    | POSSESSIVES
    | DEMONSTRATIVES
    | PREPOSITIONS
    | words(
        "and or not just let's then never also always who which small tiny big little deep long new bad huge slight "
        "minor large first itch cats nasty ugly thin only every another one hunger lockout cannot gonna wanna"
    )
)
_GREETINGS = words("hi hello hey dear")
_CLAUSE_OPENERS = (
    SUBJECTS | CONTRACTED_SUBJECTS | QUESTION_WORDS | ARTICLES | POSSESSIVES | AUXILIARIES | words("let's there please")
)
_REACH = 40


def find(tokens: Tokens) -> list[Change]:
    """Where a clause or a sentence is taken back, what is taken back and the words that say so."""
    changes: list[Change] = []
    at = [index for index, token in enumerate(tokens[:-1]) if token.key in _VERBS and tokens[index + 1].key == "that"]
    if not at:
        return []
    passage = Passage(tokens)
    for index in at:
        change = None if index in passage.quoted else _scratch(passage, index)
        if change is not None and (not changes or change.first >= changes[-1].last):
            changes.append(change)
    return changes


def _scratch(passage: Passage, index: int) -> Change | None:
    first, last = _extent(passage, index)
    if first is None:
        return None
    ahead, behind = passage.key(first - 1), passage.key(last)
    alone = _is_mark(passage, first - 1) or first == 0 or starts_sentence(passage.tokens, first)
    closed = last >= len(passage.keys) or not passage.tokens[last].is_word or "\n" in passage.tokens[last].gap
    if ahead in SPOKEN_MARKS or behind in SPOKEN_MARKS:
        return None  # what is said to be a mark is one first
    end = _behind_marks(passage, last)
    left = passage.left(_before_marks(passage, first))
    if not left:
        return None
    opens = end < len(passage.keys) and passage.keys[end] in _CLAUSE_OPENERS
    if not closed and not (opens or _aligned(passage, left, end) is not None):
        return None  # scratch that itch
    place = _aligned(passage, left, end)
    if passage.keys[index] == "delete" and not (place is not None and _is_sentence(passage, first, last)):
        return None  # mostly somebody is told to delete something
    if place is None and not (alone and (closed or opens)):
        return None
    if place is None:
        if _is_short_answer(passage, end) or left[0] != passage.right(passage.start(left[0]))[0]:
            return None
        place = _clause_start(passage, left)
    return taken_out(passage, place, end)


def _extent(passage: Passage, index: int) -> tuple[int | None, int]:
    """The words that take back, with "no", "actually" or "please" around them; None where they are content."""
    first, last = index, index + 2
    led = False
    while first and (passage.keys[first - 1] in _LEADERS or (led and passage.keys[first - 1] in PAUSES)):
        if passage.keys[first - 1] == "and" and not _is_mark(passage, first - 2):
            break
        first -= 1
        led = True
    if passage.key(first - 1) == COMMA and passage.key(first - 2) in _LEADERS - {"and"}:
        begins = _is_mark(passage, first - 3) or first - 2 == 0
        first = first - 2 if begins else first
    if passage.key(last) in _TRAILERS and (last + 1 >= len(passage.keys) or not passage.tokens[last + 1].is_word):
        last += 1
    before = passage.key(first - 1)
    content = before in _NOT_BEFORE and not _is_mark(passage, first - 1)
    return (None if content or passage.key(index - 1) in _NOT_BEFORE - {"and"} else first), last


def _is_sentence(passage: Passage, first: int, last: int) -> bool:
    """Whether the words from ``first`` to ``last`` are a sentence of their own, behind another one."""
    opens = first > 0 and passage.keys[first - 1] in SENTENCE_END
    return opens and last < len(passage.keys) and passage.keys[last] in SENTENCE_END


def _is_mark(passage: Passage, index: int) -> bool:
    return 0 <= index < len(passage.keys) and not passage.tokens[index].is_word


def _before_marks(passage: Passage, index: int) -> int:
    while index and _is_mark(passage, index - 1) and passage.keys[index - 1] in PAUSES | SENTENCE_END | {";", ":"}:
        index -= 1
    return index


def _behind_marks(passage: Passage, index: int) -> int:
    while index < len(passage.keys) and passage.keys[index] in PAUSES | SENTENCE_END | {";", ":"}:
        if "\n" in passage.tokens[index].gap:
            break
        index += 1
    return index


def _aligned(passage: Passage, left: list[int], end: int) -> int | None:
    """Where the clause before begins with the words that follow: I will read it, scratch that, I will burn it."""
    right = passage.right(end)
    if not right or right[0] != end:
        return None
    keys = passage.keys
    best, length = None, 0
    for place, at in enumerate(left):
        shared = 0
        while shared < len(right) and place + shared < len(left) and keys[left[place + shared]] == keys[right[shared]]:
            shared += 1
        if shared and shared >= length and _begins_clause(passage, left, place, shared):
            best, length = at, shared
    return best


def _begins_clause(passage: Passage, left: list[int], place: int, shared: int) -> bool:
    if place == 0 or left[place - 1] + 1 < left[place]:
        return True
    key = passage.keys[left[place]]
    return key in _CLAUSE_OPENERS | PREPOSITIONS and (shared > 1 or key not in ARTICLES)


def _clause_start(passage: Passage, left: list[int]) -> int:
    """The first word of the sentence, behind a greeting."""
    if passage.keys[left[0]] in _GREETINGS:
        for place in range(1, min(len(left), 4)):
            if passage.keys[left[place] - 1] == COMMA:
                return left[place]
    return left[0]


def _is_short_answer(passage: Passage, end: int) -> bool:
    """Whether what follows is too little to stand for the sentence: a value, which another stage puts in place."""
    right = passage.right(end)
    if not right or starts_sentence(passage.tokens, end):
        return False
    return passage.keys[end] not in _CLAUSE_OPENERS | COORDINATORS and len(right) < 3
