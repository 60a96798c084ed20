"""May a model's answer replace the transcript it was given? Says why not.

Purely lexical, in two passes over the words, so it costs a few milliseconds and needs no list of the world's words. A
cleanup may drop, join, respell and punctuate; it may not bring content words of its own, lose any that were not
withdrawn, or touch numbers, names, days and negations. When in doubt it refuses: the Instant text is always there.

Repairs. A cue ("no wait", "sorry", "scratch that") allows what stands before it to go, never what comes after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parleqd.core.polish.reading import (
    CALENDAR,
    FILLERS,
    HESITATIONS,
    SPOKEN_MARKS,
    Reading,
    akin,
    has,
    is_content,
    is_joined,
    is_name,
    is_stub,
)
from parleqd.core.text import lexicon
from parleqd.core.text.lexicon import words

LONGEST = 1.15
"""Times the words of the transcript, and three more."""
_LOST_SHARE = 0.12
_LOST_AT_LEAST = 2
_TAIL = 4
"""Of so many last content words half must be there: a text cut short is the likeliest loss."""
_LOOP = 3
"""So many times the same words in a row are a loop, where the transcript has fewer."""
_LONGEST_LOOP = 12

_UNFINISHED = (
    lexicon.ARTICLES | lexicon.POSSESSIVES - words("his") | lexicon.COORDINATORS | words("from with of because")
)
_QUESTION_WORDS = lexicon.QUESTION_WORDS - words("that") | lexicon.QUESTION_CONTRACTIONS
_REFUSAL = re.compile(
    r"(?:i'?m|i am) (?:sorry|afraid|unable|not able)\b|(?:sorry|apologies),? (?:but )?i\b|i (?:can'?t|cannot|can not"
    r"|won'?t) (?:help|assist|do|comply|provide|fulfil|process|clean|write|answer)|as an ai\b"
    r"|i do(?:n'?t| not) have (?:access|enough)|there is no (?:transcript|text)"
    r"|(?:the|your) transcript (?:is|seems|appears) (?:empty|incomplete)"
    r"|please (?:provide|share|paste)|no (?:transcript|text) (?:was )?provided",
)
_PREAMBLE = re.compile(
    r"(?:sure|certainly|of course|absolutely|understood|got it|you'?re welcome|glad to|happy to|great question"
    r"|here(?:'s| is| are) (?:the|your|a)|this is the (?:cleaned|corrected)"
    r"|(?:the )?(?:cleaned|corrected|revised|edited)\b|transcript\b|output\b|answer\b)"
)
_WRAPPERS = re.compile(r"```|</?(?:transcript|text|instruction)\b|<think|\A\s*[\[{]\s*\"|\*\*\w")
_POSTSCRIPT = re.compile(
    r"\b(?:let me know if|i hope this helps|hope that helps|feel free to|if you need any|is there anything)\b"
)
_SCRIPTS = re.compile(
    r"(?P<cyrillic>[\u0400-\u052f])|(?P<greek>[\u0370-\u03ff])|(?P<hebrew>[\u0590-\u05ff])|(?P<arabic>[\u0600-\u06ff])"
    r"|(?P<indic>[\u0900-\u0dff])|(?P<thai>[\u0e00-\u0e7f])|(?P<hangul>[\uac00-\ud7af])|(?P<kana>[\u3040-\u30ff])"
    r"|(?P<han>[\u3400-\u9fff])|(?P<latin>[A-Za-zÀ-ÖØ-öø-ɏ])"
)


def judge(raw: str, answer: str, vocabulary: Sequence[str] = ()) -> str | None:
    """Why ``answer`` must not replace ``raw``, or ``None`` when it may. The reason holds no word of either.

    ``raw`` is what the model was given; ``vocabulary`` are the terms it was told of.
    """
    said, given = Reading(raw), Reading(answer)
    if not given.words:
        return "the answer is empty" if any(key not in HESITATIONS for key in said.keys) else None
    known = Reading(" ".join(vocabulary))
    for rule in (_form, _length, _question, _numbers, _names, _negations, _additions, _losses):
        reason = rule(said, given, known)
        if reason:
            return reason
    return None


def _form(said: Reading, given: Reading, known: Reading) -> str | None:
    """What tells an answer from a text before any word is compared."""
    refusal = _REFUSAL.match(given.lower)
    if refusal and refusal[0] not in said.lower:
        return "the model refused"
    preamble = _PREAMBLE.match(given.lower)
    if preamble and preamble[0] not in said.lower:
        return "the answer has a preamble"
    if any(found not in said.text for found in _WRAPPERS.findall(given.text)):
        return "the answer has a wrapper of its own"
    if any(found not in said.lower for found in _POSTSCRIPT.findall(given.lower)):
        return "the answer has a postscript"
    scripts = {found.lastgroup for found in _SCRIPTS.finditer(given.text)}
    if scripts - {found.lastgroup for found in _SCRIPTS.finditer(f"{said.text} {known.text}")}:
        return "the answer is in another script"
    return None


def _length(said: Reading, given: Reading, known: Reading) -> str | None:
    repeated = _repeats(given.keys)
    if repeated >= _LOOP and repeated > _repeats(said.keys):
        return "the answer repeats itself"
    if len(given.words) > LONGEST * len(said.words) + 3:
        return "the answer is longer than what was said"
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


def _question(said: Reading, given: Reading, known: Reading) -> str | None:
    """A question whose question word and mark are both gone was answered."""
    if "?" in given.text or not (_asks(said.keys) or "?" in said.text):
        return None
    if any(key in given.counts for key in said.counts if key in _QUESTION_WORDS):
        return None
    return "the question was answered instead of cleaned up"


def _asks(keys: Sequence[str]) -> bool:
    """Whether words without marks begin as a question: "how many moons does", but not "what i wanted is"."""
    begin = next((index for index, key in enumerate(keys) if key not in FILLERS), 0)
    asked, *after = keys[begin : begin + 4] or [""]
    return asked in _QUESTION_WORDS and not lexicon.SUBJECTS & set(after[:1]) and bool(lexicon.AUXILIARIES & set(after))


def _numbers(said: Reading, given: Reading, known: Reading) -> str | None:
    if not given.numerals.supported_by(said.numerals):
        return "the answer has a number that was not said"
    if not said.cues and not said.numerals.kept_by(given.numerals):
        return "a number is missing"
    return None


def _names(said: Reading, given: Reading, known: Reading) -> str | None:
    """Names and days, which must be there letter by letter."""
    swapped = sum(key in given.counts and key not in said.counts for key in known.counts)
    for word in given.words:
        if (word.key in CALENDAR or is_name(word)) and not has(said, word.key) and not has(known, word.key):
            return "the answer has a name or day that was not said"
    lost = 0
    for index, word in enumerate(said.words):
        exact = word.key in CALENDAR or is_name(word)
        if exact and not has(given, word.key) and not said.withdrawable(index) and word.key not in SPOKEN_MARKS:
            lost += 1
    return "a name or day is missing" if lost > swapped else None


def _negations(said: Reading, given: Reading, known: Reading) -> str | None:
    before, after = said.negated, given.negated
    if sum(after.values()) > sum(before.values()) or any(
        word and word not in before and word in said.counts for word in after
    ):
        return "the answer has a negation that was not said"
    firm = {
        said.keys[index]
        for index in range(len(said.keys))
        if said.keys[index] in before and not said.withdrawable(index)
    }
    if any(word in given.counts and word not in after for word in firm):
        return "a negation is missing"
    if not said.cues and sum(after.values()) < len(+before):
        return "a negation is missing"
    return None


def _additions(said: Reading, given: Reading, known: Reading) -> str | None:
    """Content words that neither were said nor respell a word that is gone."""
    gone = [key for key in said.counts if key not in given.counts]
    respelled = 0
    for word in given.words:
        key = word.key
        if key in said.counts or key in known.counts or not is_content(key) or key in given.units or has(said, key):
            continue
        if not any(akin(key, old) for old in gone):
            return "the answer has words that were not said"
        respelled += 1
    if respelled > max(2, len(given.words) // 10):
        return "the answer changes too many words"
    return None


def _losses(said: Reading, given: Reading, known: Reading) -> str | None:
    """Content words that are gone, though nobody withdrew them."""
    skipped = FILLERS | SPOKEN_MARKS | lexicon.ORDINALS
    content, lost, tail = 0, 0, list[bool]()
    swapped = 2 * sum(key in given.counts and key not in said.counts for key in known.counts)
    fresh = [key for key in given.counts if key not in said.counts]
    swapped += 3 * len(given.units.intersection(fresh))
    for index, key in enumerate(said.keys):
        if not is_content(key) or key in skipped or len(key) < 2 or index in said.cue_words:
            continue
        kept = has(given, key) or any(akin(new, key) for new in fresh) or _elsewhere(said, index, given)
        tail.append(kept)
        if not said.withdrawable(index):
            content += 1
            lost += not kept
    lost = max(0, lost - swapped)
    if lost > max(_LOST_AT_LEAST, round(_LOST_SHARE * content)) or (content and lost >= (content + 1) // 2):
        return "too much of what was said is missing"
    last = tail[-_TAIL:]
    cut = bool(last) and (not last[-1] or sum(last) < len(last) // 2) and not swapped
    if (cut and not any(far for _, far in said.cues)) or _breaks_off(said.keys, given.keys):
        return "the end of what was said is missing"
    return None


def _elsewhere(said: Reading, index: int, given: Reading) -> bool:
    """Whether the word lives on in another: begun again behind it, or run together with its neighbours."""
    return is_stub(said.keys, index) or is_joined(said.keys, index, given)


def _breaks_off(said: Sequence[str], given: Sequence[str]) -> bool:
    """Whether the answer ends with a word that wants another after it, as what was said does not."""
    return given[-1] in _UNFINISHED and given[-1] not in said[-3:]
