"""Stage: take out the sounds that only fill a pause (äh, euh, eh), by the tables of a language."""

from __future__ import annotations

from parleqd.core.text.languages.tables import Language
from parleqd.core.text.tokens import (
    COMMA,
    DASHES,
    PAUSES,
    SENTENCE_END,
    Change,
    Tokens,
    ends_clause,
    is_enclosed,
    key_at,
    quoted,
    removal,
    starts_sentence,
)

_LONGEST = 24  # tokens of a run; a bound on time for texts made to defeat it


def find(tokens: Tokens, language: Language) -> list[Change]:
    """Where fillers stand, with the pauses that only set them off. What may say something stays."""
    sounds = language.hesitations | language.doubtful
    if not any(token.key in sounds for token in tokens):
        return []
    untouchable = quoted(tokens)
    changes: list[Change] = []
    index = 0
    while index < len(tokens):
        last = index if index in untouchable else _behind_run(tokens, index, language)
        if last == index:
            index += 1
            continue
        first, end = _extent(tokens, index, last, language)
        if not changes or changes[-1].last <= first:
            changes.append(removal(tokens, first, end))
        index = max(end, changes[-1].last)
    return changes


def _behind_run(tokens: Tokens, index: int, language: Language) -> int:
    """Where the fillers that begin at ``index`` end; ``index`` where none does."""
    end = last = index
    heard = False
    while end - index < _LONGEST:
        key = key_at(tokens, end)
        if key in language.hesitations:
            if not _is_sound(tokens, end, language):
                break
            heard = True
        elif key not in language.attached and not (key in language.doubtful and _is_sound(tokens, end, language)):
            break
        end += 1
        last = end
        while key_at(tokens, end) in PAUSES and "\n" not in tokens[end].gap:
            end += 1
        if end < len(tokens) and "\n" in tokens[end].gap:
            break
    if last == index or heard:
        return last
    return last if key_at(tokens, index) in language.doubtful and _runs_on(tokens, index, last) else index


def _is_sound(tokens: Tokens, index: int, language: Language) -> bool:
    """No noun (das Äh), no mention (das Wort äh), nothing in quotation marks or behind a figure."""
    token, before = tokens[index], key_at(tokens, index - 1)
    if before in language.mentions or before[-1:].isdigit() or is_enclosed(tokens, index, index + 1):
        return False
    follows_pause = before in PAUSES and "\n" not in token.gap
    return not token.is_capitalised or (token.text[1:].islower() and (starts_sentence(tokens, index) or follows_pause))


def _runs_on(tokens: Tokens, first: int, last: int) -> bool:
    """Whether the sentence has words before and behind: an "eh" that opens or ends it may be meant."""
    while key_at(tokens, first - 1) in PAUSES:
        first -= 1
    while key_at(tokens, last) in PAUSES:
        last += 1
    return not starts_sentence(tokens, first) and not ends_clause(tokens, last) and tokens[last].is_word


def _extent(tokens: Tokens, first: int, last: int, language: Language) -> tuple[int, int]:
    """``first:last`` with those pauses around it that set it off and nothing else."""
    front, behind = first, last
    while key_at(tokens, front - 1) in PAUSES and "\n" not in tokens[front].gap:
        front -= 1
    while key_at(tokens, behind) in PAUSES and "\n" not in tokens[behind].gap:
        behind += 1
    if starts_sentence(tokens, front):
        while key_at(tokens, behind) in SENTENCE_END and "\n" not in tokens[behind].gap:
            behind += 1
        return (first if key_at(tokens, front) in DASHES else front), behind
    if ends_clause(tokens, behind):
        return front, behind
    stands = key_at(tokens, front - 1) not in language.incomplete and key_at(tokens, behind) in language.comma_before
    if not stands:
        return front, behind
    if key_at(tokens, front) == COMMA and front < first:
        return front + 1, behind
    return first, last if key_at(tokens, last) == COMMA else behind
