"""Puts together what a report for the project's developers shows of this daemon and machine."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence

import msgspec
from anyio import to_thread

import parleqd
from parleqd.core.log_events import Recent
from parleqd.core.ports import SettingsStore
from parleqd.core.report.findings import check_shown, counts_shown, events_shown
from parleqd.core.report.pseudonyms import Pseudonyms
from parleqd.core.report.settings import origin_shown, shown
from parleqd.engine.metrics import Metrics
from parleqd.protocol import messages as m

_VERSION = re.compile(r"\d+(\.\d+)*")
_PACKAGE = re.compile(r"[A-Za-z0-9._-]+")
_OS_FIELDS = {"ID": "os", "VERSION_ID": "os_version"}


async def compose(
    store: SettingsStore,
    checks: Sequence[m.CheckResult],
    metrics: m.MetricsResult | None = None,
    events: Iterable[Recent] = (),
) -> m.ReportResult:
    """The report. ``metrics`` and ``events`` are there where a daemon runs."""
    names = Pseudonyms()
    origins = {one.key: one.origin for one in store.show()}
    return m.ReportResult(
        platform=await to_thread.run_sync(_platform),
        packages=await to_thread.run_sync(_packages),
        settings=[
            m.ReportSetting(key, msgspec.Raw(msgspec.json.encode(value)), origin_shown(origins.get(key, "file")))
            for key, value in shown(store.settings, names)
        ],
        problems=len(store.problems),
        policy=store.policy is not None,
        checks=[m.ReportCheck(check_shown(one.check, names), one.verdict, one.reason) for one in checks],
        metrics=None if metrics is None else _nameless(metrics, names),
        events=[
            m.ReportEvent(round(event.at, 3), event.level, event.event, fields)
            for event, fields in events_shown(events, names)
        ],
    )


def measured(metrics: Metrics, uptime_s: float) -> m.MetricsResult:
    """What was measured, as it crosses the wire."""
    return m.MetricsResult(
        stages={
            stage: m.StageMetrics(count=took.count, p50=round(took.p50, 3), p95=round(took.p95, 3), total=took.total)
            for stage, took in metrics.stages().items()
        },
        counts=dict(metrics.counts),
        cost={target: round(amount, 6) for target, amount in metrics.cost.items()},
        window=metrics.kept,
        uptime_seconds=round(uptime_s, 3),
    )


def _nameless(metrics: m.MetricsResult, names: Pseudonyms) -> m.MetricsResult:
    counts = counts_shown(metrics.counts, names)
    cost = {names.of(target): amount for target, amount in metrics.cost.items()}
    return msgspec.structs.replace(metrics, counts=counts, cost=cost)


def _platform() -> dict[str, str]:
    """The machine's kind: never its name, nor what its owner may have called its kernel."""
    import platform  # here and below: not at start-up

    found = {
        "parleqd": parleqd.__version__,
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "system": sys.platform,
        "machine": platform.machine(),
        "kernel": _version(platform.release()),
        "libc": _version(platform.libc_ver()[1]),
        "processors": str(os.cpu_count() or 0),
    }
    return {**found, **_distribution()}


def _distribution() -> dict[str, str]:
    import platform

    if sys.platform == "darwin":
        return {"os": "macos", "os_version": _version(platform.mac_ver()[0])}
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return {}
    return {name: release[key] for key, name in _OS_FIELDS.items() if _PACKAGE.fullmatch(release.get(key, ""))}


def _version(text: str) -> str:
    found = _VERSION.match(text)
    return found[0] if found else ""


def _packages() -> dict[str, str]:
    """The versions of what parleqd stands on; what else is installed is nobody's business."""
    from importlib import metadata

    try:
        wanted = metadata.requires("parleqd") or []
    except metadata.PackageNotFoundError:  # run from a folder of sources
        return {}
    names = {found[0] for requirement in wanted if (found := _PACKAGE.match(requirement))}
    return {name: _installed(name) for name in sorted(names)}


def _installed(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"
