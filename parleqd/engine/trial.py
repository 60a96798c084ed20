"""Tries one cleanup target for real, at the price of one small request, with a text that nobody said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import anyio
import msgspec

from parleqd.core.errors import ConfigError, RefusedError
from parleqd.core.identity import jwt
from parleqd.core.polish import hops, prompt, request
from parleqd.core.polish.failure import Failure
from parleqd.core.polish.failures import Breakage, transport_failure
from parleqd.core.polish.hops import Finding, Hop, Learned
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.polish.stream import Answer
from parleqd.core.ports import ChatRequest, Log
from parleqd.core.session.outcome import Problem
from parleqd.core.settings import Auth, Target
from parleqd.engine.exchange import Exchange
from parleqd.engine.targets import Cloud, credential_of
from parleqd.protocol.names import CheckVerdict, Reason


class Patience(msgspec.Struct, frozen=True):
    """Seconds that a trial waits: for a name, for a key or token (``az`` may take half a minute), for an answer."""

    name_s: float = 5.0
    sign_in_s: float = 40.0
    answer_s: float = 30.0


PATIENCE = Patience()

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]
"""A host's addresses; none where it was not found."""


async def addresses_of(host: str) -> tuple[str, ...]:
    """As the system knows them."""
    try:
        found = await anyio.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Trial:
    """``given``: a key, token or client secret to use instead of the one that is kept."""

    def __init__(
        self,
        target: Target,
        cloud: Cloud,
        log: Log,
        *,
        given: str | None = None,
        patience: Patience = PATIENCE,
        resolve: Resolve = addresses_of,
    ) -> None:
        self._target = target
        self._cloud = cloud
        self._log = log
        self._given = given
        self._patience = patience
        self._resolve = resolve
        self._learned = Learned()

    async def run(self) -> list[Finding]:
        """What there is to say of every hop that the target has, in order."""
        found = hops.in_order(self._target, [finding async for finding in self._found()])
        failed = next((each for each in found if each.verdict is CheckVerdict.FAILED), None)
        hop, reason = (failed.hop, failed.reason) if failed else (None, None)
        self._log("target_tried", target=self._target.name, failed=hop, reason=reason)
        return found

    async def _found(self) -> AsyncIterator[Finding]:
        """Hop by hop, as far as it goes. Of two findings of one hop, the later counts."""
        try:
            spec = RequestSpec(
                self._target, endpoint_of(self._target.resource, self._target.provider), self._target.predict
            )
            url = spec.url
        except ConfigError as error:
            yield _failed(Hop.ADDRESS, error)
            return
        yield (address := hops.address(spec))
        if address.verdict is CheckVerdict.FAILED:
            return
        with anyio.move_on_after(self._patience.name_s):
            self._learned.addresses = await self._resolve(spec.endpoint.host)
        yield hops.name(spec, self._learned)
        headers = await self._headers(spec)
        if isinstance(headers, Finding):
            yield headers
            return
        yield hops.signed_in(self._target, self._learned, secret=_holds_secret(headers), now=self._cloud.clock())
        body = hops.small(request.body_of(spec, prompt.clean(prompt.PROBE_TEXT), prompt.PROBE_TEXT))
        for finding in await self._ask(spec, ChatRequest(url, headers, msgspec.json.encode(body))):
            yield finding

    async def _headers(self, spec: RequestSpec) -> dict[str, str] | Finding:
        """The request's headers, once there is a key or token, or why there is none."""
        hop = Hop.KEY if self._target.auth is Auth.API_KEY else Hop.TOKEN
        given = None if self._given is None else _Given(self._given)
        credential = credential_of(spec, self._cloud, self._log, given)
        secret = None
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(credential.run)
            with anyio.move_on_after(self._patience.sign_in_s) as scope:
                secret = await credential.replace("")  # there is none yet: this is the first attempt
            tasks.cancel_scope.cancel()
        if scope.cancelled_caught:
            message = f"none came in {self._patience.sign_in_s:g} seconds"
            hint = "is a window open that waits for a password? `parleqctl secret list` shows where keys are kept"
            return _failed(hop, Problem(Reason.TIMEOUT, message, hint))
        if hop is Hop.TOKEN and secret is not None:
            claims = jwt.read(secret) or jwt.Claims()
            self._learned.expires, self._learned.audience = claims.expires, claims.audience
        try:
            return request.headers_for(spec, secret or "")
        except RefusedError as error:
            return _failed(hop, credential.absence if secret is None else error)

    async def _ask(self, spec: RequestSpec, asked: ChatRequest) -> list[Finding]:
        """The one request, and what became of it."""
        exchange = Exchange(self._cloud.chat, spec, self._cloud.clock)
        outcome: Answer | Failure = transport_failure(Breakage.TIMEOUT, spec)
        with anyio.move_on_after(self._patience.answer_s):
            outcome = await exchange.run(asked)
        if exchange.headers is None and isinstance(outcome, Failure):
            return [hops.unreachable(outcome, exchange.breakage or Breakage.TIMEOUT)]
        learned = self._learned
        learned.headers, learned.answering = exchange.headers or {}, exchange.answered
        learned.first_text_ms = exchange.first_text_ms
        if isinstance(outcome, Answer):
            learned.model = outcome.model
        elif outcome.reason is Reason.TRUNCATED and not outcome.ails:
            learned.limited = True
        else:
            return hops.refused(outcome, spec, learned)
        return hops.answered(spec, learned)


class _Given:
    """Fills the port ``Secrets`` with what a trial was given; nothing is kept."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    async def get(self, name: str) -> str | None:
        """Whatever it is asked for."""
        return self._secret

    async def set(self, name: str, secret: str) -> None:
        """Not here."""

    async def delete(self, name: str) -> None:
        """Nothing is kept."""


def _failed(hop: Hop, problem: ConfigError | RefusedError | Problem) -> Finding:
    return Finding(hop, CheckVerdict.FAILED, problem.message, problem.hint, problem.reason)


def _holds_secret(headers: Mapping[str, str]) -> bool:
    return not headers.keys().isdisjoint(("api-key", "authorization"))
