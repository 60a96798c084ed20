"""Stage: the full stop or question mark that a last sentence lacks, by the tables of a language."""

from __future__ import annotations

from parleqd.core.text.final_mark import is_no_prose, open_sentence
from parleqd.core.text.languages.tables import Language
from parleqd.core.text.tokens import Change, Tokens, mark

_SHORTEST_SENTENCE = 3  # words
_LONGEST_QUESTION = 20  # words


def find(tokens: Tokens, language: Language) -> list[Change]:
    """A mark behind the last word, where it is sure which."""
    end, sentence = open_sentence(tokens)
    if len(sentence) < _SHORTEST_SENTENCE:
        return []
    said = " ".join(sentence[:_LONGEST_QUESTION])
    asks = len(sentence) <= _LONGEST_QUESTION and language.asks.match(said) is not None
    if not asks and language.finite.isdisjoint(sentence):
        return []
    if sentence[-1] in language.unfinished or is_no_prose(tokens, end):
        return []
    if asks:
        return [Change(end, end, (mark("?", language.mark_gap),))]
    if language.may_ask.search(said) or language.may_ask.search(" ".join(sentence[-_LONGEST_QUESTION:])):
        return []
    return [Change(end, end, (mark("."),))]
