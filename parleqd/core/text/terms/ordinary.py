"""Is a word an ordinary one, which is more likely meant than a term that sounds like it?

No list holds every word, so this is asked only of words that look like a term, and is not the only question asked:
see `near_misses`. What the lists hold is found with its inflections, and words with a common ending are English.
"""

from __future__ import annotations

import re
from functools import lru_cache

from parleqd.core.text.language import FOREIGN
from parleqd.core.text.lexicon import FUNCTION_WORDS, NUMBERS, ORDINALS
from parleqd.core.text.terms.everyday import EVERYDAY
from parleqd.core.text.terms.proper_names import PROPER_NAMES

GRAMMAR = FUNCTION_WORDS | NUMBERS | ORDINALS | FOREIGN
"""Words that are never a term, whatever stands around them; those of other languages for texts in these."""
_KNOWN = GRAMMAR | EVERYDAY
_DERIVED = re.compile(
    r"[a-z]{4,}(?:tions?|sions?|ness(?:es)?|ments?|ables?|ably|ibly|ibles?|ful(?:ly)?|less(?:ly)?|ities|ity|isms?|ists?"
    r"|i[sz]ed|i[sz]ing|ous(?:ly)?|ically|ingly|edly|ships?|hoods?|wards?|ances?|ences?|ologists?|ology)"
)
_PREFIXES = ("un", "re", "dis", "mis", "over", "under", "out", "pre", "non", "up")
_ENDINGS = ("s", "es", "ed", "d", "ing", "er", "ers", "r", "rs", "or", "est", "st", "ly", "y", "n", "en", "'s")
_SHORTEST_STEM = 2
_SHORTEST_PREFIXED = 4
_UN_ENGLISH = re.compile(
    r"q(?!u)|[jkqvwxh]{2}|[jqv]$|^(?:[dtsv]l(?<!sl)|[bdfgkpstvz][mn](?<!s[mn])(?<!gn)(?<!kn)(?<!pn)|sr|vr|zr|zw|x[^aeiouy])"
    r"|[^aeiouy\W\d]{5}"
)


def is_ordinary(key: str) -> bool:
    """Whether a word, in small letters, is an ordinary English one; or one of grammar in a language like it."""
    return is_inflected(key) or _DERIVED.fullmatch(key) is not None or _is_compound(key)


def is_proper_name(key: str) -> bool:
    """Whether a word is a common given name, place or day, or what belongs to one."""
    return key in PROPER_NAMES or key.removesuffix("'s") in PROPER_NAMES or key.removesuffix("s") in PROPER_NAMES


@lru_cache(maxsize=4096)
def is_un_english(key: str) -> bool:
    """Whether English spells no word of its own like this, so that it is a name or a mishearing (parlaq)."""
    return _UN_ENGLISH.search(key) is not None


def is_inflected(key: str) -> bool:
    """Whether a word is on the lists in this or another form: stopped, happier, untied."""
    if key in _KNOWN:
        return True
    if any(stem in EVERYDAY for stem in _stems(key)):
        return True
    bare = next((key.removeprefix(prefix) for prefix in _PREFIXES if key.startswith(prefix)), "")
    return len(bare) >= _SHORTEST_PREFIXED and (bare in EVERYDAY or any(stem in EVERYDAY for stem in _stems(bare)))


def _stems(key: str) -> list[str]:
    stems: list[str] = []
    for ending in _ENDINGS:
        stem = key.removesuffix(ending)
        if stem == key or len(stem) < _SHORTEST_STEM:
            continue
        stems.append(stem)
        if len(stem) > _SHORTEST_STEM:
            stems.append(f"{stem}e")
        if stem.endswith("i"):
            stems.append(f"{stem[:-1]}y")
        if len(stem) > _SHORTEST_STEM and stem[-1] == stem[-2]:
            stems.append(stem[:-1])
    return stems


def _is_compound(key: str) -> bool:
    """Whether two everyday words make it, as in "keyboard" or "stand-up"."""
    if "-" in key:
        return all(part == "" or is_inflected(part) for part in key.split("-"))
    cuts = range(3, len(key) - 2)
    return any(key[:cut] in EVERYDAY and (key[cut:] in EVERYDAY or key[cut:] in GRAMMAR) for cut in cuts)
