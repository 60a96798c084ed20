from __future__ import annotations

import anyio
import pytest

from parleqctl.commands.metrics import as_prometheus, as_table
from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import Object, Peer, running_daemon

METRICS: Object = {
    "stages": {"decode": {"count": 3, "p50": 12.34, "p95": 100.0, "total": 4711}},
    "counts": {"dictations": 3},
    "cost": {},
}


@pytest.mark.asyncio
async def test_metrics_are_tables_or_the_daemon_s_object() -> None:
    async with running_daemon({"metrics/get": METRICS}) as daemon:
        text = await parleqctl_at(daemon, "metrics")
        json = await parleqctl_at(daemon, "metrics", "--json")
    assert text.out == "stage   count  p50 ms  p95 ms  total\ndecode  3      12.3    100.0   4711\n\ndictations  3\n"
    assert json.json == [METRICS]


def test_what_cleanup_cost_is_told_by_target_and_altogether() -> None:
    text = as_table({**METRICS, "cost": {"east": 0.0123, "west": 0.5}})
    assert text.endswith("target  cost\neast    0.0123\nwest    0.5000\nall     0.5123")


def test_small_amounts_show_what_they_are() -> None:
    text = as_table({**METRICS, "cost": {"east": 0.000026, "west": 1.5}})
    assert text.endswith("target  cost\neast    0.000026\nwest    1.500000\nall     1.500026")
    text = as_table({**METRICS, "cost": {"east": 0.000123456}})
    assert text.endswith("target  cost\neast    0.0001235\nall     0.0001235")
    assert as_table({**METRICS, "cost": {"east": 0.0}}).endswith("all     0.0000")


def test_before_the_first_dictation_there_is_only_a_heading() -> None:
    assert as_table({"stages": {}, "counts": {}}) == "stage  count  p50 ms  p95 ms  total"


def test_an_earlier_daemon_counts_no_total() -> None:
    stages = {"decode": {"count": 3, "p50": 1.0, "p95": 2.0}}
    assert as_table({"stages": stages}).splitlines()[1].split() == ["decode", "3", "1.0", "2.0", "3"]


def test_prometheus_reads_every_figure() -> None:
    assert as_prometheus({**METRICS, "cost": {"east": 0.5}}).splitlines() == [
        "# TYPE parleq_stage_milliseconds summary",
        'parleq_stage_milliseconds{stage="decode",quantile="0.5"} 12.34',
        'parleq_stage_milliseconds{stage="decode",quantile="0.95"} 100.0',
        'parleq_stage_milliseconds_count{stage="decode"} 4711',
        "# TYPE parleq_events_total counter",
        'parleq_events_total{name="dictations"} 3',
        "# TYPE parleq_cost_total counter",
        'parleq_cost_total{target="east"} 0.5',
    ]


def test_prometheus_reads_every_name() -> None:
    text = as_prometheus({"counts": {'target_the "west"': 1}, "cost": {"back\\slash\nand more": 0.5}})
    assert text.splitlines()[1:] == [
        "# TYPE parleq_events_total counter",
        r'parleq_events_total{name="target_the \"west\""} 1',
        "# TYPE parleq_cost_total counter",
        r'parleq_cost_total{target="back\\slash\nand more"} 0.5',
    ]


@pytest.mark.asyncio
async def test_prometheus_s_text_is_printed() -> None:
    async with running_daemon({"metrics/get": METRICS}) as daemon:
        outcome = await parleqctl_at(daemon, "metrics", "--prometheus")
    assert outcome.out.startswith("# TYPE parleq_stage_milliseconds summary\n")


@pytest.mark.asyncio
async def test_watching_prints_them_again_after_every_dictation() -> None:
    asked = 0

    async def metrics(peer: Peer, params: Object) -> Object:
        nonlocal asked
        asked += 1
        if asked == 3:
            await peer.hang_up()
            await anyio.sleep_forever()  # until it is noticed
        await peer.notify("session/partial", {"session_id": "s", "stable": "", "provisional": ""})
        for phase in ("recording", "cleaning", "delivering" if asked == 1 else "ended"):
            await peer.notify("session/state", {"session_id": "s", "phase": phase})
        return {**METRICS, "window": asked}

    async with running_daemon({"metrics/get": metrics}) as daemon:
        outcome = await parleqctl_at(daemon, "metrics", "--watch", "--json")
    assert outcome.code == 3
    *printed, error = outcome.json
    assert [line["window"] for line in printed] == [1, 2]
    assert error["error"]["reason"] == "daemon_unreachable"
    assert daemon.asked("events/subscribe") == [{"topics": ["state"]}]
