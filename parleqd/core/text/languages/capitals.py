"""Stage: a capital at the start of a sentence; names are the recogniser's affair."""

from __future__ import annotations

from parleqd.core.text import code_signs
from parleqd.core.text.capitals import capitalised, takes_capital
from parleqd.core.text.languages.tables import Language
from parleqd.core.text.tokens import OPENERS, QUOTES, SENTENCE_END, Change, Token, Tokens, key_at

_INVERTED = ("¿", "¡")


def find(tokens: Tokens, language: Language) -> list[Change]:
    """Where a sentence begins with a small letter. Program code stays as it is."""
    changes = []
    code = code_signs.find(tokens)
    opening = True
    for index, token in enumerate(tokens):
        if token.gap.count("\n") > 1:
            opening = True
        if token.is_word:
            written = _with_capital(token) if opening and index not in code else token
            if written is not token:
                changes.append(Change(index, index + 1, (written,)))
            opening = False
        elif token.key in SENTENCE_END:
            opening = _ends_sentence(tokens, index, language)
        else:
            opens_quotation = token.key in QUOTES and (bool(token.gap) or index == 0)
            opening = opening and (opens_quotation or token.key in OPENERS)
    return changes


def _with_capital(token: Token) -> Token:
    """The word with a capital, behind an inverted mark too; the very token where it has one."""
    if token.text.startswith(_INVERTED):
        word = token.with_text(token.text[1:])
        return token.with_text(token.text[0] + capitalised(word).text) if takes_capital(word) else token
    return capitalised(token) if takes_capital(token) else token


def _ends_sentence(tokens: Tokens, index: int, language: Language) -> bool:
    """Whether the mark at ``index`` ends a sentence: no abbreviation, no initial, no ordinal in figures (5. Mai)."""
    if tokens[index].key != ".":
        return True
    before = key_at(tokens, index - 1)
    return not (before in language.abbreviations or len(before) == 1 or before.isdecimal())
