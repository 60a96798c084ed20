"""What tells an answer from a cleanup before any word is compared: how it begins, what it is wrapped in, its script."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parleqd.core.polish.reading import DROPPABLE, Reading
from parleqd.core.text import lexicon

_LOOP = 3
"""So many times the same words in a row are a loop, where the transcript has fewer."""
_LONGEST_LOOP = 12

_QUESTION_WORDS = lexicon.QUESTION_WORDS - lexicon.words("that")
_REFUSAL = re.compile(
    r"(?:i'?m|i am) (?:very |so |truly )?(?:sorry|afraid|unable|not able)\b|(?:sorry|apologies),? (?:but )?i\b"
    r"|(?:unfortunately,? )?i (?:can'?t|cannot|can not|won'?t|am not able to|must decline)\b(?: to)?"
    r" ?(?:help|assist|do|comply|provide|fulfil|process|clean|write|answer|translate|continue|engage|share|access)"
    r"|as an? (?:ai|large|language|assistant)\b|i do(?:n'?t| not) have (?:access|enough|the ability|any)"
    r"|there is no (?:transcript|text)|(?:the|your) transcript (?:is|seems|appears) (?:empty|incomplete)"
    r"|please (?:provide|share|paste)|no (?:transcript|text) (?:was )?provided"
)
_PREAMBLE = re.compile(
    r"(?:sure(?: thing)?|certainly|of course|absolutely|understood|got it|you'?re welcome|glad to|happy to|no problem"
    r"|great question|good question|here(?:'s| is| are) (?:the|your|a|an|my)|this is the (?:cleaned|corrected)"
    r"|(?:the )?(?:cleaned|corrected|revised|edited|polished|rewritten|final)(?:[- ]up)? (?:text|transcript|version)"
    r"|(?:transcript|output|answer|result|response|note|explanation)\s*:)"
)
_WRAPPERS = re.compile(r"```|</?[a-z][\w-]*>|\A\s*[\[{]\s*\"|\*\*\w|^#{1,6} |^> ", re.MULTILINE)
_POSTSCRIPT = re.compile(
    r"\b(?:let me know if|i hope this helps|hope that helps|feel free to|if you need any|is there anything"
    r"|would you like me to|do you want me to|can i help)\b"
)
_WRAPS = dict(zip("\"'`*_[({<~", "\"'`*_])}>~", strict=True))
_SPOKEN_WRAP = re.compile(r"quot|bracket|brace|paren|star|asterisk|underscore|tick|tilde|dunder")
_SCRIPTS = re.compile(
    r"(?P<cyrillic>[\u0400-\u052f])|(?P<greek>[\u0370-\u03ff])|(?P<hebrew>[\u0590-\u05ff])|(?P<arabic>[\u0600-\u06ff])"
    r"|(?P<indic>[\u0900-\u0dff])|(?P<thai>[\u0e00-\u0e7f])|(?P<hangul>[\uac00-\ud7af])|(?P<kana>[\u3040-\u30ff])"
    r"|(?P<han>[\u3400-\u9fff])|(?P<latin>[A-Za-zÀ-ÖØ-öø-ɏ])"
)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys, and what turns the order of the characters behind it; emoji need neither."""


def form(said: Reading, given: Reading, terms: str) -> str | None:
    """A refusal, a preamble, a wrapper, a postscript or a script that the text does not have."""
    if any(sign not in said.text for sign in CONTROLS.findall(given.text)):
        return "the answer has control characters"
    refusal = _REFUSAL.match(given.lower)
    if refusal and refusal[0] not in said.lower:
        return "the model refused"
    preamble = _PREAMBLE.match(given.lower)
    if preamble and preamble[0].rstrip(" :") not in said.lower:
        return "the answer has a preamble"
    if any(found not in said.text for found in _WRAPPERS.findall(given.text)) or _quoted(said, given):
        return "the answer has a wrapper of its own"
    spoken = f" {' '.join(said.keys)} "
    if any(f" {' '.join(Reading(found).keys)} " not in spoken for found in _POSTSCRIPT.findall(given.lower)):
        return "the answer has a postscript"
    scripts = {found.lastgroup for found in _SCRIPTS.finditer(given.text)}
    if scripts - {found.lastgroup for found in _SCRIPTS.finditer(f"{said.text} {terms}")}:
        return "the answer is in another script"
    return None


def _quoted(said: Reading, given: Reading) -> bool:
    """Whether quotes, brackets or stars stand around the whole, and nobody spoke of any."""
    text = given.text.strip()
    closing = _WRAPS.get(text[0])
    return (
        closing is not None and text[-1] == closing and text[0] not in said.text and not _SPOKEN_WRAP.search(said.lower)
    )


def repetition(said: Reading, given: Reading) -> str | None:
    """A loop, or the whole text twice."""
    repeated = _repeats(given.keys)
    if repeated >= _LOOP and repeated > _repeats(said.keys):
        return "the answer repeats itself"
    half = len(given.keys) // 2
    if half and given.keys[:half] == given.keys[half:] and 2 * len(said.keys) < 3 * len(given.keys):
        doubled = said.keys[: len(said.keys) // 2] == said.keys[len(said.keys) // 2 :]
        return None if doubled else "the answer repeats itself"
    return None


def _repeats(keys: Sequence[str]) -> int:
    """How often the same words come in a row, at most."""
    most = 1
    for period in range(1, min(_LONGEST_LOOP, len(keys) // 2) + 1):
        run = 0
        for index in range(period, len(keys)):
            run = run + 1 if keys[index] == keys[index - period] else 0
            most = max(most, run // period + 1)
    return most


def question(said: Reading, given: Reading) -> str | None:
    """A question that begins the text must begin the answer: either as it was, or with its mark."""
    opening = _question_opening(said.keys)
    if not opening or "?" in given.text:
        return None
    if any(tuple(given.keys[at : at + len(opening)]) == opening for at in range(len(given.keys))):
        return None
    return "the question was answered instead of cleaned up"


def _question_opening(keys: Sequence[str]) -> tuple[str, ...]:
    """The words that make it a question: "how many moons does", "is the"; none for "what i wanted is"."""
    begin = next((index for index, key in enumerate(keys) if key not in DROPPABLE), len(keys))
    asked, *after = keys[begin : begin + 5] or [""]
    if asked in _QUESTION_WORDS and not lexicon.SUBJECTS & set(after[:1]) and lexicon.AUXILIARIES & set(after):
        return (asked,)
    if asked in lexicon.AUXILIARIES and after[:1] and after[0] in lexicon.SUBJECTS | lexicon.DETERMINERS:
        return (asked, after[0])
    return ()
