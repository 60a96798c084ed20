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
    QUESTION_WORDS,
    SUBJECTS,
    words,
)
from parleqd.core.text.repairs.clauses import PRESENTS, is_past
from parleqd.core.text.repairs.cues import Cue, Force
from parleqd.core.text.repairs.kinds import alike, is_bare_name, kind_of
from parleqd.core.text.repairs.passage import Passage

_OPENERS = ARTICLES | POSSESSIVES | DEMONSTRATIVES
_ADJECTIVES = words(
    "main chief major minor common usual general total average whole first second third last final next new old young "
    "big great large small little long short high low early late good bad best public private local national official "
    "political economic social cultural military religious legal royal popular traditional modern ancient original "
    "northern southern eastern western central former current primary secondary principal famous important favourite "
    "favorite typical annual maximum minimum legislative administrative commercial industrial natural physical chemical"
)
"""Adjectives that a noun and the one which stands for it have in common."""
_EMPHASIS = words("really seriously honestly exactly specifically literally truly basically simply actually like")
_PLAIN = words("sorry rather wait") | {"i mean"}
"""Cues that a noun follows in a question, where they could be nothing else."""
_PEOPLE = words("men women children citizen citizens queen king being human")
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
    if new in ("what", "which") and any(keys[at] in AUXILIARIES for at in right[1:3]):
        return None  # a question of its own
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
    if not _is_enough(passage, cue, left, right, first, opens) or _asks_twice(passage, left, right, first):
        return None
    if opens and before in _OPENERS:
        return left[first - 1]
    if before == "the" and passage.tokens[left[-1]].text[:1].islower() and is_bare_name(passage, right, 1):
        return left[first - 1]
    return left[first]


def _asks_twice(passage: Passage, left: list[int], right: list[int], first: int) -> bool:
    """Whether the new noun brings an auxiliary of its own where the old one has one: did the colony, no, school did."""
    ahead = _next(passage, right)
    subject = first - 1 if passage.keys[left[first - 1]] in _OPENERS else first
    inverts = subject > 0 and passage.keys[left[subject - 1]] in AUXILIARIES - BE - _HAVE
    return inverts and ahead is not None and passage.keys[ahead] in AUXILIARIES - _HAVE - {"do"}


def counted(passage: Passage, left: list[int], right: list[int]) -> int | None:
    """The noun behind "which" or "how many" that another stands for: how many dogs, um, cats are there."""
    ahead = _next(passage, right)
    plain = ahead is not None and passage.keys[ahead] in AUXILIARIES and not passage.tokens[right[0]].is_capitalised
    words_of_grammar = {passage.keys[left[-1]], passage.keys[right[0]]} & FUNCTION_WORDS
    keys = passage.keys
    if ahead is not None and len(left) == 4 and keys[left[1]] in BE and keys[left[2]] in _OPENERS:
        same = keys[left[0]] in ("who", "what") and keys[ahead] == "of" and not words_of_grammar
        return left[-1] if same else None  # who is the president, um, mayor of the town
    if not plain or words_of_grammar or passage.keys[right[0]].endswith("ly") or left[-2] + 1 != left[-1]:
        return None
    return left[-1] if passage.keys[left[-2]] in ("which", "what", "many", "much", "whose") else None


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
    return _within(passage, left, right, first)


def _within(passage: Passage, left: list[int], right: list[int], first: int) -> int:
    """The number of the word where that part of the words from ``first`` on begins which the new word stands for."""
    keys = passage.keys
    if len(left) - first < 2 or not first:
        return first
    if _is_verb(passage, left, right, first):
        return len(left) - 1
    before, opening = keys[left[first - 1]], keys[left[first]]
    if before == "who" or before in SUBJECTS or (before == "what" and _is_finite(opening)):
        return first if _is_finite(keys[right[0]]) else first + 1  # who discovered oxygen, no wait, hydrogen
    if len(left) - first == 2 and _ends_soon(passage, right) and opening in _ADJECTIVES:
        return first + 1  # the main export, no, import
    return first


