"""Run stages one after another over the tokens of a text, recording each change as an edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

import msgspec

from parleqd.core.text.edits import Edit
from parleqd.core.text.tokens import Change, Token, Tokens, join

_ROUNDS = 6
"""How often a group of stages runs at most: a bound on time for texts made to defeat it, which prose never meets."""


class Stage(msgspec.Struct, frozen=True):
    """A named stage. ``find`` reads the tokens and gives the changes it wants, in order and without overlap.

    ``languages`` names the languages whose words it knows; None: it needs to know none.
    """

    name: str
    find: Callable[[Tokens], Sequence[Change]]
    languages: frozenset[str] | None = None


class Cleaned(msgspec.Struct, frozen=True):
    """A text after cleanup. ``edits`` replayed on the raw text give ``text``; ``skipped`` names failed stages."""

    text: str
    edits: tuple[Edit, ...] = ()
    skipped: tuple[str, ...] = ()


def run(raw: str, tokens: list[Token], groups: Sequence[Sequence[Stage]]) -> Cleaned:
    """Clean ``raw``, whose tokens are ``tokens``. Never raises: a stage that does is skipped, its input stands.

    The stages of a group run in order, and again until none of them finds anything: what is left where a filler
    went may be a repeated word, and the other way round.
    """
    edits: list[Edit] = []
    skipped: list[str] = []
    step = 0
    for group in groups:
        clear: dict[str, int] = {}  # the step behind which a stage found nothing: until the next one it need not look
        for _ in range(_ROUNDS):
            settled = True
            for stage in group:
                if stage.name in skipped or clear.get(stage.name) == step:
                    continue
                try:
                    tokens, made = apply(step, stage.name, tokens, stage.find(tokens))
                except Exception:  # noqa: BLE001 - whatever goes wrong in a stage, the text as it was is the floor
                    skipped.append(stage.name)
                    continue
                if made:
                    edits += made
                    step += 1
                    settled = False
                else:
                    clear[stage.name] = step
            if settled:
                break
    return Cleaned(join(tokens) if edits else raw, tuple(edits), tuple(skipped))


def apply(step: int, stage: str, tokens: list[Token], changes: Sequence[Change]) -> tuple[list[Token], list[Edit]]:
    """Make ``changes``: the new tokens and the edits. Raises ValueError where changes overlap or leave the text."""
    if not changes:
        return tokens, []
    starts = list(accumulate([len(token.gap) + len(token.text) for token in tokens], initial=0))
    result: list[Token] = []
    edits = []
    done = 0
    for change in changes:
        if not done <= change.first <= change.last <= len(tokens):
            raise ValueError(f"{stage}: changes overlap or leave the text at token {change.first}")
        result += tokens[done : change.first]
        result += change.tokens
        done = change.last
        before, after = _difference(tokens[change.first : change.last], change.tokens)
        if before != after:
            edits.append(Edit(stage, before, after, starts[change.first], step))
    result += tokens[done:]
    return result, edits


def _difference(old: Tokens, new: Tokens) -> tuple[str, str]:
    """The text of both. A last word that only moved to other white space is left out."""
    before, after = join(old), join(new)
    if old and new and old[-1].text == new[-1].text:
        kept = len(old[-1].text)
        before, after = before[: len(before) - kept], after[: len(after) - kept]
    return before, after
