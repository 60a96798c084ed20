"""What the tokens of one decode say."""

from __future__ import annotations

import pytest

from parleqd.core.speech.decoded import Decoded, slices
from parleqd.core.speech.transcript import TimedText

T = 1000  # the first timestamp


@pytest.mark.parametrize(
    ("tokens", "found"),
    [
        ([], []),
        ([T], []),
        ([T, 1, 2, T + 50], [(0, 50, [1, 2])]),
        ([T, 1, T + 50, T + 60, 2, T + 90], [(0, 50, [1]), (60, 90, [2])]),
        ([T, 1, T + 50, T + 50], [(0, 50, [1])]),
        ([T, 1, T + 50, T + 60, 2], [(0, 50, [1]), (60, None, [2])]),
        ([T, 1, T + 50, 2], [(0, 50, [1]), (50, None, [2])]),
        ([1, 2], [(None, None, [1, 2])]),
        ([1, T + 50], [(None, 50, [1])]),
    ],
    ids=["nothing", "no-text", "one", "two", "pair-at-the-end", "unclosed", "no-start", "no-timestamps", "only-an-end"],
)
def test_text_lies_between_timestamps(tokens: list[int], found: list[tuple[int | None, int | None, list[int]]]) -> None:
    assert slices(tokens, first_timestamp=T) == found


def test_the_text_is_that_of_all_pieces() -> None:
    pieces = (TimedText(0.0, 1.0, "Ask"), TimedText(1.0, 1.0, ""), TimedText(1.0, 2.0, "not."))
    assert Decoded(pieces, closed=True, confidence=-0.1, no_speech=0.0, full=False).text == "Ask not."


@pytest.mark.parametrize(("no_speech", "is_noise"), [(0.0, False), (0.6, False), (0.61, True)])
def test_whisper_may_hear_no_speech(no_speech: float, is_noise: bool) -> None:
    decoded = Decoded((TimedText(0.0, 1.0, "Thank you."),), True, confidence=-1.1, no_speech=no_speech, full=False)
    assert decoded.hears_no_speech is is_noise
