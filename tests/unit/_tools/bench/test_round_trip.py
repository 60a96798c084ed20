from __future__ import annotations

from pathlib import Path

import pytest
from anyio import to_thread

from parleqd._tools.bench import round_trip
from tests.fakes.daemon import running_daemon


@pytest.mark.asyncio
async def test_both_methods_are_compared_with_an_echo() -> None:
    async with running_daemon({"session/pending": {"sessions": []}}) as daemon:
        figures = await to_thread.run_sync(round_trip.measure, Path(daemon.path), 2, 3)
    assert [figure.what for figure in figures] == [b.what for b in round_trip.BUDGETS.values()]
    assert all(figure.value > 0 and figure.detail.endswith(", 6 of each") for figure in figures)
    assert len(daemon.asked("status/get")) == 3 * 3, "a block to warm up, then two"
