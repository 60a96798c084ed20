from __future__ import annotations

import pytest

from parleqd.core.settings.modes import at_most
from parleqd.protocol.names import Mode

RAW, INSTANT, POLISHED = Mode.RAW, Mode.INSTANT, Mode.POLISHED


@pytest.mark.parametrize(
    ("mode", "most", "left"),
    [
        (POLISHED, INSTANT, INSTANT),
        (POLISHED, RAW, RAW),
        (INSTANT, RAW, RAW),
        (INSTANT, POLISHED, INSTANT),
        (RAW, INSTANT, RAW),
        (INSTANT, INSTANT, INSTANT),
    ],
)
def test_a_mode_is_lowered_and_never_raised(mode: Mode, most: Mode, left: Mode) -> None:
    assert at_most(mode, most) is left
