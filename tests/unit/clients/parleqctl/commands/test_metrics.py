from __future__ import annotations

import pytest

from parleqctl.commands.metrics import as_table
from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import Object, running_daemon

METRICS: Object = {
    "stages": {"decode": {"count": 3, "p50": 12.34, "p95": 100.0}},
    "counts": {"dictations": 3},
}


@pytest.mark.asyncio
async def test_metrics_are_tables_or_the_daemon_s_object() -> None:
    async with running_daemon({"metrics/get": METRICS}) as daemon:
        text = await parleqctl_at(daemon, "metrics")
        json = await parleqctl_at(daemon, "metrics", "--json")
    assert text.out == "stage   count  p50 ms  p95 ms\ndecode  3      12.3    100.0\n\ndictations  3\n"
    assert json.json == [METRICS]


def test_before_the_first_dictation_there_is_only_a_heading() -> None:
    assert as_table({"stages": {}, "counts": {}}) == "stage  count  p50 ms  p95 ms"
