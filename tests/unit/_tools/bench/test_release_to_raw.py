from __future__ import annotations

import pytest

from parleqd._tools.bench import release_to_raw
from tests.compared import compared


def test_each_length_is_held_to_its_target() -> None:
    clips = [compared(5, 100, 500), compared(5, 120, 500), compared(30, 150, 1000), compared(30, 160, 1000)]
    short, long = release_to_raw.figures(clips)
    assert [short.value, long.value] == pytest.approx([0.22, 0.155])
    assert (short.limit, short.held) == (0.25, True)
    assert (long.limit, long.held) == (0.12, False)
    assert short.detail == "100 of 500 ms, 120 of 500 ms; `make bench-speech` measures more"
