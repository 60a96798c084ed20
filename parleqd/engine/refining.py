"""Refinement: a text changed as an instruction says. Whatever fails, the text is kept, with the reason."""

from __future__ import annotations

from parleqd.core.polish import refinement
from parleqd.core.session.outcome import Cleaned, Problem
from parleqd.core.session.texts import refined
from parleqd.engine.metrics import Metrics
from parleqd.engine.targets import Targets
from parleqd.protocol.names import Mode, Reason

MOST_CHARACTERS = 50_000
"""Of a text: an answer has room for so much, and is as long."""


def kept(text: str, problem: Problem | None = None) -> Cleaned:
    """The text as it was."""
    return Cleaned(text, Mode.RAW, fallback=problem)


def appended(text: str, said: Cleaned) -> Cleaned:
    """What was said, raw or cleaned on the device, behind the text: refinement without a model."""
    longer = refinement.append(text, said.text)
    return Cleaned(longer, said.used, refined(text, longer), said.fallback)


def without_model(text: str, mode: Mode) -> Cleaned:
    """The text as it was, since a preset is an instruction, and cannot be put behind it as if it had been said."""
    message = f"a preset needs a model, and this is {mode} refinement"
    hint = 'ask for mode "polished", or set cleanup.refine_mode to it'
    return kept(text, Problem(Reason.NOT_CONFIGURED, message, hint))


class Refining:
    """Has texts changed by the targets in effect."""

    def __init__(self, targets: Targets, metrics: Metrics) -> None:
        self._targets = targets
        self._metrics = metrics

    async def change(self, text: str, instruction: str, *, patient: bool = False) -> Cleaned:
        """The text as a model changed it, or as it was, with the reason. Never fails.

        ``patient``: nobody speaks and waits, so that signing in may be waited for.
        """
        if not instruction.strip() or not text.strip():
            return kept(text)
        if len(text) > MOST_CHARACTERS:
            message = (
                f"the text has {len(text)} characters, more than the {MOST_CHARACTERS} that a model can write anew"
            )
            return kept(text, Problem(Reason.TOO_LARGE, message, "refine it in parts"))
        polisher = self._targets.polisher
        if polisher is None:
            return kept(text, _absence(self._targets.absence))
        found = await polisher.refine(text, instruction, patient=patient)
        if isinstance(found, Problem):
            return kept(text, found)
        self._metrics.took("first_token", found.first_token_ms)
        self._metrics.took("refine", found.took_ms)
        self._metrics.count(f"target_{found.target}")
        return Cleaned(found.text, Mode.POLISHED, refined(text, found.text))


def _absence(problem: Problem) -> Problem:
    if problem.reason is not Reason.NOT_CONFIGURED:
        return problem
    message = "no cleanup target is configured, and only a model can do what an instruction says"
    return Problem(problem.reason, message, "`parleqctl setup` adds one; set cleanup.refine_mode to instant to append")
