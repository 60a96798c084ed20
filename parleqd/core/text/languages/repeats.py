"""Stage: take out words of grammar said twice (ich ich), by the tables of a language."""

from __future__ import annotations

from parleqd.core.text.languages.tables import Language
from parleqd.core.text.tokens import PAUSES, Change, Tokens, key_at, quoted, removal


def find(tokens: Tokens, language: Language) -> list[Change]:
    """Where the speaker stumbled. The first copy stays, with its capital."""
    changes: list[Change] = []
    untouchable: frozenset[int] | None = None
    index = 0
    while index < len(tokens):
        end = index + 1
        if tokens[index].key in language.repeats:
            end = _behind_copies(tokens, index)
        if end > index + 1:
            untouchable = quoted(tokens) if untouchable is None else untouchable
            if untouchable.isdisjoint(range(index, end)) and _is_accident(tokens, index, end, language):
                changes.append(removal(tokens, index + 1, end))
                end = max(end, changes[-1].last)
        index = end
    return changes


def _behind_copies(tokens: Tokens, index: int) -> int:
    """Where the last copy of the word at ``index`` ends; a pause may part two copies."""
    end = index + 1
    while True:
        at = end + 1 if key_at(tokens, end) in PAUSES else end
        if key_at(tokens, at) != tokens[index].key or any("\n" in token.gap for token in tokens[end : at + 1]):
            return end
        end = at + 1


def _is_accident(tokens: Tokens, index: int, end: int, language: Language) -> bool:
    """Whether the sentence goes on behind, no copy is a name, and no verb asks for the word twice."""
    if end >= len(tokens) or not tokens[end].is_word or "\n" in tokens[end].gap:
        return False
    if any(token.is_capitalised for token in tokens[index + 1 : end]):
        return False
    return key_at(tokens, index - 1) not in language.equations
