"""Stage: where a speaker corrects what was just said, the correction stands alone."""

from __future__ import annotations

from parleqd.core.text.lexicon import AUXILIARIES, COORDINATORS, PREPOSITIONS, SUBJECTS, SUBORDINATORS, words
from parleqd.core.text.repairs import restarts, values
from parleqd.core.text.repairs.anchors import withdrawn
from parleqd.core.text.repairs.clauses import is_told
from parleqd.core.text.repairs.cues import OPENERS, SPOKEN_MARKS, Cue, Force, cue_at
from parleqd.core.text.repairs.kinds import Kind, value_at
from parleqd.core.text.repairs.passage import Passage
from parleqd.core.text.repairs.removal import taken_out
from parleqd.core.text.tokens import COMMA, SENTENCE_END, Change, Tokens

_COMMA_BEFORE = COORDINATORS | SUBJECTS | SUBORDINATORS | words("please thanks thank then which who right okay ok too")
_SAYING = words("by say said says saying")
_SOFT_CUES = frozenset(("sorry", "actually", "correction"))
_SENTENCE_CUES = frozenset(
    ("wait", "make that", "correction", "or rather", "i meant", "scratch that", "my mistake", "i mean")
)


def find(tokens: Tokens) -> list[Change]:
    """Where something was taken back, what was taken back and the words that say so; with or without such words."""
    at_cues = [index for index, token in enumerate(tokens) if token.key in OPENERS]
    begun = restarts.candidates(tokens)
    if not at_cues and not begun:
        return []
    passage = Passage(tokens)
    changes: list[Change] = []
    judged = 0
    for index in sorted({*at_cues, *begun}):
        if index < judged or index in passage.quoted:
            continue
        cue = cue_at(passage, index) if tokens[index].key in OPENERS else None
        change = None
        if cue is not None:
            change = _repair(passage, cue)
            judged = cue.last
        if change is None and index in begun:
            change = restarts.restart(passage, index)
        if change is None or (changes and change.first < changes[-1].last):
            continue
        changes.append(change)
        judged = max(judged, change.last)
    return changes


def _repair(passage: Passage, cue: Cue) -> Change | None:
    left, right = passage.left(cue.first), passage.right(cue.last)
    if cue.force is Force.DISCARD and left and passage.start(left[-1]) != passage.start(cue.last - 1):
        return _rephrased(passage, cue, left)
    if not left or not right or not SPOKEN_MARKS.isdisjoint((passage.keys[left[-1]], passage.keys[right[0]])):
        return None
    if left[-1] + 1 < cue.first and passage.keys[cue.first - 1] not in SENTENCE_END:
        return None  # a bracket, a quotation
    if "i mean" in cue.units and not _SAYING.isdisjoint(passage.keys[at] for at in left[-4:]):
        return None  # when I say Monday I mean Tuesday
    change = values.correction(passage, cue, left, right)
    asks = passage.asks(left[-1])
    if change is not None and not asks and is_told(passage, cue, left, right, change.first):
        return None
    if cue.first and passage.start(cue.last) != passage.start(left[-1]):
        return change if change is not None and _is_fragment(passage, cue, left, right) else None
    if change is None:
        first = withdrawn(passage, cue, left, right)
        if first is None or (not asks and cue.force is not Force.DISCARD and is_told(passage, cue, left, right, first)):
            return None
        change = taken_out(passage, first, cue.last)
    return _without_comma(passage, cue, change)


def _rephrased(passage: Passage, cue: Cue, left: list[int]) -> Change | None:
    """The change that takes out a sentence which another one of its own takes back: Let me rephrase that."""
    begins = cue.last + 1
    alone = passage.key(cue.last) in SENTENCE_END and cue.units <= {"let me rephrase", "let me rephrase that"}
    if not alone or not passage.right(begins) or left[0] != passage.right(passage.start(left[0]))[0]:
        return None
    return taken_out(passage, left[0], begins)


def _is_fragment(passage: Passage, cue: Cue, left: list[int], right: list[int]) -> bool:
    """Whether a sentence of its own is nothing but a correction of the one before: No wait, six."""
    soft = cue.force is Force.WORD and cue.units <= _SOFT_CUES
    if not soft and (cue.force is not Force.PHRASE or cue.units.isdisjoint(_SENTENCE_CUES)):
        return False
    if passage.key(passage.end(left[-1])) == "?" and "wait" not in cue.units:
        return False  # an answer
    value = value_at(passage, right, 0)
    if soft and (value is None or right[value.last :] or value.kind in (Kind.NAME, Kind.PERSON)):
        return False
    rest = [passage.keys[at] for at in right[value.last :]] if value is not None else []
    return value is not None and (
        not rest or rest[0] in PREPOSITIONS or (len(rest) < 3 and AUXILIARIES.isdisjoint(rest))
    )


def _without_comma(passage: Passage, cue: Cue, change: Change) -> Change:
    """``change`` without the comma that closed an insertion: page four, no, page six, uses."""
    if passage.key(cue.first) != COMMA:
        return change
    at = max(change.last, cue.last + 1)
    for place in range(at, min(at + 4, len(passage.keys))):
        if passage.keys[place] == COMMA:
            behind = place + 1
            if behind >= len(passage.keys) or not passage.tokens[behind].is_word:
                return change
            if passage.keys[behind] in _COMMA_BEFORE or place in passage.quoted:
                return change
            kept = (*change.tokens, *passage.tokens[change.last : place])
            return Change(change.first, place + 1, kept)
        if not passage.tokens[place].is_word:
            break
    return change
