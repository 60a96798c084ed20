"""Stage: the opening question mark of Spanish, where a question that has its last mark lacks it."""

from __future__ import annotations

from parleqd.core.text.languages.tables import Language
from parleqd.core.text.tokens import SENTENCE_END, Change, Tokens

_LONGEST = 40  # words


def find(tokens: Tokens, language: Language) -> list[Change]:
    """A mark before the first word of a question, where that shows it to be one from its first word on."""
    pattern = language.questions
    if pattern is None:
        return []
    changes: list[Change] = []
    start = 0
    for index, token in enumerate(tokens):
        if "\n" in token.gap:
            start = index
        if token.key not in SENTENCE_END:
            continue
        sentence = tokens[start:index]
        if token.key == "?" and 0 < len(sentence) <= _LONGEST and not any("¿" in word.text for word in sentence):
            words = " ".join([word.key for word in sentence])
            if sentence[0].is_word and pattern.match(words):
                first = sentence[0]
                changes.append(Change(start, start + 1, (first.with_text("¿" + first.text),)))
        start = index + 1
    return changes
