"""Which target a dictation asks, and in what order, from the targets' weights, the strategy and their health.

A pure state machine: the time (seconds of a clock that never goes back) and the random number come from outside.

Health. A failure that says something of the target takes it out of the rotation at once, so one dictation pays at
most, never the next:

    healthy  ── a short hint (retry-after ≤ 60 s) ──▶  cooling  ── the hint is over ──▶  healthy
    healthy  ── any other failure ──────────────────▶  down     ── a probe succeeds ──▶  healthy

A target that fails again as soon as its hint is over goes down too, at the third time. A hint stands whatever the
requests bring that were under way when it came: a success does not end it, and a failure does not count once more.

While a target is down, probes become due after growing pauses: 2 s to 5 min for what passes by itself, 60 s to an hour
for what somebody has to mend (a refused key, a missing role or deployment, a spent quota) or for a hint beyond 60 s,
which is a quota. No dictation pays for a probe, and a target that is cooling or down is never asked, not even as a
last resort.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence

import msgspec

from parleqd.core.polish.failure import Failure
from parleqd.core.settings import Strategy, Target
from parleqd.protocol.names import Reason

LONGEST_COOLDOWN_S = 60.0
"""A hint beyond this is a fact about a quota, not a time to wait."""
BREAKS_AFTER = 3
"""Failures in a row after which even short hints no longer bring a target back by themselves."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 300.0
MEND_FIRST_PAUSE_S, MEND_LONGEST_PAUSE_S = 60.0, 3600.0
_GOLDEN = (math.sqrt(5) - 1) / 2
_MEND = frozenset(
    (
        Reason.KEY_REJECTED,
        Reason.PERMISSION_DENIED,
        Reason.NETWORK_BLOCKED,
        Reason.RESOURCE_NOT_FOUND,
        Reason.DEPLOYMENT_NOT_FOUND,
        Reason.QUOTA_EXHAUSTED,
    )
)
"""What stays until somebody changes something at the service or in the settings."""


class Health(enum.StrEnum):
    """How a target is."""

    HEALTHY = "healthy"
    COOLING = "cooling"
    """Resting for as long as its service asked; then used again."""
    DOWN = "down"
    """Out until a probe succeeds."""


class TargetHealth(msgspec.Struct, frozen=True):
    """One target as ``status`` shows it.

    ``failures``: in a row. ``again_in_s``: until it is used again (cooling) or probed (down), 0 when that is due.
    ``last``: the failure that it rests for, ``None`` while healthy.
    """

    name: str
    health: Health
    failures: int = 0
    again_in_s: float = 0.0
    last: Failure | None = None


class _Record:
    """What is known of one target. ``last``: the failure it rests for, until ``until`` at least.

    ``asked_until``: when the time is over for which its service asked.
    """

    def __init__(self, target: Target) -> None:
        self.name = target.name
        self.weight = target.weight
        self.place = (target.provider, target.resource, target.deployment)
        self.heal()

    def heal(self) -> None:
        self.failures = 0
        self.last: Failure | None = None
        self.until = -math.inf
        self.asked_until = -math.inf
        self.probed_only = False

    def health(self, now: float) -> Health:
        if self.last is None or (not self.probed_only and now >= self.until):
            return Health.HEALTHY
        return Health.DOWN if self.probed_only else Health.COOLING

    def answer(self, now: float) -> None:
        """It works; yet while its service asked for rest, it rests."""
        if now >= self.asked_until:
            self.heal()
        else:
            self.probed_only, self.until = False, self.asked_until

    def fail(self, failure: Failure, now: float, probe: bool) -> None:
        """``probe``: it was one that failed, so the next one comes later, whatever the failure says."""
        if probe or self.health(now) is Health.HEALTHY:
            self.failures += 1
        hint = failure.retry_after_s
        hinted = hint is not None and 0 < hint < math.inf
        short = hint is not None and hinted and hint <= LONGEST_COOLDOWN_S and failure.reason not in _MEND
        down = probe or self.probed_only or not short or self.failures >= BREAKS_AFTER
        wait = _pause(failure, self.failures) if down else 0.0
        if hint is not None and hinted:
            asked = min(hint, LONGEST_COOLDOWN_S)
            wait = max(wait, asked)
            self.asked_until = max(self.asked_until, now + asked)
        self.last = failure
        self.probed_only = down
        self.until = max(self.until, now + wait)


def _pause(failure: Failure, failures: int) -> float:
    """Seconds until the next probe after so many failures in a row."""
    quota = failure.retry_after_s is not None and failure.retry_after_s > LONGEST_COOLDOWN_S
    lasting = quota or failure.reason in _MEND
    first, longest = (MEND_FIRST_PAUSE_S, MEND_LONGEST_PAUSE_S) if lasting else (FIRST_PAUSE_S, LONGEST_PAUSE_S)
    return min(longest, math.ldexp(first, min(failures - 1, 16)))


