from __future__ import annotations

from array import array

import pytest

from parleqd.core.capture.channels import take_channel


def test_mono_is_left_as_it_is() -> None:
    pcm = bytes(range(64))
    assert take_channel(pcm, 1, 1) is pcm


@pytest.mark.parametrize("channel", [1, 2, 3])
def test_one_channel_is_taken_and_none_is_mixed(channel: int) -> None:
    interleaved = array("h", [value for at in range(100) for value in (at, 1000 + at, -at)]).tobytes()
    expected = [[at, 1000 + at, -at][channel - 1] for at in range(100)]
    assert array("h", take_channel(interleaved, 3, channel)).tolist() == expected
