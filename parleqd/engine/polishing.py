"""Polished cleanup: targets in turn, repairs, one budget over everything. Whatever happens, it ends in a text or in
the reason why there is none, and the caller has the on-device text to fall back to."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

import anyio
import msgspec

from parleqd.core.errors import ParleqError
from parleqd.core.polish import guard, prompt, request
from parleqd.core.polish.failure import Failure, Remedy
from parleqd.core.polish.failures import Breakage, failure_of, transport_failure
from parleqd.core.polish.request import NO_REPAIRS, Repairs, RequestSpec
from parleqd.core.polish.resource import Cloud, acceptable_audience, may_hold_secret, scope_of
from parleqd.core.polish.routing import Router, TargetHealth, next_roll
from parleqd.core.polish.stream import Answer, Completion, Usage
from parleqd.core.ports import Chat, ChatRequest, Log, TransportError
from parleqd.core.session.outcome import Problem
from parleqd.core.settings import Family, Provider, Strategy
from parleqd.protocol.names import Reason

REASONING_FACTOR = 3.0
"""A model that reasons may take so much longer."""
AGAIN_AT_MOST = 2
"""So often the same target is asked once more for nothing but its bad luck."""
SHORT_PAUSE_S = 0.25
"""Before that, where the service gives no hint."""
FIRST_TOKEN_SHARE = 0.6
"""Of the budget, for the first of the answer, where another target could do better."""
PROBE_TEXT = "hello there"
ERROR_BODY_BYTES = 64 * 1024


class Credential(Protocol):
    """A key or token that is kept at hand: `engine.keys`, `engine.tokens`."""

    @property
    def secret(self) -> str | None:
        """What can be used now, or none."""

    @property
    def absence(self) -> Problem:
        """Why there is none."""

    def want(self) -> None:
        """A dictation begins that may need it. Never waits."""

    async def replace(self, refused: str, scope: str = "") -> str | None:
        """The service did not accept this one: try once to get another. ``scope``: what it expects a token for."""

    async def run(self) -> None:
        """Keep it at hand, until cancelled."""


class Line(msgspec.Struct):
    """What is known of one target. ``repairs`` last as long as the settings."""

    spec: RequestSpec
    credential: Credential
    repairs: Repairs = NO_REPAIRS
    advised: bool = False


class Polished(msgspec.Struct, frozen=True):
    """A text that the guard let pass, the target that gave it, and what it cost. Times in milliseconds."""

    text: str
    target: str
    usage: Usage | None
    first_token_ms: float


class _Attempt(msgspec.Struct):
    """One text's way through the targets."""

    raw: str
    messages: Sequence[prompt.Message]
    deadline: float
    first_token_ms: float = 0.0


