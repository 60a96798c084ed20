"""May a model's answer replace the text that it was to change? Says why not.

Nearly anything may be asked for, so it cannot compare word for word as `guard` does for a cleanup. It refuses what no
instruction about a text gives; where it does, the text stays as it was.
"""

from __future__ import annotations

import re

from parleqd.core.polish.openings import CONTROLS
from parleqd.core.polish.refinement import SYSTEM, WANTS_FENCE
from parleqd.core.text import lexicon
from parleqd.core.text.lexicon import words


def judge(text: str, instruction: str, answer: str) -> str | None:
    """Why ``answer`` must not replace ``text``, or ``None`` when it may. The reason holds no word of any of them."""
    if not answer.strip():
        return "the answer is empty"
    given = _Asked(text, instruction)
    for rule in (_form, _told, _echo, _length, _question, _kept):
        reason = rule(given, answer)
        if reason:
            return reason
    return None


class _Asked:
    """A text and an instruction as the rules look at them."""

    def __init__(self, text: str, instruction: str) -> None:
        self.text = text
        self.words = _words(text)
        self.instruction = _words(instruction)
        self.lower = f"{_plain(text)}\n{_plain(instruction)}"
        self.wants_fence = WANTS_FENCE.search(instruction) is not None
        self.translates = bool(_TRANSLATES.search(instruction)) or not _LANGUAGES.isdisjoint(self.instruction)

    def asks(self, stems: tuple[str, ...]) -> bool:
        """Whether a word of the instruction begins so."""
        return any(word.startswith(stems) for word in self.instruction)


def _form(asked: _Asked, answer: str) -> str | None:
    """What tells an answer to somebody from a text."""
    plain = _plain(answer)
    if any(sign not in asked.lower for sign in CONTROLS.findall(plain)):
        return "the answer has control characters"
    whole = plain.strip(" .!\n")
    if whole in _ACKNOWLEDGEMENTS and whole not in asked.lower:
        return "the answer only says that it was done"
    for pattern, what in _FORMS:
        found = pattern.search(plain)
        if found is not None and found[0].strip() not in asked.lower:
            return what
    fenced = "```" in answer and "```" not in asked.lower and not asked.wants_fence
    if fenced or any(mark not in asked.lower for mark in _OWN_MARKS.findall(plain)):
        return "the answer has a wrapper of its own"
    return None


def _told(asked: _Asked, answer: str) -> str | None:
    """What the model was told is nobody's text."""
    runs = _runs(_words(answer)) & _SYSTEM_RUNS
    return "the answer quotes what the model was told" if runs - _runs(asked.words) else None


def _echo(asked: _Asked, answer: str) -> str | None:
    """The instruction is about the text: it never stands in it."""
    instruction = f" {' '.join(asked.instruction)} "
    if len(asked.instruction) < _ECHO or instruction in f" {' '.join(asked.words)} ":
        return None
    return "the answer has the instruction in it" if instruction in f" {' '.join(_words(answer))} " else None


def _length(asked: _Asked, answer: str) -> str | None:
    """Twice as long, or four times where more text is asked for, and some words more; shorter where that is asked."""
    times, more = (4, 150) if asked.asks(_GROWING) else (2, 24)
    given = len(_words(answer))
    if asked.asks(_SHORTENING) and not asked.asks(_GROWING) and given > len(asked.words) + 2:
        return "the answer is longer than the text, and was to be shorter"
    if given > times * len(asked.words) + 2 * len(asked.instruction) + more:
        return "the answer is far longer than the text"
    if len(asked.words) >= _LONG and given <= 1 and not asked.asks(_SHRINKING):
        return "hardly anything of the text is left"
    return None


def _question(asked: _Asked, answer: str) -> str | None:
    """A text that is one question, and has lost both its mark and its question word, was answered."""
    if (
        "?" in answer
        or asked.translates
        or asked.asks(_ABOUT_QUESTIONS)
        or _SENTENCE_END.search(asked.text.strip()[:-1])
    ):
        return None
    begin, after = (asked.words or [""])[0], asked.words[1:3]
    word, contracted, _ = begin.partition("'")
    wonders = word in _QUESTION_WORDS and (contracted or not lexicon.AUXILIARIES.isdisjoint(after))
    return "the question in the text was answered" if wonders and word not in _stems(answer) else None


def _kept(asked: _Asked, answer: str) -> str | None:
    """Something of the text is in every change of it, but in its translation."""
    if asked.translates:
        return None
    telling = {word[:_STEM] for word in asked.words if len(word) >= _STEM or word.isdigit()}
    given = _words(answer)
    if len(telling) < _TELLING or not telling.isdisjoint(word[:_STEM] for word in given):
        return None
    known = set(asked.words)
    return None if 2 * sum(word in known for word in given) >= len(given) else "the answer has nothing of the text"


def _words(text: str) -> list[str]:
    return _WORD.findall(_plain(text))


