"""Marks that set data apart from what a model is told: text between them cannot close them."""

from __future__ import annotations

import unicodedata


def between(name: str, text: str) -> str:
    """The text between marks called ``name``, or ``name-2``, ``name-3`` … if it holds something like those."""
    plain = _plain(text)
    mark, number = name, 1
    while f"<{mark}" in plain or f"</{mark}" in plain:
        number += 1
        mark = f"{name}-{number}"
    return f"<{mark}>\n{text}\n</{mark}>"


def _plain(text: str) -> str:
    """The text as a lenient reader may see it: one case, no white space, nothing invisible, no look-alike brackets."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(char for char in folded if not char.isspace() and unicodedata.category(char)[0] != "C")
    return seen.translate(_BRACKETS)


_BRACKETS = {ord(char): "<" for char in "‹〈⟨《«˂"} | {ord(char): "/" for char in "⁄∕"}
