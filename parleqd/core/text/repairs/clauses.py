"""Where the words behind a cue say something of their own (Call John, sorry, Mary is away), nothing is taken back."""

from __future__ import annotations

from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    CONTRACTED_SUBJECTS,
    COORDINATORS,
    DETERMINERS,
    FUNCTION_WORDS,
    OBJECTS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    SUBORDINATORS,
    words,
)
from parleqd.core.text.repairs.cues import Cue, Force
from parleqd.core.text.repairs.kinds import UNITS, Kind, is_name, kind_of
from parleqd.core.text.repairs.passage import Passage

PASTS = words(
    "ate became began bought broke brought built came caught chose cost cut drank drew drove fell felt fled flew "
    "forgot fought found gave got grew had held hid hit hurt kept knew laid lay led left lent let lost made meant met "
    "paid put ran rang read rode rose said sang sank sat saw sent set shook shot shut sold spent spoke stood stole "
    "struck swam taught thought threw told took tore understood went woke won wore wrote"
)
"""Irregular verbs in the past, after the table of Quirk and others, 3.11 to 3.19."""
_BASES = words(
    "agree allow appear arrive ask become begin believe belong bring build buy call carry cause change close come "
    "contain continue cost count cover create decide depend die do eat end enjoy expect fail fall feel finish fit "
    "follow forget get give go grow happen hate have hear help hold include involve keep know last lead learn leave "
    "let like live look lose love make matter mean meet move need offer open own pay play prefer produce provide pull "
    "push read receive remain remember run say see seem sell send serve show sing sit sleep sound speak spend stand "
    "start stay stop suit take talk tell think travel try turn understand use wait walk want watch win work write"
)
PRESENTS = frozenset(
    base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeo" else base + "s" for base in _BASES
) | words("does goes has finishes pushes watches")
"""Frequent verbs as they stand behind he, she or it."""
_CLAUSE_LINKS = SUBORDINATORS | QUESTION_WORDS | words("that")
_THINKING = words("think thinks thought believe believes guess suppose hope hopes")
_ASIDE = words("think guess believe suppose hope know mean")
_DETERMINERS = ARTICLES | POSSESSIVES
_SUBJECTS = SUBJECTS | CONTRACTED_SUBJECTS
_PHRASE = 6  # words of a subject
_ADVERBS = words("never always often")


def is_past(key: str) -> bool:
    """Whether the word is a verb in the past, or looks like one."""
    whole = key.removeprefix("re").removeprefix("un").removeprefix("over")
    return key in PASTS or whole in PASTS or (len(key) > 4 and key.endswith("ed"))


def is_told(passage: Passage, cue: Cue, left: list[int], right: list[int], first: int) -> bool:
    """Whether a clause of its own stands behind ``cue``, and another one before it that would lose its end.

    ``first``: the token from which on the words before the cue would be taken out. What stands for the subject of
    the clause is no such thing: "Bob, no, Alice will come".
    """
    place = left.index(first) if first in left else 0
    gone = left[place:]
    keys = passage.keys
    asked = bool(gone) and keys[right[0]] in QUESTION_WORDS and keys[gone[0]] in QUESTION_WORDS | AUXILIARIES
    if asked or (gone and keys[right[0]] in _SUBJECTS):
        return False  # a clause begun anew with its subject, a question put anew
    head = _head(passage, left, place)
    begins = _predicate(passage, right)
    if begins is None:
        whole = not head and len(gone) > 2 and len(right) > 2 and _is_all(passage, right)
        return cue.force is Force.WORD and whole and keys[gone[0]] in DETERMINERS
    verb = next((at for at in gone[1:] if _is_verb(passage, at)), None)
    if verb is not None:
        return cue.force is Force.WORD or keys[verb] != keys[right[begins]]  # "Tuesday works, no wait, Wednesday works"
    if not head:
        answers = begins + 1 < len(right) and keys[right[begins + 1]] in QUESTION_WORDS  # six is what she said
        return cue.force is Force.WORD and (len(gone) > 3 or answers)
    return not _is_subject(passage, head)


def _head(passage: Passage, left: list[int], place: int) -> list[int]:
    """The words before number ``place`` that belong to its clause."""
    begins = place
    while begins:
        at = left[begins - 1]
        key = passage.keys[at]
        links = key in _CLAUSE_LINKS or (key in COORDINATORS and not _joins_values(passage, left, begins, place))
        if links or at + 1 < left[begins] or "\n" in passage.tokens[left[begins]].gap:
            break
        begins -= 1
    return left[begins:place]


def _joins_values(passage: Passage, left: list[int], begins: int, place: int) -> bool:
    """Whether the coordinator before word number ``begins`` joins what was withdrawn to a thing of its kind."""
    return begins == place and begins > 1 and kind_of(passage, left[begins - 2]) is not None


def _is_subject(passage: Passage, head: list[int]) -> bool:
    """Whether the words before a value are the beginning of a subject: the meeting with (Bob)."""
    keys = [passage.keys[at] for at in head]
    if keys[-1] in _THINKING:
        return True
    if keys[-1] not in PREPOSITIONS | DETERMINERS | COORDINATORS:
        return False
    if keys[0] in AUXILIARIES or keys[0] in _SUBJECTS or any(_is_verb(passage, at) for at in head):
        return False
    return keys[0] in DETERMINERS | PREPOSITIONS or (passage.tokens[head[0]].is_capitalised and len(keys) == 1)


def _predicate(passage: Passage, right: list[int]) -> int | None:
    """The number of the word of ``right`` that is the verb of a clause which begins there."""
    keys = passage.keys
    first = 1 if keys[right[0]] in PREPOSITIONS | DETERMINERS | _CLAUSE_LINKS else 0
    if first < len(right) and keys[right[first]] in DETERMINERS and first:
        first += 1
    counts = kind_of(passage, right[first]) is Kind.CARDINAL if first < len(right) else False  # "six seats left"
    for number in range(first + 1, min(len(right), _PHRASE)):
        at = right[number]
        if at != right[number - 1] + 1:
            return None
        if keys[at] in _SUBJECTS or keys[at] == "there":
            aside = number + 1 < len(right) and keys[right[number + 1]] in _ASIDE
            return None if aside else min(number + 1, len(right) - 1)
        if keys[at] in AUXILIARIES or _has_object(passage, right, number) or (not counts and _is_verb(passage, at)):
            return number
        if keys[at] in _ADVERBS:
            return number  # Alice never answers
        if keys[at] in FUNCTION_WORDS:
            return None
    return None


def _has_object(passage: Passage, right: list[int], number: int) -> bool:
    """Whether the word number ``number`` must be a verb by what follows: suits you, counts the driver."""
    if number + 1 >= len(right) or right[number + 1] != right[number] + 1 or passage.keys[right[number]] in UNITS:
        return False
    key = passage.keys[right[number]]
    if kind_of(passage, right[number]) is not None or (key in FUNCTION_WORDS and key != "like"):
        return False
    behind = right[number + 1]
    return passage.keys[behind] in _DETERMINERS | OBJECTS or (key in PRESENTS and is_name(passage, behind))


def _is_verb(passage: Passage, at: int) -> bool:
    key = passage.keys[at]
    return key in AUXILIARIES or key in PRESENTS or is_past(key)


def _is_all(passage: Passage, right: list[int]) -> bool:
    """Whether the words behind the cue, with nothing between them, are the rest of the sentence."""
    return right[-1] - right[0] + 1 == len(right) and right[-1] + 1 >= passage.end(right[-1])
