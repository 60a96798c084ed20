"""A text as repairs look at it: its words in order, and the sentence that each token belongs to."""

from __future__ import annotations

from parleqd.core.text.lexicon import AUXILIARIES, PREPOSITIONS, QUESTION_CONTRACTIONS, QUESTION_WORDS, words
from parleqd.core.text.tokens import SENTENCE_END, Tokens, quoted

REACH = 40
"""How many words before a cue are looked at: a bound on time, which sentences seldom meet."""
_AHEAD = 12
_ABBREVIATIONS = words("mr mrs ms dr prof st vs no gen col lt sgt jr sr")
_ASKED = AUXILIARIES | words(
    "many much old long far often big tall high fast soon late early deep wide kind sort type year month day time "
    "percentage number country city name person people part color colour"
)
"""Words behind "how", "what" and "which" in a question."""
_QUESTION_OPENERS = QUESTION_WORDS | QUESTION_CONTRACTIONS


class Passage:
    """The tokens of a text with what is asked of them again and again."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.keys = [token.key for token in tokens]
        self.quoted = quoted(tokens)
        self._starts, self._ends = _sentences(tokens, self.keys)

    def start(self, index: int) -> int:
        """The first token of the sentence that holds the token at ``index``."""
        return self._starts[min(index, len(self.keys) - 1)]

    def end(self, index: int) -> int:
        """The end of the sentence that holds the token at ``index``: its closing mark, or the end of its line."""
        return self._ends[min(index, len(self.keys) - 1)]

    def key(self, index: int) -> str:
        """The key of the token at ``index``; empty outside the text."""
        return self.keys[index] if 0 <= index < len(self.keys) else ""

    def left(self, index: int) -> list[int]:
        """The words before ``index`` in the sentence of the token before it, nearest last; quotations bar the way."""
        found: list[int] = []
        if index <= 0:
            return found
        for at in range(index - 1, max(self.start(index - 1), index - 2 * REACH) - 1, -1):
            if at in self.quoted or len(found) == REACH:
                break
            if self.tokens[at].is_word:
                found.append(at)
        return found[::-1]

    def right(self, index: int) -> list[int]:
        """The next few words from ``index`` on, in its sentence."""
        if index >= len(self.keys):
            return []
        last = min(self.end(index), index + 2 * _AHEAD)
        return [at for at in range(index, last) if self.tokens[at].is_word][:_AHEAD]

    def asks(self, index: int) -> bool:
        """Whether the sentence of the token at ``index`` is a question: by its mark, or without one by its words."""
        return self.key(self.end(index)) == "?" or self.asks_from_the_start(index)

    def asks_from_the_start(self, index: int) -> bool:
        """Whether the sentence of the token at ``index`` is a question that begins with a question word.

        Without a question mark the words must be those of a question: "when was", not "when it was".
        """
        opening = self.right(self.start(index))[:3]
        if opening and self.keys[opening[0]] in ("and", "so", "but"):
            del opening[0]
        if not asks_at(self, opening, 0):
            return False
        closing = self.key(self.end(index))
        return closing == "?" or (closing not in SENTENCE_END and self._inverts(opening))

    def _inverts(self, opening: list[int]) -> bool:
        keys = [self.keys[at] for at in opening]
        if keys[0] in PREPOSITIONS or keys[0] in QUESTION_CONTRACTIONS or len(keys) < 2:
            return True
        return keys[1] in (AUXILIARIES if keys[0] in ("when", "where", "why") else _ASKED)


def asks_at(passage: Passage, word: list[int], at: int) -> bool:
    """Whether a question begins with the word number ``at`` of ``word``."""
    if at >= len(word):
        return False
    key = passage.keys[word[at]]
    if key in _QUESTION_OPENERS:
        return True
    return at + 1 < len(word) and key in PREPOSITIONS and passage.keys[word[at + 1]] in QUESTION_WORDS


def _sentences(tokens: Tokens, keys: list[str]) -> tuple[list[int], list[int]]:
    """For each token, where its sentence starts and where it ends (the index of its first closing mark)."""
    starts = [0] * len(keys)
    ends = [len(keys)] * len(keys)
    start = 0
    over = False
    for index, token in enumerate(tokens):
        closes = keys[index] in SENTENCE_END
        if index and ("\n" in token.gap or (over and not closes)):
            _close(ends, start, index, keys)
            start = index
        over = closes and not (keys[index] == "." and keys[index - 1] in _ABBREVIATIONS)
        starts[index] = start
    _close(ends, start, len(keys), keys)
    return starts, ends


def _close(ends: list[int], start: int, stop: int, keys: list[str]) -> None:
    last = stop
    while last > start and (keys[last - 1] in SENTENCE_END or not keys[last - 1]):
        last -= 1
    ends[start:stop] = [last] * (stop - start)
