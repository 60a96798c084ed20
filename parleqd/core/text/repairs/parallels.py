"""Handle: two phrases alike, one on either side of a cue (red cells, no, white cells; plants use, no, animals use)."""

from __future__ import annotations

from parleqd.core.text.lexicon import AUXILIARIES, DETERMINERS, FUNCTION_WORDS, PREPOSITIONS, QUESTION_WORDS, words
from parleqd.core.text.repairs.passage import Passage

_BEFORE_PHRASES = DETERMINERS | PREPOSITIONS | AUXILIARIES | QUESTION_WORDS
_BEFORE_ASKED = QUESTION_WORDS | words("of many much")
_LONGEST = 3  # words of a phrase
_REACH = 7  # words from the cue to what was asked for


def phrase_again(passage: Passage, left: list[int], right: list[int]) -> int | None:
    """The token where a phrase begins that ends as another one behind the cue does: red cells, no, white cells."""
    for length in range(2, _LONGEST + 1):
        if len(right) < length or len(left) <= length:
            return None
        old, new = left[-length:], right[:length]
        if not (_is_phrase(passage, old) and _is_phrase(passage, new)):
            return None
        if passage.keys[old[-1]] == passage.keys[new[-1]]:
            opens = passage.keys[left[-length - 1]] in _BEFORE_PHRASES
            return old[0] if opens and passage.keys[old[0]] != passage.keys[new[0]] else None
    return None


def asked_again(passage: Passage, left: list[int], right: list[int]) -> int | None:
    """The token of the noun asked for, where another with the same auxiliary stands behind the cue.

    "What kind of engine does, no, fuel does the rocket use?"
    """
    keys = passage.keys
    if len(right) < 3 or right[1] != right[0] + 1 or keys[right[1]] not in AUXILIARIES:
        return None
    if keys[right[0]] in FUNCTION_WORDS:
        return None
    for place in range(len(left) - 1, max(len(left) - _REACH, 1), -1):
        if keys[left[place]] == keys[right[1]] and keys[left[place - 1]] not in FUNCTION_WORDS:
            return left[place - 1] if keys[left[place - 2]] in _BEFORE_ASKED else None
    return None


def _is_phrase(passage: Passage, row: list[int]) -> bool:
    """Whether the words stand side by side and none is a word of grammar."""
    return row[-1] - row[0] + 1 == len(row) and FUNCTION_WORDS.isdisjoint(passage.keys[at] for at in row)
