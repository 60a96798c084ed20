"""When an access token is fresh, due for renewal or dead, and when to act next.

Rules after azure-identity (``get_refresh_status``) and the cache of ``az``, which hands out the same token while
more than five minutes remain: asking earlier is useless, so a renewal is due at 300 s. However an attempt ends, the
next one waits, so that nothing here can be made to spin, whatever lifetimes the service hands out.

All times are seconds since the epoch, since that is what an expiry is given in; a clock that is set back ends a wait.
"""

from __future__ import annotations

import enum

import msgspec

DUE_S = 300.0
"""So much before expiry a renewal is due: the margin of ``az`` itself."""
MARGIN_S = 10.0
"""So much before expiry a token counts as dead: the request has to arrive, and clocks differ."""
AFTER_SUCCESS_S = 30.0
"""Between attempts while they succeed, even if the new token lasts no longer than the old."""
AFTER_FAILURE_S = 60.0
"""After a failed attempt: ``az`` replays a refusal for so long anyway."""
WANTED_AFTER_FAILURE_S = 2.0
"""The same where there is no usable token and a dictation begins: its speaker may just have signed in, and ``az`` looks
for that before it replays anything. Long enough for many dictations at once to be one attempt."""


class Freshness(enum.Enum):
    """What may be done with the token."""

    FRESH = "fresh"
    DUE = "due"
    """Usable, but to be renewed in the background."""
    EXPIRED = "expired"
    """Not usable, or there is none."""


class TokenTimes(msgspec.Struct, frozen=True):
    """What is known of one token and of the last attempt to renew it; its value is not needed here.

    ``expires``: ``None`` without a token. ``due``: from when a renewal is wanted. ``attempted``: when the last attempt
    ended, ``None`` before the first; ``failed``: whether it failed; ``repeated``: whether it gave once more the token
    that the service had just refused.
    """

    expires: float | None = None
    due: float = 0.0
    attempted: float | None = None
    failed: bool = False
    repeated: bool = False

    def obtained(
        self, expires: float, now: float, renew_at: float | None = None, *, repeated: bool = False
    ) -> TokenTimes:
        """A token came, new or the same again. ``renew_at``: when its service wants it renewed, if it said so."""
        due = expires - DUE_S
        return TokenTimes(expires, due if renew_at is None else min(due, renew_at), now, repeated=repeated)

    def refused(self, now: float) -> TokenTimes:
        """The attempt failed. A token that still lives goes on being used."""
        return msgspec.structs.replace(self, attempted=now, failed=True)

    def dropped(self) -> TokenTimes:
        """The service did not accept the token: there is none now, and another may be had at once."""
        return TokenTimes()

    def freshness(self, now: float) -> Freshness:
        """What may be done with the token now."""
        if self.expires is None or now >= self.expires - MARGIN_S:
            return Freshness.EXPIRED
        return Freshness.DUE if now >= self.due else Freshness.FRESH

    def replaceable(self, now: float) -> bool:
        """The service refused the token: whether asking for another is of use.

        For a minute it is not where that was tried and gave the same one: ``az`` cannot be made to do better.
        """
        return not self.repeated or self.attempted is None or not 0 <= now - self.attempted < AFTER_FAILURE_S

    def next_attempt(self, now: float, wanted: bool = False) -> float:
        """When to ask for a token next; not after ``now`` means at once.

        ``wanted``: a dictation begins, so a token that is dead may be asked for sooner after a failure.
        """
        dead = self.freshness(now) is Freshness.EXPIRED
        begin = now if dead else self.due
        if self.attempted is None or self.attempted > now:
            return begin
        after_failure = WANTED_AFTER_FAILURE_S if wanted and dead else AFTER_FAILURE_S
        return max(begin, self.attempted + (after_failure if self.failed else AFTER_SUCCESS_S))
