from __future__ import annotations

import os
import platform
import socket
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import anyio

from parleqd.app.config import ConfigStore
from parleqd.core.log_events import Recent, recent
from parleqd.engine.metrics import Metrics
from parleqd.engine.report import compose, measured
from parleqd.protocol import messages as m
from parleqd.protocol.names import CheckVerdict, Reason

TARGET = """
[[cleanup.target]]
name = "velvet"
provider = "azure-openai"
auth = "api-key"
resource = "velvet-openai"
deployment = "velvet-mini"
"""


def metrics() -> m.MetricsResult:
    found = Metrics()
    found.count("target_velvet")
    found.spent("velvet", 0.5)
    found.took("polish", 12.3456)
    return measured(found, 60.0)


def composed(
    store: ConfigStore,
    checks: list[m.CheckResult],
    metrics: m.MetricsResult | None = None,
    events: Iterable[Recent] = (),
) -> m.ReportResult:
    return anyio.run(partial(compose, store, checks, metrics, events))


def test_measurements_cross_the_wire_rounded() -> None:
    assert metrics().stages == {"polish": m.StageMetrics(count=1, p50=12.346, p95=12.346, total=1)}
    assert (metrics().uptime_seconds, metrics().window) == (60.0, 1000)


def test_a_name_is_one_number_in_settings_checks_measurements_and_events(tmp_path: Path) -> None:
    store = load(tmp_path)
    failed = m.CheckResult(check="velvet: quota", verdict=CheckVerdict.FAILED, message="velvet", reason=Reason.TIMEOUT)
    event = recent(1.23456, "error", "polish_failed", {"target": "velvet", "reason": "timeout", "request_id": "velvet"})
    report = composed(store, [failed], metrics(), [event])
    settings = {one.key: bytes(one.value) for one in report.settings}
    assert settings["cleanup.target[0].name"] == b'"name-1"'
    assert report.checks == [m.ReportCheck("name-1: quota", CheckVerdict.FAILED, Reason.TIMEOUT)]
    assert report.metrics is not None
    assert (report.metrics.counts, report.metrics.cost) == ({"target_name-1": 1}, {"name-1": 0.5})
    assert report.events == [m.ReportEvent(1.235, "error", "polish_failed", {"target": "name-1", "reason": "timeout"})]
    assert (report.problems, report.policy) == (0, False)


def test_where_a_setting_comes_from_is_told_without_the_file(tmp_path: Path) -> None:
    origins = {one.key: one.origin for one in composed(load(tmp_path), []).settings}
    assert (origins["cleanup.target[0].name"], origins["audio.device"]) == ("file", "default")


def test_the_machine_is_described_and_not_named(tmp_path: Path) -> None:
    report = composed(load(tmp_path), [])
    assert report.platform["machine"] == platform.machine()
    assert report.platform["processors"] == str(os.cpu_count())
    assert socket.gethostname() not in report.platform.values()
    assert report.platform["kernel"].replace(".", "").isdigit()
    assert "msgspec" in report.packages
    assert (report.metrics, report.events) == (None, [])


def load(folder: Path) -> ConfigStore:
    """The settings of a file with one target."""
    path = folder / "config.toml"
    path.write_text(TARGET)
    return ConfigStore(path, {})
