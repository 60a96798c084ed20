"""Stage: a capital at the start of a sentence, for the pronoun I, and for names of days, places and the like."""

from __future__ import annotations

from parleqd.core.text import code_signs
from parleqd.core.text.addresses.names import SURE_COMMANDS
from parleqd.core.text.lexicon import FUNCTION_WORDS, words
from parleqd.core.text.proper_nouns import NAMES, TITLES
from parleqd.core.text.tokens import OPENERS, QUOTES, SENTENCE_END, Change, Token, Tokens, key_at

_I = frozenset(("i", "i'm", "i've", "i'll", "i'd"))
_ABBREVIATIONS = words(
    "mr mrs ms dr prof st vs etc approx vol dept est inc ltd co jr sr cf al resp incl e.g i.e a.m p.m u.s u.k ph.d"
)
"""Words whose full stop does not end a sentence."""
_CODE_MARKS = frozenset("._/@\\:#+=~<>|&*$%^`")


def find(tokens: Tokens) -> list[Change]:
    """Where a capital belongs. Words with capitals, digits or signs inside (iPhone, x86, api.py) stay as they are,
    and so does program code.
    """
    changes = []
    code = code_signs.find(tokens)
    opening = True
    for index, token in enumerate(tokens):
        if token.gap.count("\n") > 1:
            opening = True
        if token.is_word:
            fits = (opening and takes_capital(token)) or (token.key in _I and _is_pronoun(tokens, index))
            fits = fits or ((_is_name(token) or _is_titled(tokens, index)) and takes_capital(token))
            if index in code and token.key in SURE_COMMANDS and token.text == token.key.capitalize():
                changes.append(Change(index, index + 1, (token.with_text(token.key),)))
            elif fits and index not in code:
                changes.append(Change(index, index + 1, (capitalised(token),)))
            opening = False
        elif token.key in SENTENCE_END:
            opening = _ends_sentence(tokens, index)
        else:
            # After a closing quotation mark the sentence may go on: "Really?" she asked.
            opens_quotation = token.key in QUOTES and (bool(token.gap) or index == 0)
            opening = opening and (opens_quotation or token.key in OPENERS)
    return changes


def takes_capital(token: Token) -> bool:
    """Whether the word is plain and begins with a small letter that has a single capital."""
    first, rest = token.text[:1], token.text[1:]
    if not first.islower() or len(first.upper()) != 1 or first.upper() == first:
        return False
    return not any(char.isupper() or char.isdigit() or char in _CODE_MARKS for char in rest)


def capitalised(token: Token) -> Token:
    """The word with a capital."""
    return token.with_text(token.text[:1].upper() + token.text[1:])


def _is_name(token: Token) -> bool:
    return token.key in NAMES or (token.key.endswith("'s") and token.key[:-2] in NAMES)


def _is_titled(tokens: Tokens, index: int) -> bool:
    """Whether the word is a title before a name, or the name: "ms lopez"."""
    key = tokens[index].key
    if index and tokens[index - 1].key in TITLES:
        return key not in FUNCTION_WORDS and len(key) > 1
    if key not in TITLES:
        return False
    after = key_at(tokens, index + 1)
    return after[:1].isalpha() and len(after) > 1 and (after not in FUNCTION_WORDS or after == "and")


def _is_pronoun(tokens: Tokens, index: int) -> bool:
    """Not already a capital, no spelled letter (a p i), no item (i), no mention ("i")."""
    before, after = key_at(tokens, index - 1), key_at(tokens, index + 1)
    if not tokens[index].text.startswith("i") or after == ")" or before in QUOTES:
        return False
    return not any(len(key) == 1 and key.isalpha() for key in (before, after))


def _ends_sentence(tokens: Tokens, index: int) -> bool:
    """Whether the mark at ``index`` ends a sentence: no abbreviation, no initial, no number of a list item."""
    if tokens[index].key != ".":
        return True
    before = key_at(tokens, index - 1)
    if before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha() and before != "i"):
        return False
    is_item = before.isdigit() and (index == 1 or "\n" in tokens[index - 1].gap)
    return not is_item
