"""report/get."""

from __future__ import annotations

import msgspec

from parleqd.protocol.messages.daemon import MetricsResult
from parleqd.protocol.messages.parts import Message
from parleqd.protocol.names import CheckVerdict, Reason


class ReportSetting(Message, frozen=True):
    """``value``: any JSON value; "name-1" and so on stand for what somebody chose. ``origin``: without file or line."""

    key: str
    value: msgspec.Raw
    origin: str


class ReportCheck(Message, frozen=True):
    """As ``doctor/run`` found it, without its message."""

    check: str
    verdict: CheckVerdict
    reason: Reason | None = None


class ReportEvent(Message, frozen=True):
    """A record of the log. ``at``: seconds since the epoch."""

    at: float
    level: str
    event: str
    fields: dict[str, str | int | float | bool | None]


class ReportResult(Message, frozen=True):
    """``platform`` and ``packages`` by name; ``problems``: how many the settings file has; ``policy``: is there one?

    ``metrics`` is null, and ``events`` empty, where no daemon answers.
    """

    platform: dict[str, str]
    packages: dict[str, str]
    settings: list[ReportSetting]
    problems: int
    policy: bool
    checks: list[ReportCheck]
    metrics: MetricsResult | None
    events: list[ReportEvent]
