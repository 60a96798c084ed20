"""Windows: as long as the audio and some silence, within their bounds."""

from __future__ import annotations

import pytest

from parleqd.core.speech.windows import WHOLE_S, Window


@pytest.mark.parametrize(
    ("window", "audio_s", "seconds"),
    [
        (Window.SNUG, 1.0, 7.0),
        (Window.SNUG, 6.0, 8.0),
        (Window.FITTING, 1.0, 10.0),
        (Window.FITTING, 12.0, 14.0),
        (Window.FITTING, 29.0, WHOLE_S),
        (Window.WHOLE, 1.0, WHOLE_S),
        (Window.WHOLE, 31.0, WHOLE_S),
    ],
)
def test_a_window_fits_its_audio(window: Window, audio_s: float, seconds: float) -> None:
    assert window.seconds(audio_s) == seconds


def test_there_are_few_lengths() -> None:
    lengths = {window.seconds(audio_ms / 1000) for window in Window for audio_ms in range(0, 31_000, 7)}
    assert len(lengths) == 24
