"""Take out what was withdrawn; the word that then begins the sentence takes over its capital."""

from __future__ import annotations

from parleqd.core.text.repairs.passage import Passage
from parleqd.core.text.tokens import Change, removal


def taken_out(passage: Passage, first: int, last: int) -> Change:
    """The change that takes out ``tokens[first:last]``, which begin with a word."""
    tokens = passage.tokens
    if last >= len(tokens) or not tokens[last].is_word:
        return removal(tokens, first, last)
    word = tokens[last]
    if tokens[first].is_capitalised and passage.start(first) == first and word.text[:1].islower():
        word = word.with_text(word.text[:1].upper() + word.text[1:])
    breaks = "\n" in word.gap and "\n" not in tokens[first].gap and first != 0
    return Change(first, last + 1, (word.with_gap(word.gap if breaks else tokens[first].gap),))
