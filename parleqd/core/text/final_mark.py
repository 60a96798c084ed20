"""Stage: the full stop or question mark that a last sentence lacks."""

from __future__ import annotations

from itertools import pairwise

from parleqd.core.text import code_signs
from parleqd.core.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    CONTRACTED_SUBJECTS,
    COORDINATORS,
    DETERMINERS,
    POSSESSIVES,
    QUESTION_CONTRACTIONS,
    QUESTION_WORDS,
    SUBJECTS,
    words,
)
from parleqd.core.text.tokens import CLOSERS, QUOTES, SENTENCE_END, Change, Tokens, mark

_FINITE = (
    SUBJECTS
    | CONTRACTED_SUBJECTS
    | QUESTION_CONTRACTIONS
    | AUXILIARIES
    | words("let's that's there's here's please thanks thank")
)
"""Words that show a line of some length to be a sentence and not a heading, an item or a command."""
_UNFINISHED = ARTICLES | POSSESSIVES | words("and or but nor because if")
_OPENERS_OF_QUESTIONS = COORDINATORS | words("okay ok hey hi hello well now also then oh")
_NO_QUESTION_BEFORE_NOUN = words("do don't have may had")  # do the dishes, have a nice day
_ASKED_OF = DETERMINERS | words("there anyone anybody everyone everybody someone somebody")
_QUESTION_ADVERBS = words("how where why what when")  # not "the man who is my neighbour"
_AMOUNTS = words("many much long often far old big")
_SHORTEST_SENTENCE = 3  # words
_LONGEST_LAST_CLAUSE = 8  # words
_LONGEST_QUESTION = 30  # words; a longer run without a mark is many sentences, the first of them at most a question


def find(tokens: Tokens) -> list[Change]:
    """A mark behind the last word, where what stands behind the last mark or line break reads as a sentence."""
    end, sentence = open_sentence(tokens)
    if len(sentence) < _SHORTEST_SENTENCE or _FINITE.isdisjoint(sentence) or sentence[-1] in _UNFINISHED:
        return []
    if is_no_prose(tokens, end):
        return []
    if not _asks(sentence) and _asks_at_the_end(sentence):
        return []
    return [Change(end, end, (mark("?" if _asks(sentence) else "."),))]


def open_sentence(tokens: Tokens) -> tuple[int, list[str]]:
    """Where a final mark would stand, and the words of the sentence that lacks it; none where no mark may stand."""
    end = len(tokens)
    if end and not tokens[end - 1].text:
        end -= 1
    if not end or not _may_stand_before_a_mark(tokens, end - 1):
        return end, []
    return end, _last_words(tokens, end)


def is_no_prose(tokens: Tokens, end: int) -> bool:
    """Whether what ends at ``end`` is an item of a list or program code."""
    return _is_list_item(tokens, end) or end - 1 in code_signs.find(tokens)


def _may_stand_before_a_mark(tokens: Tokens, index: int) -> bool:
    """Whether the token at ``index`` is a plain word, or closes a bracket or quotation without a mark in it."""
    token = tokens[index]
    if token.is_word:
        return token.text[-1].isalnum() and not any(char in "./\\@_:=<>|~" for char in token.text)
    closes = token.key in CLOSERS or (token.key in QUOTES and not token.gap)
    return closes and index > 0 and tokens[index - 1].is_word


def _is_list_item(tokens: Tokens, end: int) -> bool:
    """Whether the last line is an item behind one whose end has no mark either: a list, written without them."""
    index = end - 1
    while index > 0 and "\n" not in tokens[index].gap:
        index -= 1
    numbered = tokens[index].key.isdecimal() and index + 1 < end and tokens[index + 1].key == "."
    return (tokens[index].key == "-" or numbered) and index > 0 and tokens[index - 1].is_word


def _last_words(tokens: Tokens, end: int) -> list[str]:
    """The words behind the last mark that ends a sentence, or the last line break, in order."""
    found: list[str] = []
    for index in range(end - 1, -1, -1):
        token = tokens[index]
        if token.key in SENTENCE_END:
            break
        if token.is_word:
            found.append(token.key)
        if "\n" in token.gap:
            break
    return found[::-1]


def _asks(sentence: list[str]) -> bool:
    """Whether the sentence begins as a question: question word and auxiliary, or auxiliary and subject."""
    if len(sentence) > _LONGEST_QUESTION:
        return False
    start = next((n for n, word in enumerate(sentence) if word not in _OPENERS_OF_QUESTIONS), 0)
    first, second, *rest = [*sentence[start:], "", ""]
    if first in QUESTION_CONTRACTIONS:
        return True
    if first in QUESTION_WORDS:
        return (second in AUXILIARIES and first != "which") or _asks_for_noun(second, rest)
    if first not in AUXILIARIES:
        return False
    return second in SUBJECTS or (second in _ASKED_OF and first not in _NO_QUESTION_BEFORE_NOUN)


def _asks_at_the_end(sentence: list[str]) -> bool:
    """Whether a question may follow what else was said: "hello there how are you". No mark is safe behind it."""
    last = sentence[-_LONGEST_LAST_CLAUSE:]
    return any(
        first in QUESTION_WORDS
        and second in AUXILIARIES
        and (third in SUBJECTS or (third in DETERMINERS and first in _QUESTION_ADVERBS))
        for first, second, third in zip(last, last[1:], last[2:], strict=False)
    )


def _asks_for_noun(second: str, rest: list[str]) -> bool:
    """Whether a noun stands between question word and auxiliary: "what time is it", "how many people are"."""
    if second in SUBJECTS or second in DETERMINERS - _AMOUNTS:
        return False
    inverted = any(word in AUXILIARIES and after in SUBJECTS for word, after in pairwise(rest[:4]))
    return inverted or (second in _AMOUNTS and not AUXILIARIES.isdisjoint(rest[:3]))
