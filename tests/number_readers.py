"""What one reader of spoken numbers makes of a text, without the stage around it."""

from __future__ import annotations

from collections.abc import Callable

from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import vocabulary
from parleqd.core.text.numbers.phrase import Phrase, Reading, phrase
from parleqd.core.text.tokens import tokenise

WORDS = vocabulary(NUMERALS)


def written_by(read: Callable[[Phrase, int], Reading | None], text: str) -> str | None:
    """What the reader writes for the first thing that it reads in ``text``."""
    words = phrase(tokenise(text), NUMERALS, WORDS)
    for at in range(words.end):
        if at and words.is_number(at - 1):
            continue
        found = read(words, at)
        if found is not None:
            return found.text
    return None
