"""Phrases that are broken off and begun anew with no word that says so (if we, if you could)."""

from __future__ import annotations

from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BE,
    CONTRACTED_SUBJECTS,
    DETERMINERS,
    FUNCTION_WORDS,
    OBJECTS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    words,
)
from parleqd.core.text.repairs.clauses import PRESENTS, is_past
from parleqd.core.text.repairs.passage import Passage, asks_at
from parleqd.core.text.repairs.removal import taken_out
from parleqd.core.text.tokens import COMMA, Change, Tokens

_SUBORDINATE = words("if because when whenever while although though unless until whether")
_RELATIVE = QUESTION_WORDS | {"that"}
_MODALS = words("could would should might will can must")
_FRAGMENT_ENDS = _MODALS | words("just only also really maybe probably to")
_BEFORE_NOUN = ARTICLES | POSSESSIVES
_DUMMIES = words("there it this that") | SUBJECTS
_ASIDE = words("think believe guess suppose hope know mean swear promise really do did am never still always")
_TOPICS = words("reason thing point problem question idea issue goal plan way")
_OPENERS = _SUBORDINATE | PREPOSITIONS | _RELATIVE | AUXILIARIES | SUBJECTS | CONTRACTED_SUBJECTS | words("the all my")
_BEFORE_QUESTIONS = AUXILIARIES | ARTICLES | QUESTION_WORDS
_LEADS = words("so and but okay ok well hi hello yes yeah now")
_MOST = 6  # words of a fragment
_REACH = 10  # tokens from its first word to the word that begins it anew


def candidates(tokens: Tokens) -> frozenset[int]:
    """Where a phrase may be broken off: its first word comes again a few words on, or a question begins anew."""
    last: dict[str, int] = {}
    found = set()
    broken: int | None = None  # the last article that no noun followed yet
    for index, token in enumerate(tokens):
        key = token.key
        if broken is not None and broken == index - 1 and key in last and index - last[key] <= _REACH:
            found.add(last[key])
        if key in _OPENERS:
            earlier = last.get(key)
            if earlier is not None and index - earlier <= _REACH:
                found.add(earlier)
            if key in QUESTION_WORDS and index and _may_begin(tokens, index):
                found.add(index)
        if key in _BEFORE_NOUN or (broken == index - 1 and key == COMMA):
            broken = index
        if token.is_word:
            last[key] = index
    return frozenset(found)


def _may_begin(tokens: Tokens, index: int) -> bool:
    before = tokens[index - 1]
    return before.is_word and (tokens[index].is_capitalised or before.key in _BEFORE_QUESTIONS)


def restart(passage: Passage, index: int) -> Change | None:
    """The change that takes out the fragment which begins, or at whose end a question begins, at ``index``."""
    question = _question(passage, index)
    if question is not None:
        return question
    again = _again(passage, index)
    if again is None:
        return None
    span = [at for at in range(index, again) if passage.tokens[at].is_word]
    paused = len(span) < again - index
    keys = [passage.keys[at] for at in span]
    ahead = [passage.keys[at] for at in range(again, min(again + 5, len(passage.keys)))]
    if paused and _is_series(passage, again, len(keys)):
        return None
    if _asks_again(passage, index, keys, ahead):
        return taken_out(passage, index - 1, again - 1)
    if len(keys) > _MOST or len(keys) < 2 or len(ahead) < 2 or (paused and passage.keys[again - 1] != COMMA):
        return None
    return taken_out(passage, index, again) if _is_broken(passage, index, again, keys, ahead, paused) else None


def _again(passage: Passage, index: int) -> int | None:
    """Where the word at ``index`` is said again in its sentence, with nothing but words and one comma between."""
    commas = 0
    for at in range(index + 1, min(index + _REACH + 1, passage.end(index), len(passage.keys))):
        if at in passage.quoted:
            return None
        key = passage.keys[at]
        if key == passage.keys[index]:
            return at
        if not passage.tokens[at].is_word:
            commas += 1
            if key != COMMA or commas > 1:
                return None
    return None


def _opens(passage: Passage, index: int) -> bool:
    """Whether a sentence begins at ``index``, or would but for words like "so" and "okay"."""
    start = passage.start(index)
    while index > start and (passage.keys[index - 1] in _LEADS or passage.keys[index - 1] == COMMA):
        index -= 1
    return index == start


def _asks_again(passage: Passage, index: int, keys: list[str], ahead: list[str]) -> bool:
    """Whether the question that the words before and at ``index`` begin is put otherwise: can we, could we."""
    if index == 0 or keys[0] not in SUBJECTS or len(keys) != 2 or len(ahead) < 2:
        return False
    if ahead[1] in PREPOSITIONS | ARTICLES or ahead[1] == COMMA:
        return False
    return passage.keys[index - 1] in AUXILIARIES and keys[1] in AUXILIARIES and _opens(passage, index - 1)


def _is_series(passage: Passage, again: int, length: int) -> bool:
    """Whether the phrase at ``again`` is a member of a series and not its beginning mended: can you, can we, can they.

    A comma closes such a member, or the same word or an "and" begins a third one.
    """
    last = min(again + _REACH, passage.end(again), len(passage.keys))
    for at in range(again + 1, last):
        if passage.keys[at] == COMMA:
            joins = passage.key(at + 1) in ("and", "or", "but", passage.keys[again])
            return joins or at - again <= length + 1
    return False


