"""Handles in the words around a cue: a word said again, or a question begun anew."""

from __future__ import annotations

from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BE,
    CONTRACTED_SUBJECTS,
    COORDINATORS,
    DEMONSTRATIVES,
    DETERMINERS,
    FUNCTION_WORDS,
    OBJECTS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    words,
)
from parleqd.core.text.repairs import nouns, parallels
from parleqd.core.text.repairs.cues import ASKING, Cue, Force
from parleqd.core.text.repairs.kinds import OF_GRAMMAR, Kind, alike, is_name, kind_of
from parleqd.core.text.repairs.passage import Passage, asks_at
from parleqd.core.text.tokens import COMMA, SENTENCE_END

_CLAUSE_SUBJECTS = SUBJECTS | CONTRACTED_SUBJECTS
_NOUN_OPENERS = ARTICLES | POSSESSIVES | DEMONSTRATIVES
_ASKED_BEHIND = PREPOSITIONS | words(
    "know knows knew tell tells told see sees saw understand understands say says said remember remembers explain "
    "explains decide decides ask asks asked wonder wonders care cares guess guesses show shows find out about me us "
    "matter matters depend depends learn and or but"
)
"""Words behind which a question can be the object of another: who knows, um, what it is."""
_OTHERS = words("he she it they him them")
_BELONGING = words("his her its their")
_TITLES = words("mr mrs ms miss dr prof professor doctor sir lady captain sergeant judge")
_FAR, _NEAR = 10, 5
_SENTENCE = 25  # words of a sentence; what is longer is several that no marks part


def withdrawn(passage: Passage, cue: Cue, left: list[int], right: list[int]) -> int | None:
    """The token from which on ``cue`` takes back what was said; None where nothing tells."""
    if not left or not right or right[0] != cue.last:
        return None
    asks = passage.asks(left[-1])
    if cue.force is Force.DISCARD:
        return left[0] if len(left) <= _SENTENCE and left[0] == passage.right(passage.start(left[0]))[0] else None
    if _loses_name(passage, left, right):
        return None
    begun = _question(passage, cue, left, right)
    if begun is not None:
        return begun
    alike = _alike(passage, cue, left, right, asks)
    if alike is not None:
        return alike
    if cue.force is Force.HESITATION:
        return _subject(passage, cue, left, right)
    if not asks and cue.units <= {"instead", "wait", "hold on", "hang on", "oops", "opps", "woops", "whoops"} | ASKING:
        return None
    said = _said_again(passage, cue, left, right, asks)
    return said if said is not None else nouns.replaced(passage, cue, left, right, asks)


def _alike(passage: Passage, cue: Cue, left: list[int], right: list[int], asks: bool) -> int | None:
    """Where a phrase begins that is built as the one behind the cue."""
    spoken = cue.force is not Force.HESITATION
    again = None
    if (asks and (cue.heard or spoken)) or (spoken and cue.paused):
        again = parallels.phrase_again(passage, left, right)
    if again is None and asks and (cue.heard or spoken):
        again = parallels.asked_again(passage, left, right)
    if again is None and spoken:
        again = _title(passage, left, right)
    if again is None and spoken:
        again = _pairs_values(passage, left, right)
    return again


def _question(passage: Passage, cue: Cue, left: list[int], right: list[int]) -> int | None:
    """Where the question begins that is begun anew behind the cue."""
    keys = passage.keys
    from_start = passage.asks_from_the_start(left[0]) and left[0] == passage.right(passage.start(left[0]))[0]
    if not asks_at(passage, right, 0):
        inverted = len(right) > 1 and keys[right[0]] in AUXILIARIES and keys[right[1]] in SUBJECTS
        return _inverted(passage, cue, left) if inverted else None
    if cue.force is Force.HESITATION:
        if from_start and cue.heard and len(left) > 3 and keys[right[0]] == keys[left[0]] and len(right) > 3:
            return left[0]
        last = passage.tokens[left[-1]]
        from_start = from_start or _breaks_off(passage, cue, left, right)
        broken = len(left) <= 6 and (last.key not in _ASKED_BEHIND or not last.text[-1].islower())
        return left[0] if from_start and cue.heard and broken else None
    if from_start or _breaks_off(passage, cue, left, right):
        return left[0]
    if not cue.units.isdisjoint(ASKING | {"instead"}) or (cue.force is Force.WORD and not cue.paused):
        return None
    for at in reversed(left[-_NEAR:]):
        if keys[at] in QUESTION_WORDS:
            return at
    return None


