"""One cleanup target is asked for one text, with the remedies that its failures allow.

They are a repaired request, another token, the same request again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import anyio
import msgspec

from parleqd.core.errors import ParleqError
from parleqd.core.polish import prompt, refinement, request
from parleqd.core.polish.failure import Failure, Remedy
from parleqd.core.polish.failures import Breakage, transport_failure, untrusted_failure
from parleqd.core.polish.prediction import Prediction
from parleqd.core.polish.request import NO_REPAIRS, Repairs, RequestSpec, needs_secret
from parleqd.core.polish.resource import acceptable_audience, may_hold_secret, scope_of
from parleqd.core.polish.routing import Router
from parleqd.core.polish.stream import Answer, Usage
from parleqd.core.ports import Chat, ChatRequest
from parleqd.core.session.outcome import Problem
from parleqd.core.settings import Family
from parleqd.engine.exchange import Exchange
from parleqd.engine.long_texts import worked_on
from parleqd.protocol.names import Reason

REASONING_FACTOR = 3.0
"""A model that reasons may take so much longer."""
AGAIN_AT_MOST = 2
"""So often the same target is asked once more for nothing but its bad luck."""
SHORT_PAUSE_S = 0.25
"""Before that, where the service gives no hint."""
FIRST_TOKEN_SHARE = 0.6
"""Of the budget, for the first of the answer, where another target could do better."""
REPLACE_SHARE = 0.4
"""Of the budget, for another token in place of one that was refused."""
IDLE_SHARE = 0.4
"""Of the budget, between two pieces of an answer that has begun: so silent, its connection is dead, and it is asked
for again, here or elsewhere. Services that filter what they send do so in blocks: the pieces may come slowly."""
FAIR_SHARE = 0.5
"""Of the budget: who had less and gave no answer is not held to be ailing."""


READ_S = 0.5
"""Nobody waits longer for a key that is still being read, where nobody signs in."""
SETTLE_SHARE = 0.6
"""Of the budget, for signing in, where that may be waited for."""
TOO_LATE = 3
"""One answer that is not whole in time may be a long one; so many in a row are a service that is too slow."""
INLINE_CHARACTERS = 1_000
"""Answers to longer texts are judged in a thread: the guard takes about 70 µs a word."""


class Credential(Protocol):
    """A key or token that is kept at hand: `engine.keys`, `engine.tokens`."""

    @property
    def secret(self) -> str | None:
        """What can be used now, or none."""

    @property
    def absence(self) -> Problem:
        """Why there is none."""

    @property
    def problem(self) -> Problem | None:
        """What went wrong when it was last looked for; ``None`` while nothing has."""

    async def settle(self, *, patient: bool) -> None:
        """Wait until it is known whether there is one; whoever is not ``patient`` waits for no signing in."""

    def want(self) -> None:
        """A dictation begins that may need it. Never waits."""

    async def replace(self, refused: str, scope: str = "") -> str | None:
        """The service did not accept this one: try once to get another. ``scope``: what it expects a token for."""

    async def run(self) -> None:
        """Keep it at hand, until cancelled."""


class Line(msgspec.Struct):
    """What is known of one target. ``repairs`` last as long as the settings.

    ``late``: how many answers in a row were not whole in time.
    """

    spec: RequestSpec
    credential: Credential
    repairs: Repairs = NO_REPAIRS
    advised: bool = False
    prediction: Prediction = Prediction()
    late: int = 0

    @property
    def name(self) -> str:
        """The target's."""
        return self.spec.target.name

    @property
    def reasons(self) -> bool:
        """Is its model one that reasons before it answers?"""
        return self.spec.target.family is Family.REASONING


class Polished(msgspec.Struct, frozen=True):
    """A text that the guard let pass, the target and model that gave it, and what it cost.

    Milliseconds: ``first_token_ms`` from the request, ``took_ms`` all that the target took, repairs included.
    """

    text: str
    target: str
    model: str
    usage: Usage | None
    first_token_ms: float
    took_ms: float = 0.0


