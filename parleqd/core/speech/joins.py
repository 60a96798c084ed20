"""Where two decodes meet: a full stop that is only the end of a segment, and a capital that is only its beginning.

Whisper ends what it is given as if a sentence ended there ("for the wood." "cutters of"), or as if one broke off
("there for..."). What comes next tells, if it is there already; a text that was committed is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BROKEN_OFF = re.compile(r"(?:\s*(?:\.{2,}|…|-|–|—))+$")
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{3})\.$")  # not that of "No." or "e.g."
_SENTENCE_END = (".", "!", "?", "…", ":")
_GO_ON = frozenset(
    "a also an and are as at be been but by for from had has have he her his how if in into is it its my nor not of on"
    " or our please she so than that the their them then there these they this those to was we were what when where"
    " which while who whom whose why will with you your".split()
)
"""English words that are never names: small, where no sentence has ended before them."""


def begun(text: str) -> str:
    """The first text of an utterance: Whisper begins small where it heard no more than a fragment of the sentence."""
    first = text.split(maxsplit=1)[:1]
    is_plain = first and first[0].islower() and first[0].strip(",.;:!?…-").isalpha()
    return text[:1].upper() + text[1:] if is_plain else text


def mended(texts: Sequence[str], before: str = "", language: str = "en") -> list[str]:
    """Consecutive texts as one would write them. ``before``: what stands before the first, and cannot be changed."""
    found: list[str] = []
    for text in texts:
        previous = found[-1] if found else before
        if found and text[:1].islower():
            previous = found[-1] = _FULL_STOP.sub("", _BROKEN_OFF.sub("", previous))
        elif found and text:
            previous = found[-1] = _BROKEN_OFF.sub("", previous) or previous
        goes_on = previous != "" and not previous.endswith(_SENTENCE_END) and language == "en"
        found.append(_lowered(text) if goes_on else text)
    return found


def _lowered(text: str) -> str:
    """The text, with a small letter where its first word hardly begins a sentence."""
    first = text.split(maxsplit=1)[:1]
    is_weak = first and first[0].strip(",.;").casefold() in _GO_ON and not first[0].isupper()
    return text[:1].lower() + text[1:] if is_weak else text
