"""Is this text English? A vote of common short words, for where the recogniser's tag may be wrong."""

from __future__ import annotations

from parleqd.core.text.lexicon import words
from parleqd.core.text.tokens import Tokens

# "um" and "er" are words in German, Dutch, Danish and Portuguese, so a wrong tag would cost content. What is
# common in English and another language too (in, an, die, so, war, me, no, do, as) is in neither list.
_ENGLISH = words(
    "the and of to is that it i you for with we was are this have not but be they he she my your what can "
    "there from at if will would about so"
)
_GERMAN_AND_DUTCH = words(
    "und der das ist nicht wir ich ein eine einen mit auf für sie zu den dem auch uns sich von bei oder "
    "aber wenn wie noch nur dass het een niet dat zijn voor maar wij ook"
)
_ROMANCE = words(
    "le les une est et je vous nous pas que qui dans pour avec sur elle ne du au el los las una y por pero "
    "muy esta il che di è per sono gli uma não com os é são mais para"
)
_SCANDINAVIAN = words("og det jeg ikke som på av att är jag inte och")
_FOREIGN = _GERMAN_AND_DUTCH | _ROMANCE | _SCANDINAVIAN


def reads_as_english(tokens: Tokens) -> bool:
    """Whether the text may be English: not when two or more common words of another language outvote it."""
    english = foreign = 0
    for token in tokens:
        if token.key in _ENGLISH:
            english += 1
        elif token.key in _FOREIGN:
            foreign += 1
    return foreign < 2 or foreign <= english