class Attempt(msgspec.Struct):
    """One text's way through the targets. Times are the loop's.

    ``until``: the end of the whole step, ``deadline``: of what the target may take that is being asked. ``answering``:
    it has begun to answer. ``patient``: nobody speaks and waits, so signing in may be waited for. ``vocabulary``: the
    terms that the target is told of. ``instruction``: how ``text`` is to be changed; ``None`` where it is cleaned up.
    ``raw``: what was heard, where ``text`` is what the Instant engine made of it.
    """

    text: str
    messages: Sequence[prompt.Message]
    until: float
    patient: bool = False
    deadline: float = 0.0
    answering: bool = False
    vocabulary: Sequence[str] = ()
    instruction: str | None = None
    raw: str | None = None

    def body(self, line: Line) -> dict[str, object]:
        """What is asked of a target."""
        return request.body_of(line.spec, self.messages, self.text, line.repairs)

    def read(self, answer: str) -> str | Failure:
        """The text in an answer, if that may be used."""
        from parleqd.core.polish import guard, refinement_guard  # word lists that nobody needs without a target

        if self.instruction is None:
            text = prompt.strip_answer(answer, self.text)
            raw = self.text if self.raw is None else self.raw
            why = guard.judge(raw, text, self.vocabulary, sent=self.text)
            what, hint = "a cleanup of what was said", "the text was cleaned on this device instead"
        else:
            text = refinement.read(answer, self.text, self.instruction)
            why = refinement_guard.judge(self.text, self.instruction, text)
            what, hint = "the text with the change that was asked for", "say the instruction otherwise"
        if why is None:
            return text
        message = f"the model's answer was not {what}: {why}"
        return Failure(Reason.GUARD_REJECTED, message, hint, fail_over=False, ails=False)


def attempt_at(
    text: str,
    budget_s: float,
    language: str = "",
    vocabulary: Sequence[str] = (),
    *,
    raw: str | None = None,
    patient: bool = False,
) -> Attempt:
    """It begins now, and the whole step may take ``budget_s``."""
    messages = prompt.clean(text, language=language, vocabulary=vocabulary)
    return Attempt(text, messages, anyio.current_time() + budget_s, patient, vocabulary=vocabulary, raw=raw)


def attempt_to_refine(text: str, instruction: str, budget_s: float, *, patient: bool = False) -> Attempt:
    """The same for a text that is to be changed as ``instruction`` says."""
    messages = refinement.messages(text, instruction)
    return Attempt(text, messages, anyio.current_time() + budget_s, patient, instruction=instruction)


Bill = Callable[[str, str, Usage | None], None]
"""Takes a target's name, its model's, and what an answer cost; ``None`` where the service does not tell."""


class Reports(NamedTuple):
    """Who is told: ``advise``, once a target, which setting would spare it a repair; ``bill``, what each answer cost,
    whatever becomes of it."""

    advise: Callable[[str], None]
    bill: Bill = lambda *_: None


