"""Did a decoder fall into a loop, or begin again? It does so with the highest confidence, so words alone can tell.

Measured on clean and adverse readings: a short encoder window makes Whisper say the whole utterance again from its
start, or one phrase over and over; no log-probability threshold catches either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONG = 6
"""So many words in the same order twice: hardly ever meant."""
_ROWS = ((range(1, 4), 3), (range(4, 9), 2))
"""Phrases of so many words, so often in a row, are a loop. Shorter rows are what people say ("no no", "bye bye")."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def words_of(text: str) -> list[str]:
    """The words, without case and punctuation."""
    return [word.casefold() for word in _WORD.findall(text)]


def is_looping(text: str) -> bool:
    """Does the text repeat itself as no speaker does?"""
    words = words_of(text)
    return _row(words) is not None or _says_long_phrase_twice(words) or _begins_again(words)


def said_as(text: str) -> list[str]:
    """What stands between spaces, without case and punctuation: one for each of ``text.split()``, maybe empty."""
    return ["".join(words_of(piece)) for piece in text.split()]


def collapsed(texts: Sequence[str]) -> list[str]:
    """The texts of a row of pieces, with each row of one phrase said once if it is longer than people say.

    A row may run over several pieces; what is left of one may be nothing. Everything else is as it stands.
    """
    pieces = [(at, piece) for at, text in enumerate(texts) for piece in text.split()]
    said = [word for text in texts for word in said_as(text)]
    while (row := _row(said, more=2)) is not None:
        start, length, times = row
        del pieces[start + length : start + length * times], said[start + length : start + length * times]
    return [" ".join(piece for of, piece in pieces if of == at) for at in range(len(texts))]


def _row(words: list[str], more: int = 0) -> tuple[int, int, int] | None:
    """The first row of one phrase: where it starts, the phrase's length, how often it is said.

    ``more``: it must be said so many times more often than it takes to be doubtful.
    """
    for lengths, least in _ROWS:
        for length in lengths:
            for start in range(len(words) - length * least + 1):
                phrase = words[start : start + length]
                if not any(phrase):
                    continue
                times = 1
                while words[start + length * times : start + length * (times + 1)] == phrase:
                    times += 1
                if times >= least + more:
                    return start, length, times
    return None


def _says_long_phrase_twice(words: list[str]) -> bool:
    seen: set[tuple[str, ...]] = set()
    for start in range(len(words) - _LONG + 1):
        phrase = tuple(words[start : start + _LONG])
        if phrase in seen:
            return True
        seen.add(phrase)
    return False


def _begins_again(words: list[str]) -> bool:
    """Is the end the beginning, by three words or more? Or is it all said twice, however little it is?"""
    half = len(words) // 2
    return any(words[:tail] == words[-tail:] for tail in range(3, half + 1)) or (
        half > 0 and words[:half] == words[half:]
    )