def _stems(text: str) -> set[str]:
    return {word.partition("'")[0] for word in _words(text)}


def _runs(said: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(said[n:] for n in range(_RUN)), strict=False))


def _plain(text: str) -> str:
    """Lower case, straight quotes."""
    return text.translate(_QUOTES).lower()


_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:'[^\W_]+)*")
_RUN, _LONG, _STEM, _TELLING = 7, 12, 4, 3
_SYSTEM_RUNS = _runs(_words(SYSTEM))
_OWN_MARKS = re.compile(r"</?(?:text|instruction|transcript)(?:-\d+)?>|<think|\A\s*\{\s*\"")
_ACKNOWLEDGEMENTS = frozenset(
    ("done", "ok", "okay", "sure", "understood", "of course", "certainly", "got it", "no problem", "will do", "yes")
)
_ECHO = 4
"""An instruction of so many words is not in a text by chance."""
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\b(?:i|we)(?:'m| am)? "
            r"(?:can'?t|cannot|can not|won'?t|will not|(?:am )?(?:not able|unable) to|don'?t|do not) "
            r"(?:help with|assist|comply|fulfil|provide|process|carry|follow (?:that|this|your)|complete"
            r"|do (?:that|this)\b|make (?:that|this)|have (?:access|enough)|understand (?:the|your))"
            r"|\bas an? (?:ai|(?:large )?language model)\b"
            r"|\b(?:i'm|i am)(?: just| only)? an? (?:ai|(?:large )?language model)\b"
            r"|\b(?:please|could you|can you) (?:provide|share|paste|send|give)(?: me)?(?: with)? "
            r"(?:the|your|more|some) (?:text|instruction|context|detail|information|transcript)"
            r"|\A\W*(?:there (?:is|was) )?no (?:text|instruction)s?\b"
            r"|\A\W*the (?:text|instruction) (?:is|was|seems|appears|does|cannot|can't|provided)\b"
        ),
        "the model refused",
    ),
    (
        re.compile(
            r"\A\W*(?:(?:sure|certainly|of course|absolutely|understood|got it|okay|ok|great|gladly)\b[!,. ]*)?"
            r"(?:here(?:'s| is| are)|below is|this is) (?:the|your|an?)\b[^.\n]{0,60}[:\n]"
            r"|\A\W*i(?:'ve| have) (?:made|changed|rewritten|shortened|revised|edited|turned|converted|replaced) "
            r"(?:the|your|it|this)\b[^.\n]{0,40}\b(?:text|changes?|message|version|request|requested|more|less|into)\b"
            r"|\A\W*(?:(?:the|your) )?(?:revised|updated|shortened|shorter|formal|new|changed|rewritten|edited|final"
            r"|translated|corrected) (?:text|version|message|draft|translation)\s*:"
        ),
        "the answer has a preamble",
    ),
    (
        re.compile(
            r"\b(?:let me know|feel free|tell me)\b[^.\n]{0,60}"
            r"\b(?:change|adjust|revis|edit|modif|tweak|another version)"
            r"|\bi hope (?:this|that) helps\b|\n\s*\(?\*{0,2}(?:notes?|changes(?: made)?|explanation)\*{0,2}\s*:"
        ),
        "the answer has a postscript",
    ),
)
"""Patterns of answers that are no text, unless text or instruction hold the very same words, and what they are."""

_GROWING = (
    "long", "expand", "elaborat", "detail", "email", "e-mail", "mail", "letter", "paragraph", "story", "explain",
    "continue", "essay", "article", "poem", "extend", "repeat", "example", "speech", "report",
)  # fmt: skip
_SHORTENING = ("shorter", "shorten", "briefer", "concise", "condense", "fewer")
_SHRINKING = ("word", "title", "heading", "only", "just", "delete", "remove", "keep", "drop", "emoji", "hashtag")
_ABOUT_QUESTIONS = ("question", "statement", "answer", "request", "order", "command", "summar", "title", "topic")
_QUESTION_WORDS = lexicon.QUESTION_WORDS - words("that")
_SENTENCE_END = re.compile(r"[.!?\n]")
_TRANSLATES = re.compile(r"translat|überset|uberset|tradu|vertal|переве|翻訳|翻译|번역|\blanguage\b", re.IGNORECASE)
_LANGUAGES = words(
    "english german french spanish italian portuguese dutch polish czech slovak russian ukrainian greek turkish arabic "
    "hebrew persian hindi urdu bengali tamil chinese mandarin cantonese japanese korean vietnamese thai indonesian "
    "malay swedish danish norwegian finnish icelandic hungarian romanian bulgarian serbian croatian slovenian latin "
    "welsh irish catalan basque estonian latvian lithuanian swahili afrikaans yiddish esperanto "
    "deutsch englisch französisch spanisch italienisch anglais allemand espagnol italien inglés alemán francés"
)
