"""Handle: a noun right behind a cue stands for the one right before it (did the cats, no wait, dogs)."""

from __future__ import annotations

from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BE,
    DEMONSTRATIVES,
    DETERMINERS,
    FUNCTION_WORDS,
    POSSESSIVES,
    PREPOSITIONS,
    words,
)
from parleqd.core.text.repairs.cues import Cue, Force
from parleqd.core.text.repairs.kinds import alike, kind_of
from parleqd.core.text.repairs.passage import Passage

_OPENERS = ARTICLES | POSSESSIVES | DEMONSTRATIVES
_EMPHASIS = words("really seriously honestly exactly specifically literally truly basically simply actually like")
_PLAIN = words("sorry rather wait") | {"i mean"}
"""Cues that a noun follows in a question, where they could be nothing else."""
_HAVE = words("have has had haven't hasn't hadn't")
_BASES = words(
    "accept allow answer ask attract bear bring buy carry cause charge contain cost cover create do drink earn eat "
    "employ enjoy expect face feel find get give grant grow have hear help hold include involve keep know lack leave "
    "lend lose love make mean meet need offer open own pay play pose produce promise provide raise read receive reach "
    "require run say see seem sell send serve share show speak spend stock support take teach tell tolerate touch use "
    "visit want wear win write yield"
)
_TAKES_NO = _BASES | {base + "s" for base in _BASES} | words("does goes carries teaches touches reaches drew got gave")
"""Verbs that "no" and a noun often follow: the shop sells no meat."""
_MOST = 3  # words of a noun


def replaced(passage: Passage, cue: Cue, left: list[int], right: list[int], asks: bool) -> int | None:
    """The token where the noun begins that another one behind the cue stands for; None where nothing tells."""
    keys = passage.keys
    new = keys[right[0]]
    opens = new in _OPENERS or (asks and new in ("what", "which"))
    first = _start(passage, left, right)
    if (new in FUNCTION_WORDS and not opens) or new in _EMPHASIS or not 0 < len(left) - first <= _MOST or not first:
        return None
    was, now = kind_of(passage, left[-1]), kind_of(passage, right[0])
    if was is not None and now is not None and not alike(was, now):
        return None  # at seven, no wait, Saturday
    before = keys[left[first - 1]]
    if not asks:
        lone = len(left) - first == 1 and not opens and before in PREPOSITIONS | ARTICLES | BE
        sure = cue.force is Force.PHRASE and cue.units.isdisjoint({"i should say", "correction", "make that"})
        return left[first] if lone and sure and _ends_soon(passage, right) else None
    return left[first] if _is_enough(passage, cue, left, right, first, opens) else None


def _is_enough(passage: Passage, cue: Cue, left: list[int], right: list[int], first: int, opens: bool) -> bool:
    """Whether the cue parts two nouns of a question."""
    set_off = cue.paused and cue.set_off and cue.units.isdisjoint({"actually", "i mean", "wait"})
    if cue.force is Force.PHRASE or cue.heard or set_off:
        return True
    if not passage.asks_from_the_start(left[0]):
        return False
    if cue.units <= _PLAIN:
        return True
    return cue.units <= {"no"} and (opens or (cue.set_off and _is_no_determiner(passage, left, right, first)))


def _start(passage: Passage, left: list[int], right: list[int]) -> int:
    """The number of the word of ``left`` where the noun at its end begins: behind the last word of grammar.

    A possessive belongs to the noun only if the new noun is one as well, and so does a name before it. Where a mark
    stands in the noun there is no telling; then it is empty.
    """
    keys, tokens = passage.keys, passage.tokens
    possessive = keys[right[0]].endswith("'s")
    small = tokens[right[0]].text[:1].islower() and tokens[left[-1]].text[:1].islower()
    first = len(left)
    while first and keys[left[first - 1]] not in FUNCTION_WORDS:
        if first < len(left):
            if left[first] != left[first - 1] + 1:
                return len(left)
            ends = keys[left[first - 1]].endswith("'s") and not possessive
            if ends or (small and tokens[left[first - 1]].is_capitalised):
                break
        first -= 1
    return len(left) - 1 if _is_verb(passage, left, right, first) else first


def _is_verb(passage: Passage, left: list[int], right: list[int], first: int) -> bool:
    """Whether a verb stands for a verb: did Tesla invent, no wait, discover the motor."""
    if len(left) - first < 2 or not first or passage.keys[left[first - 1]] not in AUXILIARIES - BE - _HAVE:
        return False
    return len(right) > 1 and right[1] == right[0] + 1 and passage.keys[right[1]] in PREPOSITIONS | ARTICLES


def _ends_soon(passage: Passage, right: list[int]) -> bool:
    """Whether the word behind the cue is alone in its phrase."""
    return len(right) == 1 or right[1] != right[0] + 1 or passage.keys[right[1]] in FUNCTION_WORDS - AUXILIARIES


def _is_no_determiner(passage: Passage, left: list[int], right: list[int], first: int) -> bool:
    """Whether a bare "no" can be no determiner: what stands before it is a subject or the end of a phrase."""
    if passage.tokens[right[0]].is_capitalised:
        return True
    keys = passage.keys
    last, before = keys[left[-1]], keys[left[first - 1]]
    if last.endswith(("ing", "ed", "en")) or last in _TAKES_NO:
        return False
    if before in BE and keys[left[0]] in ("who", "which", "whose"):
        return False  # "which is best, no sugar or one"
    return before in (AUXILIARIES - _HAVE) or before in PREPOSITIONS or before in DETERMINERS
