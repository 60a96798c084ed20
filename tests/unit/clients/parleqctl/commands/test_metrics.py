from __future__ import annotations

import pytest

from parleqctl.commands.metrics import as_table
from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import Object, running_daemon

METRICS: Object = {
    "stages": {"decode": {"count": 3, "p50": 12.34, "p95": 100.0}},
    "counts": {"dictations": 3},
    "cost": {},
}


@pytest.mark.asyncio
async def test_metrics_are_tables_or_the_daemon_s_object() -> None:
    async with running_daemon({"metrics/get": METRICS}) as daemon:
        text = await parleqctl_at(daemon, "metrics")
        json = await parleqctl_at(daemon, "metrics", "--json")
    assert text.out == "stage   count  p50 ms  p95 ms\ndecode  3      12.3    100.0\n\ndictations  3\n"
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
    assert as_table({"stages": {}, "counts": {}}) == "stage  count  p50 ms  p95 ms"