class Polisher:
    """Speaks to the targets of one set of settings. ``clock``: seconds since the epoch; ``roll``: any of [0, 1).

    ``advise`` is told, once a target, which setting would spare it a repair.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        strategy: Strategy,
        chat: Chat,
        log: Log,
        *,
        budget_s: float,
        advise: Callable[[str], None],
        clock: Callable[[], float] = time.time,
        roll: float = 0.0,
    ) -> None:
        self.budget_s = budget_s * (REASONING_FACTOR if any(_reasons(line) for line in lines) else 1.0)
        self._lines = {line.spec.target.name: line for line in lines}
        self._router = Router([line.spec.target for line in lines], strategy)
        self._chat = chat
        self._log = log
        self._advise = advise
        self._clock = clock
        self._roll = roll
        self._warming = anyio.Event()
        self._dictations = 0

    def health(self) -> list[TargetHealth]:
        """How every target is that is used."""
        return self._router.status(self._clock())

    def prepare(self) -> None:
        """A dictation begins: have keys, tokens and connections ready when its text is. Never waits."""
        for line in self._lines.values():
            line.credential.want()
        self._dictations += 1
        self._warming.set()
        self._warming = anyio.Event()

    async def run(self) -> None:
        """Keep credentials at hand, warm connections, probe targets that are down; until cancelled."""
        async with anyio.create_task_group() as tasks:
            for line in self._lines.values():
                tasks.start_soon(line.credential.run)
                tasks.start_soon(self._keep_warm, line)
            tasks.start_soon(self._probe)

    async def polish(self, raw: str, language: str = "") -> Polished | Problem:
        """Have ``raw`` cleaned within the budget. Cancelling closes the connection."""
        attempt = self._attempt(raw, language)
        with anyio.move_on_after(self.budget_s):
            return await self._try_targets(attempt)
        message = f"cleanup took longer than its budget of {self.budget_s:g} s"
        return Problem(Reason.TIMEOUT, message, "cleanup.budget_s sets the budget")

    def _attempt(self, raw: str, language: str = "") -> _Attempt:
        return _Attempt(raw, prompt.clean(raw, language=language), anyio.current_time() + self.budget_s)

    async def _try_targets(self, attempt: _Attempt) -> Polished | Problem:
        self._roll = next_roll(self._roll)
        order = self._router.order(self._clock(), self._roll)
        failure, name = self._router.refusal(self._clock()) if not order else None, ""
        for place, name in enumerate(order):
            found = await self._ask(self._lines[name], attempt, alone=place == len(order) - 1)
            if isinstance(found, Polished):
                self._router.succeeded(name, self._clock())
                return found
            failure = found
            self._router.failed(name, found, self._clock())
            self._log("polish_failed", target=name, reason=found.reason, request_id=found.request_id)
            if not found.fail_over:
                break
        assert failure is not None
        return _problem(failure, name)

    async def _ask(self, line: Line, attempt: _Attempt, *, alone: bool) -> Polished | Failure:
        """One target, with the remedies that its failures allow. ``alone``: no other can be asked after it."""
        minted = False
        again = 0
        while True:
            secret = line.credential.secret
            if secret is None and _needs_secret(line.spec):
                return _without_credential(line.credential.absence)
            failure = await self._send(line, attempt, secret or "", alone=alone)
            if isinstance(failure, Polished):
                return failure
            match failure.remedy:
                case Remedy.REPAIR if self._repair(line, failure, attempt):
                    continue
                case Remedy.NEW_TOKEN if not minted and secret is not None:
                    minted = True
                    if await line.credential.replace(secret, _scope(line, failure)) in (None, secret):
                        return failure
                case Remedy.AGAIN if alone and again < AGAIN_AT_MOST:
                    again += 1
                    pause = SHORT_PAUSE_S * again if failure.retry_after_s is None else failure.retry_after_s
                    if anyio.current_time() + pause >= attempt.deadline:
                        return failure  # no use in waiting for what would come too late
                    await anyio.sleep(pause)
                case _:
                    return failure

    async def _send(self, line: Line, attempt: _Attempt, secret: str, *, alone: bool) -> Polished | Failure:
        spec = line.spec
        if (failure := _untrusted(spec)) is not None:
            return failure
        try:
            body = msgspec.json.encode(_body(line, attempt))
            asked = ChatRequest(spec.url, request.headers_for(spec, secret), body)
        except ParleqError as error:
            return Failure(error.reason, error.message, error.hint)
        began = anyio.current_time()
        deadline = float("inf") if alone else began + self.budget_s * FIRST_TOKEN_SHARE
        try:
            with anyio.CancelScope(deadline=deadline) as scope:
                async with self._chat.send(asked) as answer:
                    if answer.status != 200:
                        return failure_of(
                            answer.status, answer.headers, await _head(answer.body()), spec, self._clock()
                        )
                    completion = Completion(spec, answer.headers.get("apim-request-id", ""))
                    async for data in answer.body():
                        if completion.feed(data) and not attempt.first_token_ms:
                            attempt.first_token_ms = (anyio.current_time() - began) * 1000
                            scope.deadline = float("inf")
                        if completion.ended:
                            break
                    return self._judged(line, attempt, completion.result())
        except TransportError as error:
            return transport_failure(error.breakage, spec)
        return transport_failure(Breakage.TIMEOUT, spec)

    def _judged(self, line: Line, attempt: _Attempt, result: Answer | Failure) -> Polished | Failure:
        if isinstance(result, Failure):
            return result
        text = prompt.strip_answer(result.text, attempt.raw)
        why = guard.judge(attempt.raw, text)
        if why is not None:
            message = f"the model's answer was not a cleanup of what was said: {why}"
            hint = "the text was cleaned on this device instead"
            return Failure(Reason.GUARD_REJECTED, message, hint, fail_over=False, ails=False)
        return Polished(text, line.spec.target.name, result.usage, attempt.first_token_ms)

    def _repair(self, line: Line, failure: Failure, attempt: _Attempt) -> bool:
        repaired = request.repair_for(failure.param, _body(line, attempt), line.repairs)
        if repaired is None:
            return False
        line.repairs = repaired
        advice = request.advice(line.spec, repaired)
        if advice and not line.advised:
            line.advised = True
            self._advise(advice)
        return True

    async def _keep_warm(self, line: Line) -> None:
        warmed_for = 0
        while True:
            if warmed_for == self._dictations:
                await self._warming.wait()
            warmed_for = self._dictations
            await self._chat.warm(line.spec.url)

    async def _probe(self) -> None:
        """Try targets that are down, outside any dictation, with a text that nobody said."""
        while True:
            due = self._router.next_probe(self._clock())
            await anyio.sleep(1.0 if due is None else max(0.0, due - self._clock()))
            for name in self._router.probe_due(self._clock()):
                line = self._lines[name]
                line.credential.want()
                failure: Failure | None = transport_failure(Breakage.TIMEOUT, line.spec)
                with anyio.move_on_after(self.budget_s):
                    found = await self._ask(line, self._attempt(PROBE_TEXT), alone=True)
                    failure = None if isinstance(found, Polished) or not found.ails else found
                self._router.probed(name, failure, self._clock())


def _body(line: Line, attempt: _Attempt) -> dict[str, object]:
    return request.body_of(line.spec, attempt.messages, attempt.raw, line.repairs)


def _reasons(line: Line) -> bool:
    return line.spec.target.family is Family.REASONING


def _scope(line: Line, failure: Failure) -> str:
    wanted = failure.audience
    return scope_of(wanted) if wanted and acceptable_audience(line.spec.endpoint, wanted) else ""


def _without_credential(absence: Problem) -> Failure:
    """Nothing was sent, so nothing is known of the target's health."""
    return Failure(absence.reason, absence.message, absence.hint, ails=False)


def _problem(failure: Failure, target: str) -> Problem:
    message = failure.message + (f" (request {failure.request_id})" if failure.request_id else "")
    return Problem(failure.reason, message, failure.hint, target)


async def _head(body: AsyncIterator[bytes]) -> bytes:
    """What an error says; no more than anybody has to say."""
    said = b""
    async for data in body:
        said += data
        if len(said) >= ERROR_BODY_BYTES:
            break
    return said


def _needs_secret(spec: RequestSpec) -> bool:
    """Only a server of one's own may do without."""
    return spec.target.provider is not Provider.OPENAI_COMPATIBLE or spec.endpoint.cloud is not Cloud.OTHER


def _untrusted(spec: RequestSpec) -> Failure | None:
    """A host that is nobody's we know is sent no secret before the user has confirmed it."""
    if may_hold_secret(spec.endpoint, spec.target.trusted_hosts):
        return None
    host = spec.endpoint.host
    return Failure(
        Reason.NOT_CONFIGURED,
        f"{host} is none of Azure's or OpenAI's hosts, so it was sent neither key nor text",
        f'if it is yours, confirm it in the settings of target "{spec.target.name}": trusted_hosts = ["{host}"]',
        ails=False,
    )