def _is_broken(passage: Passage, index: int, again: int, keys: list[str], ahead: list[str], paused: bool) -> bool:
    """Whether the words ``keys`` were broken off: they cannot be a clause, and what follows begins as they do."""
    first, last = keys[0], keys[-1]
    if len(keys) > 2 and last in _BEFORE_NOUN and ahead[:2] == keys[:2] and keys[1] in OBJECTS:
        return _opens(passage, index)  # send it to the, send it to Bob
    if not paused and _asks_for_another(passage, index, keys, ahead):
        return True
    short = len(keys) == 2 and last != ahead[1]
    if short and first in _SUBORDINATE | _RELATIVE and last in SUBJECTS and ahead[1] in SUBJECTS:
        return not paused or first in _RELATIVE
    if first in _SUBORDINATE:
        return ahead[:2] == keys[:2] and len(keys) > 2 and last in _FRAGMENT_ENDS and not paused
    if first in PREPOSITIONS:
        return short and last in _BEFORE_NOUN and ahead[1] in _BEFORE_NOUN
    if not _opens(passage, index):
        return False
    if first in AUXILIARIES:
        return short and last in _DUMMIES and ahead[1] in _DUMMIES
    if first in SUBJECTS or first in CONTRACTED_SUBJECTS:
        return _is_clause_again(keys, ahead, paused)
    return _is_topic(passage, keys, ahead, again)


def _asks_for_another(passage: Passage, index: int, keys: list[str], ahead: list[str]) -> bool:
    """Whether a question is put anew for another thing: which war, which battle did; who was, who were the."""
    if not _opens(passage, index) or not passage.asks_from_the_start(index) or len(ahead) < 4:
        return False
    if keys[0] in PREPOSITIONS:
        return len(keys) == 2 and {keys[1], ahead[1]} <= QUESTION_WORDS
    if keys[0] not in QUESTION_WORDS:
        return False
    if len(keys) == 2 and keys[1] in AUXILIARIES:
        return ahead[1] in AUXILIARIES and ahead[2] in DETERMINERS
    counts = keys[0] == "how" and keys[1] in ("many", "much") and ahead[1] == keys[1]
    noun = 2 if counts else 1
    if not (counts or keys[0] in ("which", "what", "whose")) or not noun < len(keys) <= noun + 2:
        return False
    if not FUNCTION_WORDS.isdisjoint((keys[noun], ahead[noun])):
        return False
    verb = ahead[noun + 1]
    if len(keys) == noun + 2:
        return keys[-1] in AUXILIARIES and verb in AUXILIARIES
    return verb in AUXILIARIES or verb in PRESENTS or is_past(verb)


def _is_clause_again(keys: list[str], ahead: list[str], paused: bool) -> bool:
    """Whether a clause that breaks off behind its auxiliary, or behind "to", is begun anew with its subject."""
    if not _ASIDE.isdisjoint(ahead[1:2]) and ahead[:2] != keys[:2]:
        return False
    if keys[-1] in _MODALS:
        return ahead[:2] == keys[:2] and len(keys) > 2 and (not paused or ahead[:3] == keys[:3])
    if keys[-1] in _BEFORE_NOUN:
        return len(keys) > 2  # I'll send the, I'll call you
    return keys[-1] == "to" and not paused and len(keys) <= 4 and "to" in ahead[2:4] and ahead[1] not in _ASIDE


def _is_topic(passage: Passage, keys: list[str], ahead: list[str], again: int) -> bool:
    """Whether a sentence begins with what it is about, twice: what I wanted, what I meant to ask is."""
    if ahead[:2] != keys[:2] or len(keys) < 3:
        return False
    relative = keys[0] in ("what", "where", "how", "all") and keys[1] in SUBJECTS
    if not relative and not (keys[0] in ("the", "my") and keys[1] in _TOPICS):
        return False
    behind = [passage.keys[at] for at in range(again, min(again + _REACH, passage.end(again)))]
    told = keys if relative or len(keys) > 3 else keys[:2]  # "the thing is, the thing I wanted to say is"
    return BE.isdisjoint(told) and not BE.isdisjoint(behind[3:])


def _question(passage: Passage, index: int) -> Change | None:
    """A question that breaks off before the one that begins at ``index``: When did Why did, what is the who was."""
    start = passage.start(index)
    word = passage.tokens[index]
    if index == start or word.key not in QUESTION_WORDS or index in passage.quoted:
        return None
    left = passage.left(index)
    if not left or left[0] != start or len(left) > _MOST or left[-1] - left[0] + 1 != len(left):
        return None
    if not asks_at(passage, left, 0) or any(passage.tokens[at].is_capitalised for at in left[1:]):
        return None
    if not word.is_capitalised and not _breaks_off(passage, left, index):
        return None
    return taken_out(passage, start, index)


def _breaks_off(passage: Passage, left: list[int], index: int) -> bool:
    """Whether the question in ``left`` cannot go on with the question word behind it."""
    if len(left) > 3 or passage.keys[left[0]] == "who":  # who did what
        return False
    after = passage.key(index + 1)
    counts = passage.keys[index] == "how" and after in ("many", "much", "old", "long", "far", "often")
    if len(left) == 1:
        return after in AUXILIARIES  # who when did
    return passage.keys[left[-1]] in AUXILIARIES | ARTICLES and (counts or after in AUXILIARIES)
