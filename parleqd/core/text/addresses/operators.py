"""Spoken program code: "if x equals equals zero". Only in a line whose words show that it is code."""

from __future__ import annotations

from itertools import pairwise

from parleqd.core.text.addresses.items import Items, Kind, item_at
from parleqd.core.text.lexicon import words
from parleqd.core.text.tokens import Tokens

_KEYWORDS = words("if while for return const let var def function else elif print import class int float case switch")
_STATEMENTS = words("return const var def elif")
_STRUCTURE = frozenset(
    (("open", "brace"), ("open", "curly"), ("open", "paren"), ("open", "parenthesis"), ("open", "bracket"))
)
_DOUBLED = {
    ("=", "="): "==",
    ("+", "="): "+=",
    ("-", "="): "-=",
    ("-", "-"): "--",
    ("*", "="): "*=",
    ("+", "+"): "++",
    ("&", "&"): "&&",
}
_COMPARED = {("less", "than"): "<", ("greater", "than"): ">", ("not", "equals"): "!=", ("double", "equals"): "=="}


def is_code(tokens: Tokens) -> bool:
    """Whether the text is a line of code said aloud: a keyword first, or a semicolon in it, and brackets or operators.

    Never where the recogniser wrote marks: it took the words for prose.
    """
    if not tokens or not all(token.is_word or not token.text for token in tokens):
        return False
    keys = [token.key for token in tokens]
    pairs = set(pairwise(keys))
    if keys[0] in _STATEMENTS and keys[-1] == "semicolon":
        return True
    doubled = ("equals", "equals") in pairs
    structured = not _STRUCTURE.isdisjoint(pairs)
    opens = keys[0] in _KEYWORDS
    ends = "semicolon" in keys or ("semi", "colon") in pairs
    return (
        doubled
        or (opens and structured and (ends or "equals" in keys or ("close", "brace") in pairs))
        or (ends and structured and "equals" in keys)
    )


def operator(items: Items, index: int) -> tuple[str, int] | None:
    """The operator that begins at ``index``, or the figure beside one, and the item behind it."""
    item, after = item_at(items, index), item_at(items, index + 1)
    both = _DOUBLED.get((item.text, after.text)) if item.kind is after.kind is Kind.SIGN else None
    both = both or _COMPARED.get((item.said, after.said))
    if both is not None:
        triple = both == "==" and item_at(items, index + 2).text == "="
        return (both + "=", index + 3) if triple else (both, index + 2)
    if item.kind is Kind.SIGN and item.text in ("=", "+"):
        return item.text, index + 1
    return (item.text, index + 1) if item.kind is Kind.FIGURES else None
