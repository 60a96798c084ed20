"""Cleanup of a raw text: raw, on the device, or by a cleanup target. Whatever fails, a text comes back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec

from parleqd.core.polish.prices import cost_of, price_of
from parleqd.core.polish.prompt import MOST_TERMS
from parleqd.core.polish.stream import Usage
from parleqd.core.session.behaviour import Behaviour
from parleqd.core.session.outcome import Cleaned, Problem
from parleqd.core.session.texts import behind
from parleqd.core.settings.modes import at_most
from parleqd.core.settings.presets import Preset, find
from parleqd.core.text import instant
from parleqd.core.text.terms.index import Index
from parleqd.engine.asking import Polished
from parleqd.engine.long_texts import worked_on
from parleqd.engine.metrics import Metrics
from parleqd.engine.refining import Refining, appended, kept
from parleqd.engine.targets import Targets
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol.names import Mode, Reason

INLINE_CHARACTERS = 4_000
"""Longer texts are cleaned in a thread: the Instant engine takes about 20 µs a word, and nobody else may wait."""
ANYWHERE = Behaviour()
"""Where nothing is known of the place that a text goes to."""


class Cleanup:
    """Cleans in whatever mode is asked for, with the targets in effect."""

    def __init__(self, targets: Targets, metrics: Metrics, vocabulary: Vocabulary) -> None:
        self.most = Mode.POLISHED
        """The most that is done, whatever is asked for: an administrator's policy may say so."""
        self._targets = targets
        self._metrics = metrics
        self._vocabulary = vocabulary
        self._refining = Refining(targets, metrics)
        targets.bill = self._bill

    def prepare(self, mode: Mode, *, begins: bool = True) -> None:
        """A text will come that is to be cleaned in this mode; its dictation ``begins``, or ends. Never waits."""
        if mode is Mode.POLISHED and self._targets.polisher is not None:
            self._targets.polisher.prepare(begins=begins)

    async def clean(
        self,
        raw: str,
        mode: Mode,
        language: str = "en",
        behaviour: Behaviour = ANYWHERE,
        *,
        patient: bool = False,
    ) -> Cleaned:
        """Clean ``raw`` in the asked mode, or in the best that can be had, with the reason. Never fails.

        ``behaviour``: of the place where the text goes. ``patient``: it is no dictation, so that signing in may be
        waited for.
        """
        allowed = at_most(mode, self.most)
        cleaned = await self._cleaned(raw, allowed, language, behaviour, patient=patient)
        if allowed is not mode:
            cleaned = msgspec.structs.replace(cleaned, fallback=_forbidden(mode, allowed))
        return behaviour.laid_out(cleaned)

    async def refine(
        self,
        text: str,
        instruction: str,
        mode: Mode,
        language: str = "en",
        behaviour: Behaviour = ANYWHERE,
        *,
        patient: bool = False,
    ) -> Cleaned:
        """Change ``text`` as ``instruction`` says; raw and Instant, put what was said behind it. Never fails."""
        return behaviour.laid_out(await self._refined(text, instruction, mode, language, behaviour, patient=patient))

    async def _refined(
        self, text: str, instruction: str, mode: Mode, language: str, behaviour: Behaviour, *, patient: bool
    ) -> Cleaned:
        if mode is Mode.POLISHED:
            if self.most is not Mode.POLISHED:
                return kept(text, _forbidden(mode, self.most))
            return await self._refining.change(text, instruction, patient=patient)
        return appended(text, await self.clean(instruction, mode, language, behaviour))

    async def _cleaned(self, raw: str, mode: Mode, language: str, behaviour: Behaviour, *, patient: bool) -> Cleaned:
        if mode is Mode.RAW:
            self._vocabulary.noticed(raw)
            return Cleaned(raw, Mode.RAW)
        terms = self._vocabulary.terms(behaviour.vocabulary)
        on_device = await _instant(raw, language, behaviour.profile, terms)
        self._vocabulary.noticed(on_device.text)
        if mode is Mode.INSTANT:
            return on_device
        preset = find(self._targets.presets, behaviour.preset) if behaviour.preset else None
        if preset is not None:
            return await self._styled(on_device, preset, patient)
        vocabulary = self._vocabulary.expected(MOST_TERMS, behaviour.vocabulary)
        found = await self._polish(raw, on_device, language, vocabulary, patient)
        if isinstance(found, Problem):
            return Cleaned(on_device.text, Mode.INSTANT, on_device.edits, found)
        return found

    async def _styled(self, on_device: Cleaned, preset: Preset, patient: bool) -> Cleaned:
        """The text as the place's preset wants it, in the one request that polishing would have taken."""
        found = await self._refining.change(on_device.text, preset.instruction, patient=patient)
        if found.fallback is not None:
            return msgspec.structs.replace(on_device, fallback=found.fallback)
        return Cleaned(found.text, Mode.POLISHED, behind(on_device.edits, on_device.text, found.text))

    async def _polish(
        self, raw: str, on_device: Cleaned, language: str, vocabulary: Sequence[str], patient: bool
    ) -> Cleaned | Problem:
        polisher = self._targets.polisher
        if polisher is None:
            return self._targets.absence
        if not on_device.text:
            return Cleaned("", Mode.POLISHED, on_device.edits)  # nothing but fillers: there is nothing to ask for
        polished = await polisher.polish(on_device.text, language, vocabulary, raw=raw, patient=patient)
        if isinstance(polished, Problem):
            return polished
        self._measure(polished)
        edits = behind(on_device.edits, on_device.text, polished.text)
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


def _forbidden(asked: Mode, allowed: Mode) -> Problem:
    message = f"the administrator's policy allows no more than {allowed.value} cleanup, and {asked.value} was asked for"
    return Problem(Reason.MANAGED, message, "`parleqctl config show --origin` shows what is managed")


async def _instant(raw: str, language: str, profile: instant.Profile, terms: Index) -> Cleaned:
    run = partial(instant.clean, raw, language=language, profile=profile, vocabulary=terms)
    done = await worked_on(run, len(raw), INLINE_CHARACTERS)
    return Cleaned(done.text, Mode.INSTANT, tuple(done.edits))
