"""Polished cleanup: the targets in turn, one budget over everything.

Whatever happens, it ends in a text or in the reason why there is none, and the caller has the on-device text to fall
back to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import anyio

from parleqd.core.polish.failure import Failure
from parleqd.core.polish.failures import Breakage, transport_failure
from parleqd.core.polish.prompt import PROBE_TEXT
from parleqd.core.polish.routing import Router, TargetHealth, next_roll
from parleqd.core.ports import Chat, Log
from parleqd.core.session.outcome import Problem
from parleqd.core.settings import Strategy
from parleqd.engine.asking import (
    REASONING_FACTOR,
    Asker,
    Attempt,
    Line,
    Polished,
    Reports,
    attempt_at,
    attempt_to_refine,
)


class Polisher:
    """Speaks to the targets of one set of settings. ``clock``: seconds since the epoch; ``roll``: any of [0, 1)."""

    def __init__(
        self,
        lines: Sequence[Line],
        strategy: Strategy,
        chat: Chat,
        log: Log,
        *,
        budget_s: float,
        reports: Reports,
        clock: Callable[[], float] = time.time,
        roll: float = 0.0,
    ) -> None:
        self.budget_s = budget_s * (REASONING_FACTOR if any(line.reasons for line in lines) else 1.0)
        """What one text may take at most, seconds: a target whose model reasons may take longer than others."""
        used = lines[:1] if strategy is Strategy.SINGLE else lines
        self._lines = {line.name: line for line in used}
        self._router = Router([line.spec.target for line in lines], strategy)
        self._asker = Asker(chat, self._router, budget_s=budget_s, reports=reports, clock=clock)
        self._chat = chat
        self._log = log
        self._clock = clock
        self._roll = roll
        self._dictations = 0
        self._stirred = anyio.Event()

    def take_over(self, before: Polisher) -> None:
        """Leave targets alone that asked for it under the settings before these."""
        self._router.take_over(before._router)

    def health(self) -> list[TargetHealth]:
        """How every target is that is used."""
        return self._router.status(self._clock())

    def prepare(self, *, begins: bool = True) -> None:
        """A text will come: have connections ready, and, where its dictation only ``begins``, keys and tokens."""
        for line in self._lines.values() if begins else ():
            line.credential.want()
        self._dictations += 1
        self._stir()

    async def run(self) -> None:
        """Keep credentials at hand, warm connections, probe targets that are down; until cancelled."""
        async with anyio.create_task_group() as tasks:
            for line in self._lines.values():
                tasks.start_soon(line.credential.run)
                tasks.start_soon(self._keep_warm, line)
            tasks.start_soon(self._probe)

    async def polish(
        self,
        text: str,
        language: str = "",
        vocabulary: Sequence[str] = (),
        *,
        raw: str | None = None,
        patient: bool = False,
    ) -> Polished | Problem:
        """Have ``text`` cleaned within the budget. Cancelling closes the connection. ``vocabulary``: terms it may hold.

        ``raw``: what was heard, where ``text`` is what the Instant engine made of it. ``patient``: no dictation is
        waiting, and none prepared for this, so signing in may be waited for as well.
        """
        if patient:
            self.prepare()
        return await self._try(attempt_at(text, self.budget_s, language, vocabulary, raw=raw, patient=patient))

    async def refine(self, text: str, instruction: str, *, patient: bool = False) -> Polished | Problem:
        """Have ``text`` changed as ``instruction`` says, else as `polish`."""
        if patient:
            self.prepare()
        return await self._try(attempt_to_refine(text, instruction, self.budget_s, patient=patient))

    async def _try(self, attempt: Attempt) -> Polished | Problem:
        """The targets in turn."""
        self._roll = next_roll(self._roll)
        order = self._router.order(self._clock(), self._roll)
        failure, name = self._router.refusal(self._clock()) if not order else None, ""
        for place, name in enumerate(order):
            if failure is not None and not self._worth_asking(name, attempt):
                continue
            found = await self._asker.ask(self._lines[name], attempt, alone=place == len(order) - 1)
            if isinstance(found, Polished):
                self._router.succeeded(name, self._clock())
                self._log(
                    "polished",
                    target=name,
                    took_ms=round(found.took_ms),
                    first_token_ms=round(found.first_token_ms),
                    characters=len(found.text),
                )
                return found
            failure = found
            self._router.failed(name, found, self._clock())
            self._stir()
            self._log("polish_failed", target=name, reason=found.reason, request_id=found.request_id)
            if not found.fail_over:
                break
        assert failure is not None
        return _problem(failure, name)

    def _worth_asking(self, name: str, attempt: Attempt) -> bool:
        """Not one that somebody else was told meanwhile to leave alone, nor any when the time is over."""
        return anyio.current_time() < attempt.until and not self._router.cooling(name, self._clock())

    async def _keep_warm(self, line: Line) -> None:
        warmed_for = 0
        while True:
            while warmed_for == self._dictations:
                await self._stirred.wait()
            warmed_for = self._dictations
            if line.name in self._router.order(self._clock(), self._roll):  # one that rests is left alone
                await self._chat.warm(line.spec.url)

    def _stir(self) -> None:
        """A dictation begins, perhaps after the machine has slept, or a target failed: look what is due."""
        self._stirred.set()
        self._stirred = anyio.Event()

    async def _probe(self) -> None:
        """Try targets that are down, outside any dictation, with a text that nobody said."""
        while True:
            stirred, due = self._stirred, self._router.next_probe(self._clock())
            with anyio.move_on_after(float("inf") if due is None else max(0.0, due - self._clock())):
                await stirred.wait()
            for name in self._router.probe_due(self._clock()):
                line = self._lines[name]
                line.credential.want()
                failure: Failure | None = transport_failure(Breakage.TIMEOUT, line.spec)
                with anyio.move_on_after(self.budget_s):
                    found = await self._asker.ask(line, attempt_at(PROBE_TEXT, self.budget_s), alone=True)
                    failure = None if isinstance(found, Polished) or not found.ails else found
                self._router.probed(name, failure, self._clock())


def _problem(failure: Failure, target: str) -> Problem:
    message = failure.message + (f" (request {failure.request_id})" if failure.request_id else "")
    return Problem(failure.reason, message, failure.hint, target)
