"""Stage: "a" or "an", by the sound that follows; only where that sound is sure.

The silent h and the vowel letters spoken as consonants after the usage notes of the larger dictionaries.
"""

from __future__ import annotations

import re

from parleqd.core.text.lexicon import FUNCTION_WORDS, words
from parleqd.core.text.tokens import Change, Tokens, key_at, quoted

_SILENT_H = re.compile(r"(?:hour|honest|honou?r|heir)")
_SAID_WITH_CONSONANT = re.compile(r"(?:eu|ewe|one\b|once\b|ones\b|oui|u)")
_SAID_YOU = re.compile(
    r"(?:uni(?:t|que|on|form|vers|corn|cycle|son|sex|fi|lateral|code)|us(?:e|er|ers|ed|eful|eless|able|age|ual|ually)\b"
    r"|util|europe|euro\b|euphem|ukulele|usb\b|url\b|uk\b|ufo\b)"
)
_SAID_ONE = words("one once one-off one-time one-way one-page one-day")
_VOWELS = re.compile(r"[aeiouy]")
_SPELLED = frozenset("fhlmnrsx")
"""Letters whose names begin with a vowel: words that begin with them may be said letter by letter (an FBI agent)."""
_LABELLED = words(
    "vitamin grade plan type class section option group part point size level phase team hepatitis series exhibit a "
    "the letter column row note chord minor major side block gate terminal building platform appendix"
)
"""Words behind which "a" is the name of a letter."""
_SHORTEST = 3
_SHORTEST_SAID = 5  # letters from which a word of the spelled kind is surely said as a word


def find(tokens: Tokens) -> list[Change]:
    """Where the article does not fit the word behind it."""
    changes = []
    untouchable: frozenset[int] | None = None
    for index in range(len(tokens) - 1):
        article = tokens[index]
        if article.key not in ("a", "an") or not (article.text.islower() or article.text in ("A", "An")):
            continue
        noun = tokens[index + 1]
        if noun.gap != " " or not noun.is_word or not noun.text.islower() or key_at(tokens, index - 1) in _LABELLED:
            continue
        fitting = _fitting(noun.key, article.key)
        if fitting == article.key:
            continue
        untouchable = quoted(tokens) if untouchable is None else untouchable
        if index not in untouchable:
            changes.append(Change(index, index + 1, (article.with_text(article.text[0] + fitting[1:]),)))
    return changes


def _fitting(noun: str, article: str) -> str:
    """The article that fits; the one that stands there where there is doubt."""
    stem = noun.partition("-")[0].removesuffix("'s")  # what the article stands before: ssh-agent
    if noun in FUNCTION_WORDS - words("hour") or len(stem) < _SHORTEST or not (stem.isascii() and stem.isalpha()):
        return "a" if noun == "one" else article
    if article == "a":
        vowel = noun[0] in "aeio" and not _SAID_WITH_CONSONANT.match(noun) and noun not in _SAID_ONE
        return "an" if vowel or _SILENT_H.match(noun) else "a"
    if noun[0] in "aeiou":
        return "a" if _SAID_YOU.match(noun) or noun in _SAID_ONE else "an"
    if noun[0] == "h" or not _VOWELS.search(stem):
        return "an"
    return "an" if noun[0] in _SPELLED and len(stem) < _SHORTEST_SAID else "a"
