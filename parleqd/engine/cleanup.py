"""Cleanup of a raw text: raw, on the device, or by a cleanup target. Whatever fails, a text comes back."""

from __future__ import annotations

import anyio.to_thread

from parleqd.core.polish.prices import cost_of, price_of
from parleqd.core.polish.prompt import MOST_TERMS
from parleqd.core.polish.stream import Usage
from parleqd.core.session.outcome import Cleaned, Problem
from parleqd.core.text import instant
from parleqd.core.text.edits import Edit
from parleqd.engine.asking import Polished
from parleqd.engine.metrics import Metrics
from parleqd.engine.targets import Targets
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol.names import Mode

INLINE_CHARACTERS = 4_000
"""Longer texts are cleaned in a thread: the Instant engine takes about 20 µs a word, and nobody else may wait."""
POLISHED_STAGE = "polished"

_LONG_TEXTS = anyio.CapacityLimiter(2)
"""How many are cleaned at the same time: more threads would only take the interpreter from the event loop."""


class Cleanup:
    """Cleans in whatever mode is asked for, with the targets in effect."""

    def __init__(self, targets: Targets, metrics: Metrics, vocabulary: Vocabulary) -> None:
        self._targets = targets
        self._metrics = metrics
        self._vocabulary = vocabulary
        targets.bill = self._bill

    def prepare(self, mode: Mode, *, begins: bool = True) -> None:
        """A text will come that is to be cleaned in this mode; its dictation ``begins``, or ends. Never waits."""
        if mode is Mode.POLISHED and self._targets.polisher is not None:
            self._targets.polisher.prepare(begins=begins)

    async def clean(self, raw: str, mode: Mode, language: str = "en", *, patient: bool = False) -> Cleaned:
        """Clean ``raw`` in the asked mode, or in the best that can be had, with the reason. Never fails.

        ``patient``: it is no dictation, so that signing in may be waited for.
        """
        self._vocabulary.noticed(raw)
        if mode is Mode.RAW:
            return Cleaned(raw, Mode.RAW)
        on_device = await _instant(raw, language)
        if mode is Mode.INSTANT:
            return on_device
        found = await self._polish(raw, on_device, language, patient)
        if isinstance(found, Problem):
            return Cleaned(on_device.text, Mode.INSTANT, on_device.edits, found)
        return found

    async def _polish(self, raw: str, on_device: Cleaned, language: str, patient: bool) -> Cleaned | Problem:
        polisher = self._targets.polisher
        if polisher is None:
            return self._targets.absence
        if not on_device.text:
            return Cleaned("", Mode.POLISHED, on_device.edits)  # nothing but fillers: there is nothing to ask for
        vocabulary = self._vocabulary.expected(MOST_TERMS)
        polished = await polisher.polish(raw, language, vocabulary, patient=patient)
        if isinstance(polished, Problem):
            return polished
        self._measure(polished)
        edits = () if polished.text == raw else (Edit(POLISHED_STAGE, raw, polished.text, 0),)
        return Cleaned(polished.text, Mode.POLISHED, edits)

    def _measure(self, polished: Polished) -> None:
        self._metrics.took("first_token", polished.first_token_ms)
        self._metrics.took("polish", polished.took_ms)
        self._metrics.count(f"target_{polished.target}")

    def _bill(self, target: str, model: str, usage: Usage | None) -> None:
        """An answer came, whether it can be used or not: it has to be paid for."""
        price = price_of(model, self._targets.prices)
        if usage is None or price is None:
            self._metrics.count("answers_unpriced")
        else:
            self._metrics.spent(target, cost_of(usage, price))
        if usage is not None:
            self._metrics.count("tokens_prompt", usage.prompt)
            self._metrics.count("tokens_cached", usage.cached)
            self._metrics.count("tokens_completion", usage.completion)


async def _instant(raw: str, language: str) -> Cleaned:
    if len(raw) > INLINE_CHARACTERS:
        done = await anyio.to_thread.run_sync(
            lambda: instant.clean(raw, language=language), abandon_on_cancel=True, limiter=_LONG_TEXTS
        )
    else:
        done = instant.clean(raw, language=language)
    return Cleaned(done.text, Mode.INSTANT, tuple(done.edits))
