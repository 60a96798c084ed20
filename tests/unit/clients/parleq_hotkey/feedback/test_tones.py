from __future__ import annotations

from array import array
from itertools import pairwise

from parleq_hotkey.feedback.tones import END, LOUDNESS, NOTE_S, START, tones


def test_a_sound_is_short_quiet_and_without_clicks() -> None:
    for notes in (START, END):
        samples = array("h", tones(notes, rate=16_000))
        assert len(samples) == round(2 * NOTE_S * 16_000)
        assert 0.9 * LOUDNESS * 32_767 < max(samples) <= LOUDNESS * 32_767
        steps = [abs(after - before) for before, after in pairwise(samples)]
        assert max(steps) < 32_767 * LOUDNESS / 2
        assert (samples[0], abs(samples[-1]) < 10) == (0, True)


def test_the_two_sounds_differ() -> None:
    assert tones(START) != tones(END)
