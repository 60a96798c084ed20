"""What the engine refuses or fails at, and why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from parleqd.core.errors import ParleqError
from parleqd.protocol.names import Reason


def reason_of(call: Callable[[], object]) -> Reason:
    """The reason for which a call is refused, as it must be."""
    with pytest.raises(ParleqError) as raised:
        call()
    return raised.value.reason


async def reason_when(call: Awaitable[object]) -> Reason:
    """The same of a call that is awaited."""
    with pytest.raises(ParleqError) as raised:
        await call
    return raised.value.reason