class Asker:
    """Asks the targets of one set of settings. ``router`` is told of hints before they are waited for.

    ``clock``: seconds since the epoch.
    """

    def __init__(
        self,
        chat: Chat,
        router: Router,
        *,
        budget_s: float,
        reports: Reports,
        clock: Callable[[], float],
    ) -> None:
        self._chat = chat
        self._router = router
        self._budget_s = budget_s
        self._reports = reports
        self._clock = clock

    async def ask(self, line: Line, attempt: Attempt, *, alone: bool) -> Polished | Failure:
        """One target, for as long as the budget lasts that it may take. ``alone``: no other can be asked after it."""
        budget_s = self._budget_of(line)
        began = anyio.current_time()
        attempt.deadline = min(began + budget_s, attempt.until)
        attempt.answering = False
        had_s = attempt.deadline - began
        with anyio.move_on_after(had_s):
            found = await self._ask(line, attempt, alone=alone)
            line.late = 0
            return msgspec.structs.replace(found, took_ms=_ms_since(began)) if isinstance(found, Polished) else found
        line.late += 1
        what = "the whole answer did not come" if attempt.answering else "no answer came"
        return Failure(
            Reason.TIMEOUT,
            f"{what} within {had_s:.2g} s",
            "cleanup.budget_s sets the budget; long texts take longer",
            ails=line.late >= TOO_LATE or (not attempt.answering and had_s >= budget_s * FAIR_SHARE),
        )

    def _budget_of(self, line: Line) -> float:
        return self._budget_s * (REASONING_FACTOR if line.reasons else 1.0)

    async def _ask(self, line: Line, attempt: Attempt, *, alone: bool) -> Polished | Failure:
        minted = False
        again = 0
        if line.credential.secret is None and needs_secret(line.spec):
            with anyio.move_on_after(self._budget_of(line) * SETTLE_SHARE if attempt.patient else READ_S):
                await line.credential.settle(patient=attempt.patient)
        while True:
            secret, repairs = line.credential.secret, line.repairs
            failure = await self._send(line, attempt, secret, alone=alone)
            if isinstance(failure, Polished):
                return failure
            match failure.remedy:
                case Remedy.REPAIR if line.repairs != repairs or self._repair(line, failure, attempt):
                    continue
                case Remedy.NEW_TOKEN if not minted and secret is not None:
                    minted = True
                    if (final := await self._replace(line, secret, failure)) is not None:
                        return final
                case Remedy.AGAIN if alone and again < AGAIN_AT_MOST:
                    again += 1
                    pause_s = failure.retry_after_s or SHORT_PAUSE_S * again
                    if not await self._rest(line, failure, pause_s, attempt.deadline):
                        return failure
                case _:
                    return failure

    async def _rest(self, line: Line, failure: Failure, pause_s: float, deadline: float) -> bool:
        """Wait before the same target is asked again, if there is any use in it."""
        if anyio.current_time() + pause_s >= deadline:
            return False  # what would come, would come too late
        now = self._clock()
        if failure.retry_after_s is not None:
            self._router.failed(line.name, failure, now)  # nobody else asks it either
        await anyio.sleep(pause_s)
        return not self._router.cooling(line.name, now + pause_s)  # it may have asked somebody else to wait longer

    async def _replace(self, line: Line, refused: str, failure: Failure) -> Failure | None:
        """Get another token in place of the one refused. One that takes long is for the next dictation."""
        with anyio.move_on_after(self._budget_s * REPLACE_SHARE):
            await line.credential.replace(refused, _scope(line, failure))
        replacement = line.credential.secret
        if replacement is None:
            return _without_credential(line.credential.absence)
        return failure if replacement == refused else None

    def _repair(self, line: Line, failure: Failure, attempt: Attempt) -> bool:
        repaired = request.repair_for(failure.param, attempt.body(line), line.repairs)
        if repaired is None:
            return False
        line.repairs = repaired
        advice = request.advice(line.spec, repaired)
        if advice and not line.advised:
            line.advised = True
            self._reports.advise(advice)
        return True

    async def _send(self, line: Line, attempt: Attempt, secret: str | None, *, alone: bool) -> Polished | Failure:
        spec = line.spec
        if secret is None and needs_secret(spec):
            return _without_credential(line.credential.absence)
        if not may_hold_secret(spec.endpoint, spec.target.trusted_hosts):
            return untrusted_failure(spec)
        try:
            body = msgspec.json.encode(attempt.body(line))
            asked = ChatRequest(spec.url, request.headers_for(spec, secret or ""), body)
        except ParleqError as error:
            return Failure(error.reason, error.message, error.hint, ails=False)
        attempt.answering = False
        budget_s = self._budget_of(line)
        first_s = float("inf") if alone else budget_s * FIRST_TOKEN_SHARE
        with anyio.move_on_after(first_s) as scope:

            def answering() -> None:
                attempt.answering = True
                scope.deadline = anyio.current_time() + budget_s * IDLE_SHARE

            exchange = Exchange(self._chat, spec, self._clock, answering)
            result = await exchange.run(asked)
        if scope.cancelled_caught:
            return transport_failure(Breakage.STALL if attempt.answering else Breakage.TIMEOUT, spec)
        return await self._judged(line, attempt, result, exchange.first_text_ms or 0.0)

    async def _judged(
        self, line: Line, attempt: Attempt, result: Answer | Failure, first_token_ms: float
    ) -> Polished | Failure:
        if isinstance(result, Failure):
            return result
        model = result.model or line.spec.deployment
        self._reports.bill(line.name, model, result.usage)
        self._weigh_prediction(line, result.usage)
        answer = result.text
        text = await worked_on(lambda: attempt.read(answer), max(len(answer), len(attempt.text)), INLINE_CHARACTERS)
        return text if isinstance(text, Failure) else Polished(text, line.name, model, result.usage, first_token_ms)

    def _weigh_prediction(self, line: Line, usage: Usage | None) -> None:
        """Predicted outputs that cost more than they spare are sent no longer."""
        if usage is None or "prediction" in line.repairs.refused:
            return
        line.prediction = line.prediction.plus(usage)
        if line.prediction.costs_more:
            line.repairs = Repairs(line.repairs.refused | {"prediction"})
            self._reports.advise(
                f'Predicted outputs cost more than they spare at the target "{line.name}": '
                "they are off until the settings change. Set predict = false."
            )


def _ms_since(began: float) -> float:
    return (anyio.current_time() - began) * 1000


def _scope(line: Line, failure: Failure) -> str:
    wanted = failure.audience
    return scope_of(wanted) if wanted and acceptable_audience(line.spec.endpoint, wanted) else ""


def _without_credential(absence: Problem) -> Failure:
    """Nothing was sent, so nothing is known of the target's health."""
    return Failure(absence.reason, absence.message, absence.hint, ails=False)
