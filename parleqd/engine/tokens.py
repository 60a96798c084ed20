"""One target's access token: minted and renewed in the background, so that no dictation ever waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable

import anyio

from parleqd.core.errors import OutsideError
from parleqd.core.identity.freshness import WANTED_AFTER_FAILURE_S, Freshness, TokenTimes
from parleqd.core.ports import Log, Token, TokenSource
from parleqd.core.session.outcome import Problem
from parleqd.protocol.names import Reason

LOOK_S = 30.0
"""The clock is looked at so often at least: that of a computer that slept has moved on, and timers have not."""
_NOT_YET = Problem(
    Reason.TOKEN_FAILED,
    "there is no access token yet: signing in goes on in the background",
    "the next dictation may have it; `parleqctl doctor` shows how it went",
)


class Tokens:
    """Has a token of ``source`` for ``scope``, from the first time that one is wanted on.

    One task, ``run``, is all that ever mints: however many want a token, one is asked for. ``clock``: seconds since
    the epoch, since that is what an expiry is given in. ``look_s``: seconds between looks at it.
    """

    def __init__(
        self,
        source: TokenSource,
        scope: str,
        log: Log,
        clock: Callable[[], float] = time.time,
        look_s: float = LOOK_S,
    ) -> None:
        self.problem: Problem | None = None
        """Why the last attempt gave none; ``None`` when it did."""
        self._source = source
        self._scope = scope
        self._log = log
        self._clock = clock
        self._look_s = look_s
        self._token: Token | None = None
        self._times = TokenTimes()
        self._refused = ""
        self._wanted = False
        self._wanted_at = 0.0
        self._woken = anyio.Event()
        self._attempted = anyio.Event()

    @property
    def secret(self) -> str | None:
        """A token that can be used now, or none."""
        if self._token is None or self._times.freshness(self._clock()) is Freshness.EXPIRED:
            return None
        return self._token.value

    @property
    def absence(self) -> Problem:
        """Why there is no token."""
        return self.problem or _NOT_YET

    async def settle(self, *, patient: bool) -> None:
        """Wait for one attempt to sign in, if there is no token, and if anybody may wait for that."""
        if patient and self.secret is None:
            attempted = self._attempted
            self.want()
            await attempted.wait()

    def want(self) -> None:
        """A dictation begins that may need one: see that it is there when the text is."""
        self._wanted, self._wanted_at = True, self._clock()
        self._wake()

    async def replace(self, refused: str, scope: str = "") -> str | None:
        """The service did not accept this token: wait for one attempt to mint another.

        One that has been replaced meanwhile is not dropped; nor is one that lately came again when it was to be
        replaced, so that a service that accepts none costs each dictation one request and no waiting.
        ``scope``: what the service expects, where it is another.
        """
        elsewhere = scope not in ("", self._scope)
        if elsewhere:
            self._scope = scope
        if self._token is None or self._token.value == refused:
            if not (elsewhere or self._times.replaceable(self._clock())):
                return refused
            self._refused = refused
            self._token, self._times = None, self._times.dropped()
            attempted = self._attempted
            self.want()
            await attempted.wait()
        return self.secret

    async def run(self) -> None:
        """Mint whenever it is time, until cancelled."""
        while True:
            woken, pause = self._woken, self._pause()
            if pause <= 0:
                await self._mint()
                continue
            with anyio.move_on_after(pause):
                await woken.wait()

    def _pause(self) -> float:
        if self._times.attempted is None and not self._wanted:
            return float("inf")
        now = self._clock()
        return min(self._look_s, max(0.0, self._times.next_attempt(now, wanted=self._wanted) - now))

    async def _mint(self) -> None:
        began = self._clock()
        try:
            token = await self._source.mint(self._scope)
        except OutsideError as error:
            self.problem = Problem(error.reason, error.message, error.hint)
            self._times = self._times.refused(self._clock())
        else:
            self.problem = None
            again = token.value == self._refused
            self._times = self._times.obtained(token.expires, self._clock(), token.renew_at, repeated=again)
            self._token = token
        # Who came a while after it began may have signed in meanwhile, and is not answered by its failure.
        self._wanted = self.problem is not None and self._wanted_at >= began + WANTED_AFTER_FAILURE_S
        reason = None if self.problem is None else self.problem.reason
        self._log("token", reason=reason, took_ms=round((self._clock() - began) * 1000))
        self._attempted.set()
        self._attempted = anyio.Event()
        self._wake()

    def _wake(self) -> None:
        self._woken.set()
        self._woken = anyio.Event()
