"""Text as tokens: words and marks, each with the white space before it, so that joining them gives the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

# A word runs from white space to white space, without the marks at its ends; a mark inside it (don't, 14:05,
# example.com) is part of it, so numbers, addresses and paths are single words. Dashes and ellipses always
# part words. Every character is white space, word or mark, so matching never skips any, and no alternative
# can begin inside another: the scan is linear.
_INNER = r""",.;:!?"'“”„«»‘’()\[\]{}"""
_PARTING = "…—–"
_TOKEN = re.compile(
    rf"(\s*)(?:([^\s{_INNER}{_PARTING}]+(?:[{_INNER}]+[^\s{_INNER}{_PARTING}]+)*)|(\.\.+|[{_INNER}{_PARTING}])|\Z)"
)

SENTENCE_END = frozenset(".?!")
ELLIPSES = frozenset(("…", "..", "...", "...."))
DASHES = frozenset(("—", "–", "-", "--"))
OPENERS = frozenset("([{“„«‘")
CLOSERS = frozenset(")]}”»’")
QUOTES = frozenset("\"'")
_QUOTATION_MARKS = frozenset('"“”«»')
COMMA = ","
PAUSES = frozenset((COMMA, *ELLIPSES, *DASHES))
"""Marks a recogniser writes where the speaker hesitated."""


class Token(msgspec.Struct, frozen=True, gc=False):
    """A word or a mark. ``gap`` is the white space before it; ``key`` is the form to compare words by.

    Tokens are never changed: a stage that leaves a word alone passes on the very object, so what is known of a
    word stays with it. The last token of a text with white space at its end is empty and carries that space.
    ``confidence``: how sure the recogniser was of the word, 0..1; None where it did not say.
    """

    gap: str
    text: str
    key: str
    is_word: bool
    confidence: float | None = None

    @property
    def is_capitalised(self) -> bool:
        """Whether the word begins with a capital letter."""
        return self.text[:1].isupper()

    def with_gap(self, gap: str) -> Token:
        """The same token behind other white space."""
        return msgspec.structs.replace(self, gap=gap)

    def with_text(self, text: str) -> Token:
        """The same word spelled otherwise."""
        return msgspec.structs.replace(self, text=text, key=_key(text))


Tokens = Sequence[Token]


class Change(msgspec.Struct, frozen=True):
    """What a stage wants: ``tokens[first:last]`` replaced."""

    first: int
    last: int
    tokens: tuple[Token, ...] = ()


def _key(word: str) -> str:
    return word.lower().replace("’", "'")


def mark(text: str, gap: str = "") -> Token:
    """A punctuation mark."""
    return Token(gap, text, text, False)


def tokenise(text: str) -> list[Token]:
    """Split ``text``; ``join`` gives it back character for character."""
    tokens = []
    for match in _TOKEN.finditer(text):
        gap, word, sign = match.groups()
        if word is not None:
            tokens.append(Token(gap, word, _key(word), True))
        elif sign is not None:
            tokens.append(Token(gap, sign, sign, False))
        elif gap:
            tokens.append(Token(gap, "", "", False))
    return tokens


def join(tokens: Iterable[Token]) -> str:
    """The text that ``tokens`` stand for."""
    return "".join([piece for token in tokens for piece in (token.gap, token.text)])


def key_at(tokens: Tokens, index: int) -> str:
    """The key of the token at ``index``; empty outside the text."""
    return tokens[index].key if 0 <= index < len(tokens) else ""


def starts_sentence(tokens: Tokens, index: int) -> bool:
    """Whether the token at ``index`` is the first of a sentence or a line, as far as marks and lines tell."""
    while index > 0:
        if "\n" in tokens[index].gap:
            return True
        index -= 1
        before = tokens[index].key
        if before in SENTENCE_END:
            return True
        if before not in OPENERS and before not in QUOTES:
            return False
    return True


def ends_clause(tokens: Tokens, index: int) -> bool:
    """Whether nothing follows the token before ``index`` in its sentence or line."""
    if index >= len(tokens):
        return True
    token = tokens[index]
    return not token.text or token.key in SENTENCE_END or "\n" in token.gap


def removal(tokens: Tokens, first: int, last: int) -> Change:
    """The change that takes ``tokens[first:last]`` out and leaves what follows properly spaced."""
    if last == len(tokens):
        return Change(first, last)
    follower = tokens[last]
    gap = follower.gap
    if first == 0 or ("\n" in tokens[first].gap and "\n" not in gap):
        gap = tokens[first].gap
    elif not gap and _would_join(tokens, first, last):
        gap = " "
    if gap == follower.gap:
        return Change(first, last)
    return Change(first, last + 1, (follower.with_gap(gap),))


def _would_join(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a word behind ``tokens[first:last]`` would stick to what stands before them."""
    follows = last
    while not tokens[follows].is_word:  # marks between two words make them one: 14:05
        follows += 1
        if follows == len(tokens) or tokens[follows].gap:
            return False
    return tokens[first - 1].is_word or (follows == last and bool(tokens[first].gap))


def is_enclosed(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a bracket or quotation mark is written right before or right behind ``tokens[first:last]``."""
    opens = not tokens[first].gap and key_at(tokens, first - 1) in OPENERS | QUOTES
    return opens or (key_at(tokens, last) in CLOSERS | QUOTES and not tokens[last].gap)


def quoted(tokens: Tokens) -> frozenset[int]:
    """Indices of the tokens between double quotation marks: somebody's very words, which no stage touches.

    Straight quotes pair up within a line; a line with an odd number of them has none paired.
    """
    marks = [index for index, token in enumerate(tokens) if token.key in _QUOTATION_MARKS]
    if len(marks) < 2:  # most texts, and many stages ask
        return frozenset()
    breaks = [index for index, token in enumerate(tokens) if "\n" in token.gap]
    inside: list[int] = []
    opened: int | None = None
    straight: list[int] = []
    for index in sorted({*marks, *breaks}):
        token = tokens[index]
        if "\n" in token.gap:
            inside += _between_pairs(straight)
            straight, opened = [], None
        if token.key == '"':
            straight.append(index)
        elif token.key in ("“", "«"):
            opened = index
        elif token.key in ("”", "»") and opened is not None:
            inside += range(opened + 1, index)
            opened = None
    return frozenset(inside + _between_pairs(straight))


def _between_pairs(marks: list[int]) -> list[int]:
    if len(marks) % 2:
        return []
    return [index for pair in zip(marks[::2], marks[1::2], strict=True) for index in range(pair[0] + 1, pair[1])]
