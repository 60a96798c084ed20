"""A key or token that a server sends back is shown to nobody, and logged nowhere.

One may repeat it in the id of the request, a code, the name of its model: whole, or in part. JSON may write any letter
as a number, so that only decoded words tell.
"""

from __future__ import annotations

PIECE = 16
"""Characters. So much of a secret gives it away; a shorter key of a server of one's own may be a common word."""
LONGEST_WORDS = 65_536
"""Characters. Only texts are longer, which take too long to search for pieces: the secret as a whole is taken out."""


class Concealment:
    """Takes a secret, and every piece of it that is `PIECE` long or longer, out of words."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._pieces = _pieces(secret)

    def out_of(self, words: str) -> str:
        """The words without it."""
        if not self._pieces:
            return words
        if len(words) > LONGEST_WORDS:
            return words.replace(self._secret, "")
        kept, hidden_to = [], 0
        for start, letter in enumerate(words):
            if words[start : start + PIECE] in self._pieces:
                hidden_to = start + PIECE
            if start >= hidden_to:
                kept.append(letter)
        return "".join(kept)


def _pieces(secret: str) -> frozenset[str]:
    return frozenset(secret[start : start + PIECE] for start in range(len(secret) - PIECE + 1))
