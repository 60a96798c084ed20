"""Which words stand in program code, where neither capitals nor full stops belong."""

from __future__ import annotations

import re

from parleqd.core.text.addresses.names import COMMANDS, SURE_COMMANDS
from parleqd.core.text.tokens import SENTENCE_END, Token, Tokens

_OPERATOR = re.compile(r"[-=+*/<>|&%^~]+")
_STATEMENT = re.compile(r"[-+*/<>|&%^~]*=+|&&|\|\||[+*/]{2}")  # an assignment or a comparison: =, ==, +=
_GLUED = re.compile(r"[\w.][(\[]")  # range(10, a[i
_ARGUMENT = re.compile(r"--?[A-Za-z]|[~/][\w/]|/\Z")
_PLURALS = re.compile(r".*\w\((?:s|es|ies|n|d|ed)", re.DOTALL)  # file(s)


def find(tokens: Tokens) -> frozenset[int]:
    """Indices of the tokens in sentences that show code, and of the words beside a lone operator (i + 1).

    A sentence shows code by an assignment or comparison, a brace, or a bracket right behind a word (foo(), a[i]);
    or it is a command line: it begins with the name of a command and has an option or a path in it.
    """
    found: set[int] = set()
    start, shows, ended = 0, False, False
    for index, token in enumerate(tokens):
        if "\n" in token.gap or (ended and token.gap):
            if shows:
                found.update(range(start, index))
            start, shows = index, False
        ended = token.key in SENTENCE_END
        if token.text.isalpha():  # a plain word shows nothing, and most words are plain
            continue
        shows = shows or _shows_code(tokens, index) or (_is_command(tokens[start]) and _is_argument(token))
        if token.is_word and token.text not in ("-", "--", "&") and _OPERATOR.fullmatch(token.text):
            found.update((index - 1, index, index + 1))
    if shows:
        found.update(range(start, len(tokens)))
    return frozenset(found)


def _is_command(token: Token) -> bool:
    return token.text in COMMANDS or token.key in SURE_COMMANDS  # "Find /tmp" is a sentence, "Git -m" is none


def _is_argument(token: Token) -> bool:
    """Whether the word is an option or a path, as the commands of a shell take them."""
    return (token.is_word and _ARGUMENT.match(token.text) is not None) or (token.key == ".." and bool(token.gap))


def _shows_code(tokens: Tokens, index: int) -> bool:
    token = tokens[index]
    if token.is_word:
        if _STATEMENT.fullmatch(token.text):
            return True
        return _GLUED.search(token.text) is not None and not _PLURALS.fullmatch(token.text)
    if token.key in ("{", "}"):
        return True
    return token.key in ("(", "[") and not token.gap and index > 0 and tokens[index - 1].is_word