def _is_verb(passage: Passage, left: list[int], right: list[int], first: int) -> bool:
    """Whether a verb stands for a verb: was the treaty drafted, no wait, signed; did Tesla invent, no, discover it."""
    keys, tokens = passage.keys, passage.tokens
    if tokens[left[-1]].is_capitalised or tokens[right[0]].is_capitalised:
        return False
    ahead = _next(passage, right)
    closes = ahead is None or keys[ahead] in FUNCTION_WORDS - AUXILIARIES
    if closes and is_past(keys[left[-1]]) and is_past(keys[right[0]]):
        return True
    present = (keys[left[-1]] in PRESENTS and keys[right[0]] in PRESENTS) or _is_singular(passage, left, right, first)
    if present and ahead is not None and keys[ahead] not in AUXILIARIES:
        return True
    return _is_infinitive(passage, left, right, first)


def _is_infinitive(passage: Passage, left: list[int], right: list[int], first: int) -> bool:
    """Whether the verb that "did" or "can" asks for stands on either side: did the army camp, no, march in winter."""
    keys = passage.keys
    ahead = _next(passage, right)
    subject = first - 1 if keys[left[first - 1]] in _OPENERS else first
    asked = subject > 0 and keys[left[subject - 1]] in AUXILIARIES - BE - _HAVE
    new = keys[right[0]]
    if len(left) - first < 2 or not asked or (new.endswith("s") and not new.endswith("ss")):
        return False
    return ahead is None or keys[ahead] in FUNCTION_WORDS - AUXILIARIES or passage.tokens[ahead].is_capitalised


def _is_singular(passage: Passage, left: list[int], right: list[int], first: int) -> bool:
    """Whether a noun and its verb stand behind "which", and another verb behind the cue: which country borders."""
    asked = first > 0 and passage.keys[left[first - 1]] in ("which", "what") and len(left) - first == 2
    endings = [passage.keys[at].endswith("s") for at in (left[first], left[-1], right[0])]
    return asked and endings == [False, True, True]


def _is_finite(key: str) -> bool:
    return is_past(key) or key in PRESENTS


def _next(passage: Passage, right: list[int]) -> int | None:
    """The word behind the first one of ``right``, if no mark parts them."""
    return right[1] if len(right) > 1 and right[1] == right[0] + 1 else None


def _ends_soon(passage: Passage, right: list[int]) -> bool:
    """Whether the word behind the cue is alone in its phrase."""
    return len(right) == 1 or right[1] != right[0] + 1 or passage.keys[right[1]] in FUNCTION_WORDS - AUXILIARIES


def _is_no_determiner(passage: Passage, left: list[int], right: list[int], first: int) -> bool:
    """Whether a bare "no" can be no determiner: what stands before it is a subject or the end of a phrase."""
    if passage.tokens[right[0]].is_capitalised:
        return True
    keys = passage.keys
    last, before = keys[left[-1]], keys[left[first - 1]]
    ahead = _next(passage, right)
    follows = keys[ahead] if ahead is not None else ""
    if first > 1 and before in _OPENERS and keys[left[first - 2]] in _HAVE:
        return False  # "why has the shop no milk"
    if is_past(last) and is_past(keys[right[0]]):
        return follows in PREPOSITIONS | _OPENERS or (not follows and keys[left[-2]] not in QUESTION_WORDS)
    if _is_infinitive(passage, left, right, first - (before not in FUNCTION_WORDS)):
        return follows in _OPENERS or last not in _TAKES_NO
    counts = before in QUESTION_WORDS | {"many", "much"} and (follows in AUXILIARIES or is_past(follows))
    if counts or (last.endswith("'s") and keys[right[0]].endswith("'s")):
        return True
    return _ends_a_noun(passage, left, first)


def _ends_a_noun(passage: Passage, left: list[int], first: int) -> bool:
    """Whether what stands from word ``first`` to the cue is a noun by what stands before it."""
    keys = passage.keys
    last, before = keys[left[-1]], keys[left[first - 1]]
    if before in _ADJECTIVES and first > 1:
        before = keys[left[first - 2]]
    if before in _OPENERS and first == len(left) - 1:
        return True
    if (last.endswith(("ing", "ed", "en")) and last not in _PEOPLE) or last in _TAKES_NO:
        return False
    if before in BE and keys[left[0]] in ("who", "which", "whose"):
        return False  # "which is best, no sugar or one"
    return before in (AUXILIARIES - _HAVE) or before in PREPOSITIONS or before in DETERMINERS