def _breaks_off(passage: Passage, cue: Cue, left: list[int], right: list[int]) -> bool:
    """Whether a few words that begin the sentence, with no pause in them or behind, lead to no question.

    They begin one that yes answers, or only name what it is about: was it Newton no who; the king sorry who was.
    """
    keys = passage.keys
    mark = passage.key(passage.end(right[0]))
    marked = mark == "?" or (mark not in SENTENCE_END and keys[left[0]] in AUXILIARIES)
    asks = marked and len(right) > 2 and keys[right[0]] in QUESTION_WORDS
    opens = left[0] == passage.right(passage.start(left[0]))[0] and left[-1] - left[0] + 1 == len(left) <= _NEAR
    if not asks or not opens or passage.key(cue.first) == COMMA or keys[left[-1]] in _ASKED_BEHIND:
        return False
    return len(left) > 1 and keys[left[0]] in AUXILIARIES | ARTICLES


def _loses_name(passage: Passage, left: list[int], right: list[int]) -> bool:
    """Whether what is new speaks of what only the words before it name: where is Curie, no wait, what did she."""
    keys = passage.keys
    if keys[right[0]] in _BELONGING:  # "the Alps, or rather, their highest peak"
        return not any(keys[at] in POSSESSIVES for at in left[-_NEAR:])
    speaks = any(keys[at] in _OTHERS and keys[at - 1] in AUXILIARIES for at in right[1:]) or keys[right[-1]] in _OTHERS
    if not speaks or not asks_at(passage, right, 0):
        return False
    return any(is_name(passage, at) for at in left) and not any(is_name(passage, at) for at in right)


def _subject(passage: Passage, cue: Cue, left: list[int], right: list[int]) -> int | None:
    """Where the subject of a question begins that is begun anew behind a hesitation: did the cats, um, the dogs eat."""
    if not passage.asks_from_the_start(left[0]) or not cue.heard or len(right) < 3:
        return None
    for place in range(max(len(left) - 3, 1), len(left) - 1):
        key = passage.keys[left[place]]
        again = key == passage.keys[right[0]] and key in ARTICLES
        if again and passage.keys[left[place - 1]] in AUXILIARIES and _stands_there(passage, left, right, place):
            return left[place]
    return nouns.counted(passage, left, right)


def _stands_there(passage: Passage, left: list[int], right: list[int], place: int) -> bool:
    """Whether the new subject is no clause about the old one: not "where is the man, um, the woman loved"."""
    named = passage.keys[left[0]] in ("where", "who", "what", "which")
    return passage.keys[left[place - 1]] not in BE or not named or passage.keys[right[2]] in PREPOSITIONS


def _inverted(passage: Passage, cue: Cue, left: list[int]) -> int | None:
    """Where the question begins that begins with an auxiliary: can you. After a weak cue, only a bare beginning."""
    most = _FAR if cue.force is Force.PHRASE else 2
    for place in range(len(left) - 1, max(len(left) - most, 0) - 1, -1):
        opens = place == 0 or left[place - 1] + 1 < left[place]
        if opens and passage.keys[left[place]] in AUXILIARIES:
            return left[place]
    return None


def _said_again(passage: Passage, cue: Cue, left: list[int], right: list[int], asks: bool) -> int | None:
    """The word that is said again right behind the cue, or one that does the same (the, a; in, at)."""
    keys = passage.keys
    key = keys[right[0]]
    sure = cue.force is Force.PHRASE
    if asks and cue.units == {"actually"} and key in ARTICLES and passage.asks_from_the_start(left[0]):
        return left[-2] if len(left) > 2 and keys[left[-2]] == key else None  # is the source, actually the mouth
    if not sure and (not asks or cue.units == {"actually"}) and not _may_correct(passage, cue, right):
        return None
    if key in _CLAUSE_SUBJECTS:
        return _clause(passage, cue, left, key) if sure else None
    if key in AUXILIARIES and passage.asks_from_the_start(left[0]):
        return next((at for at in reversed(left[-_NEAR:]) if keys[at] in AUXILIARIES), None)
    if key in AUXILIARIES or key in COORDINATORS or key in OBJECTS:
        return None
    near = left[-(_FAR if sure or asks else _NEAR) :]
    at = _nearest(passage, near, key)
    if at is None:
        return None
    return at if _fits(passage, cue, left, right, at, asks) else None


