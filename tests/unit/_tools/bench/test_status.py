from __future__ import annotations

from pathlib import Path

import pytest
from anyio import to_thread

from parleqd._tools.bench import status
from tests.fakes.daemon import running_daemon


@pytest.mark.asyncio
async def test_the_command_is_compared_with_bare_python() -> None:
    async with running_daemon() as daemon:
        (figure,) = await to_thread.run_sync(status.measure, Path(daemon.path), 1)
    assert (figure.limit, figure.unit) == (80, "ms")
    assert len(daemon.asked("status/get")) == 2, "once to warm up, once for the figure"
