"""The tree of errors."""

from __future__ import annotations

import pytest

from parleqd.core.errors import ConfigError, OutsideError, ParleqError, RefusedError
from parleqd.protocol.names import Reason


@pytest.mark.parametrize(
    "error",
    [
        RefusedError(Reason.QUEUE_FULL, "too many", "try later"),
        OutsideError(Reason.DEVICE_LOST, "it is gone"),
        ConfigError("the value is bad", "a number"),
    ],
)
def test_every_error_has_a_reason_and_prints_its_message(error: ParleqError) -> None:
    assert error.reason in Reason
    assert str(error) == error.message


def test_a_bad_setting_has_always_the_same_reason() -> None:
    assert ConfigError("x").reason is Reason.CONFIG_INVALID