def _title(passage: Passage, left: list[int], right: list[int]) -> int | None:
    """The title before a name that another title and name stand for: Mr. Hill, sorry, Ms. Hill."""
    if passage.keys[right[0]] not in _TITLES or len(right) < 2:
        return None
    return next((at for at in reversed(left[-3:-1]) if passage.keys[at] in _TITLES), None)


def _pairs_values(passage: Passage, left: list[int], right: list[int]) -> int | None:
    """The word that is said again before a value of the same kind: page four, page six; the second, the third."""
    if len(right) < 2 or (now := kind_of(passage, right[1])) is None or now in OF_GRAMMAR or now is Kind.NAME:
        return None
    for place in range(len(left) - 2, max(len(left) - 3, 0) - 1, -1):
        if passage.keys[left[place]] == passage.keys[right[0]]:
            was = kind_of(passage, left[place + 1])
            return left[place] if was is not None and alike(was, now) else None
    return None


def _may_correct(passage: Passage, cue: Cue, right: list[int]) -> bool:
    """Whether a single weak word in a statement may be a correction with no more to show it than a word said again."""
    if cue.units <= {"no", "nope", "nah"}:
        return cue.paused and cue.set_off
    if cue.units <= {"sorry", "i mean", "rather"}:
        return cue.set_off or "i mean" in cue.units
    follows = right[1] if len(right) > 1 else right[0]
    return cue.units <= {"actually", "make that"} and kind_of(passage, follows) is not None


def _nearest(passage: Passage, near: list[int], key: str) -> int | None:
    for at in reversed(near):
        if passage.keys[at] == key:
            return at
    alike = _NOUN_OPENERS if key in _NOUN_OPENERS else PREPOSITIONS if key in PREPOSITIONS else frozenset[str]()
    for at in reversed(near[-_NEAR + 1 :]):
        if passage.keys[at] in alike:
            return at
    return None


def _fits(passage: Passage, cue: Cue, left: list[int], right: list[int], at: int, asks: bool) -> bool:
    """Whether what begins at ``at`` and what is said behind the cue can be one thing said twice."""
    keys = passage.keys
    key = keys[right[0]]
    place = left.index(at)
    if keys[at] != key and key in PREPOSITIONS and cue.force is Force.WORD and not asks:
        return False
    was = kind_of(passage, left[place + 1]) if place + 1 < len(left) else None
    now = kind_of(passage, right[1]) if len(right) > 1 else None
    if key in PREPOSITIONS and not _agree(was, now):
        return False
    if place + 1 == len(left) and key not in FUNCTION_WORDS and cue.force is Force.WORD:
        return False  # "really, I mean really"
    if asks or cue.force is Force.PHRASE:
        return True
    return place == 0 or not _tells(passage, right)


def _agree(was: Kind | None, now: Kind | None) -> bool:
    if was is None or now is None:
        return {was, now} <= {None, Kind.NAME, Kind.PERSON, Kind.PLACE}
    return alike(was, now)


def _tells(passage: Passage, right: list[int]) -> bool:
    """Whether the words behind the cue are a clause of their own: the cat pushed me."""
    at = 1
    while at < len(right) and passage.keys[right[at]] not in FUNCTION_WORDS and right[at] == right[at - 1] + 1:
        at += 1
    if at >= len(right) or right[at] != right[at - 1] + 1:
        return False
    follows = passage.keys[right[at]]
    return follows in AUXILIARIES or (at > 2 and (follows in OBJECTS or follows in DETERMINERS))


def _clause(passage: Passage, cue: Cue, left: list[int], key: str) -> int | None:
    """Where the clause begins that is begun anew with the same subject, after a "no" or a "wait"."""
    if cue.units.isdisjoint({"no", "wait", "scratch that", "strike that", "or no", "or wait", "hold on"}):
        return None
    person = key.partition("'")[0]
    for place in range(len(left) - 1, max(len(left) - _FAR, 0) - 1, -1):
        opens = place == 0 or passage.keys[left[place - 1]] in COORDINATORS or left[place - 1] + 1 < left[place]
        if opens and passage.keys[left[place]].partition("'")[0] == person:
            return left[place]
    return None
