"""What a word sounds like, coarsely: the consonants in order, without what recognisers confuse.

In the manner of Soundex (Russell and Odell) and Metaphone (Lawrence Philips, 1990): letters become classes of
sounds, vowels go. Voiced and voiceless consonants are one class here, since those are what is misheard.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = re.compile(r"[^a-z]+")
_RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^x", "s"),
        (r"^wh", "w"),
        (r"mb$", "m"),
        (r"ph", "f"),
        (r"(?:tch|sch|sh|ch)", "X"),
        (r"(?:ti|ci|si)(?=on|an|al|ous)", "X"),
        (r"dge?(?=[eiy]|$)", "X"),
        (r"igh", "i"),
        (r"gh", "g"),
        (r"ck", "k"),
        (r"qu", "kw"),
        (r"c(?=[eiy])", "s"),
        (r"x", "ks"),
        (r"(?<=[aeiou])h|h(?=[^aeiouy]|$)", ""),
        (r"(?<=[^aeiou])e$", ""),
        (r"(?<=[aeiou])[wy](?=[^aeiou]|$)", ""),
    )
)
_CLASSES = str.maketrans("bpdtgkcqvfzsjmnlrhwyaeiou", "PPTTKKKKFFSSXMNLRHWAAAAAA")
_DOUBLED = re.compile(r"(.)\1+")
_INNER_VOWEL = re.compile(r"(?<=.)A(?=.)")


_UNDIVIDED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
"""Letters that Unicode does not take apart into a plain one and its accent."""


def plain(text: str) -> str:
    """The letters a to z and digits of ``text``, small and without accents."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    return "".join(char for char in unaccented(text) if char.isascii() and char.isalnum())


def unaccented(text: str) -> str:
    """The same in small letters without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in parts if not unicodedata.combining(char)).translate(_UNDIVIDED)


def sound(word: str) -> str:
    """The key of ``word``: one capital letter for each consonant sound, ``A`` for a vowel it begins or ends with.

    Empty for what has no letter a to z.
    """
    heard = _LETTERS.sub("", unaccented(word))
    for pattern, replacement in _RULES:
        heard = pattern.sub(replacement, heard)
    return _INNER_VOWEL.sub("", _DOUBLED.sub(r"\1", heard.translate(_CLASSES)))