class Router:
    """The targets of one set of settings; new settings make a new router, with every target healthy (`take_over`).

    Raises ``ValueError`` without targets.
    """

    def __init__(self, targets: Sequence[Target], strategy: Strategy) -> None:
        if not targets:
            raise ValueError("a router needs at least one target")
        self._strategy = strategy
        used = targets[:1] if strategy is Strategy.SINGLE else targets
        self._records = {target.name: _Record(target) for target in used}

    def take_over(self, before: Router) -> None:
        """Keep the hints of the router before this one: the services that gave them know nothing of new settings."""
        asked = {record.place: record for record in before._records.values()}
        for record in self._records.values():
            if (old := asked.get(record.place)) is not None:
                record.last, record.until, record.asked_until = old.last, old.asked_until, old.asked_until

    def order(self, now: float, roll: float) -> list[str]:
        """The targets to try for one dictation, the first first; none when all are cooling or down.

        ``single`` has only the first of the settings, ``fallback`` their order. ``loadbalance`` begins with one
        chosen by weight, ``roll`` being uniform in [0, 1), and goes on with those after it, round to the beginning.
        A target of weight 0 is a reserve, tried when none with a weight is left; if all have 0, all count equally.
        """
        healthy = [r for r in self._records.values() if r.health(now) is Health.HEALTHY]
        if self._strategy is not Strategy.LOADBALANCE:
            return [record.name for record in healthy]
        weighted = [record for record in healthy if record.weight > 0]
        reserve = [record for record in healthy if record.weight <= 0]
        order = _from_chosen(weighted, roll) if weighted else _from_chosen(reserve, roll)
        return [record.name for record in (order + reserve if weighted else order)]

    def refusal(self, now: float) -> Failure:
        """Why `order` gave none, for the user: what the target that is back first rests for."""
        first = min(self._records.values(), key=lambda record: record.until)
        last = first.last
        again = max(0.0, first.until - now)
        what = "is used again" if first.health(now) is Health.COOLING else "is tried again in the background"
        return Failure(
            Reason.COOLING_DOWN,
            f"{first.name} {what} in {again:.0f} s" + (f", after: {last.message}" if last else ""),
            last.hint if last else "",
            fail_over=False,
            ails=False,
            retry_after_s=again,
        )

    def succeeded(self, name: str, now: float) -> None:
        """It answered. A request that was under way when another failed may say so: the target works."""
        self._records[name].answer(now)

    def cooling(self, name: str, now: float) -> bool:
        """Whether its service asked for rest, and the time is not over."""
        return now < self._records[name].asked_until

    def failed(self, name: str, failure: Failure, now: float) -> None:
        """It failed a dictation. What says nothing of the target's health (``ails``) changes nothing."""
        if failure.ails:
            self._records[name].fail(failure, now, probe=False)

    def probe_due(self, now: float) -> list[str]:
        """The targets that are down and may be probed now, outside any dictation; each stays due until `probed`."""
        return [r.name for r in self._records.values() if r.health(now) is Health.DOWN and now >= r.until]

    def next_probe(self, now: float) -> float | None:
        """When the next probe is due, not after ``now`` if one is; ``None`` while no target is down."""
        return min((r.until for r in self._records.values() if r.health(now) is Health.DOWN), default=None)

    def probed(self, name: str, failure: Failure | None, now: float) -> None:
        """How a probe ended. Any failure puts the next one off, also one that is not the target's fault."""
        record = self._records[name]
        if failure is None:
            record.heal()
        else:
            record.fail(failure, now, probe=True)

    def status(self, now: float) -> list[TargetHealth]:
        """Every target that is used, in the order of the settings."""
        return [self._status(record, now) for record in self._records.values()]

    def _status(self, record: _Record, now: float) -> TargetHealth:
        health = record.health(now)
        if health is Health.HEALTHY:
            return TargetHealth(record.name, health, record.failures)
        return TargetHealth(record.name, health, record.failures, max(0.0, record.until - now), record.last)


def next_roll(roll: float) -> float:
    """The roll after this one: a sequence that begins anywhere and is spread evenly over [0, 1).

    Steps of the golden ratio (Weyl's sequence; Knuth, TAOCP 6.4) keep the shares of the weights to a fraction of a
    per cent from the first hundred dictations on, where independent rolls still stray by several.
    """
    return (roll + _GOLDEN) % 1.0


def _from_chosen(records: Sequence[_Record], roll: float) -> list[_Record]:
    """The records from the one that ``roll`` chooses by weight (equal ones where no weight is left), round."""
    weights = [max(record.weight, 0.0) for record in records]
    if not any(weights):
        weights = [1.0] * len(records)
    left = roll * math.fsum(weights)
    chosen = 0
    for index, weight in enumerate(weights):
        chosen = index
        if left < weight:
            break
        left -= weight
    return [*records[chosen:], *records[:chosen]]
