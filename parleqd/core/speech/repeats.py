"""Did a decoder fall into a loop, or begin again? It does so with the highest confidence, so words alone can tell.

Measured on clean and adverse readings: a short encoder window makes Whisper say the whole utterance again from its
start, or one phrase over and over; no log-probability threshold catches either. What people really repeat ("no" five
times) it counts right in the window of 30 s, and there is voice enough for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

_LONG = 6
"""So many words in the same order twice: hardly ever meant."""
_SHORT = range(1, 4)
_ROWS = ((_SHORT, 3), (range(4, 9), 2))
"""Phrases of so many words, so often in a row, are a loop. Shorter rows are what people say ("no no", "bye bye")."""
_SURELY = 2
"""So many times more often than it takes to be doubtful."""
_MOST = 12
"""Nobody says a word more often in a row; a decoder in a loop goes on to its limit."""
_QUICK_WORD_S = 0.17
"""Of voice. Nobody repeats words more quickly: "no" five times, as fast as a synthesiser says it, has 0.2 s each."""
_TWICE_S = 1.0
"""Of voice. Two sentences, however short, take longer."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = (".", "!", "?", "…")


class _Row(NamedTuple):
    """A phrase of ``length`` words, said so many ``times`` in a row, from word ``start`` on."""

    start: int
    length: int
    times: int

    @property
    def end(self) -> int:
        return self.start + self.length * self.times


def words_of(text: str) -> list[str]:
    """The words, without case and punctuation."""
    return [word.casefold() for word in _WORD.findall(text)]


def is_looping(text: str) -> bool:
    """Does the text repeat itself as no speaker does?"""
    words = words_of(text)
    return any(_rows(words)) or _says_long_phrase_twice(words) or _begins_again(words)


def said_as(text: str) -> list[str]:
    """What stands between spaces, without case and punctuation: one for each of ``text.split()``, maybe empty."""
    return ["".join(words_of(piece)) for piece in text.split()]


def collapsed(texts: Sequence[str], voiced_s: Sequence[float] | None = None) -> list[str]:
    """The texts of a row of pieces, with each row of one phrase said once if it is longer than people say.

    ``voiced_s``: how much voice each piece holds, where that is known: a short phrase that had the time was really said
    so often. A row may run over several pieces; what is left of one may be nothing. Everything else is as it stands.
    """
    pieces = [(at, piece) for at, text in enumerate(texts) for piece in _pieces(text)]
    said = ["".join(words_of(piece)) for _, piece in pieces]
    while (row := _loop(said, pieces, voiced_s)) is not None:
        kept = row.start + row.length
        del pieces[kept : row.end], said[kept : row.end]
    return _together(pieces, len(texts))


def without_restart(texts: Sequence[str], voiced_s: float) -> list[str]:
    """The texts, without their second half where they are one short sentence twice, and there is no room for two.

    "Yes. Yes." is what a decoder makes of one "yes"; who really says it twice so fast is written with a comma.
    """
    pieces = [(at, piece) for at, text in enumerate(texts) for piece in _pieces(text)]
    said = ["".join(words_of(piece)) for _, piece in pieces]
    half = len(pieces) // 2
    is_twice = half > 0 and said[:half] == said[half:] and pieces[half - 1][1].rstrip().endswith(_SENTENCE_END)
    return _together(pieces[:half], len(texts)) if is_twice and voiced_s < _TWICE_S else list(texts)


def _pieces(text: str) -> list[str]:
    """The text in pieces of one word each, with what stands around it: loops are not always between spaces."""
    starts = [word.start() for word in _WORD.finditer(text)][1:]
    return [text[start:end] for start, end in pairwise([0, *starts, len(text)])]


def _together(pieces: Sequence[tuple[int, str]], count: int) -> list[str]:
    return ["".join(piece for of, piece in pieces if of == at).strip() for at in range(count)]


def _loop(said: list[str], pieces: Sequence[tuple[int, str]], voiced_s: Sequence[float] | None) -> _Row | None:
    """The first row that nobody said. ``pieces``: which text each word is of, and how it is written."""
    of = [at for at, _ in pieces]
    for row in _rows(said, _SURELY):
        if row.times <= _MOST and not _is_spaced(pieces[row.start : row.end]):
            continue  # "ha-ha-ha-ha-ha" is a word
        if voiced_s is None or row.length not in _SHORT or row.times > _MOST:
            return row
        around = set(of[row.start : row.end])
        if sum(voiced_s[at] for at in around) < _QUICK_WORD_S * sum(at in around for at in of):
            return row
    return None


def _is_spaced(pieces: Sequence[tuple[int, str]]) -> bool:
    return all(piece[-1].isspace() or at != following for (at, piece), (following, _) in pairwise(pieces))


def _rows(words: list[str], more: int = 0) -> Iterator[_Row]:
    """The rows of one phrase, said ``more`` times more often than it takes to be doubtful."""
    for lengths, least in _ROWS:
        for length in lengths:
            start = 0
            while start <= len(words) - length * least:
                row = _row_at(words, start, length)
                if row.times >= least + more and any(words[start : start + length]):
                    yield row
                    start = row.end
                else:
                    start += 1


def _row_at(words: list[str], start: int, length: int) -> _Row:
    phrase = words[start : start + length]
    times = 1
    while words[start + length * times : start + length * (times + 1)] == phrase:
        times += 1
    return _Row(start, length, times)


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
