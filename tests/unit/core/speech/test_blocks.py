"""Long audio is cut in pauses, short audio never; every sample lies in exactly one block."""

from __future__ import annotations

import random

import pytest

from parleqd.core.speech.blocks import LONGEST_S, PAUSE_S, SHORTEST_S, Block, Blocks, quietest
from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE


def frames(seconds: float) -> int:
    return round(seconds / FRAME_S)


def test_a_clip_of_up_to_three_minutes_stays_whole() -> None:
    blocks = Blocks(start=0)
    blocks.hear([0.9] * (frames(LONGEST_S) - 1), [True] * (frames(LONGEST_S) - 1))
    assert blocks.cut() is None
    end = round(LONGEST_S * SAMPLE_RATE) - 1
    assert blocks.rest(end) == Block(0, end, (frames(LONGEST_S) - 1) * FRAME_S)


def test_a_longer_one_is_cut_in_the_middle_of_a_pause() -> None:
    voice = [0.9] * frames(LONGEST_S)
    at = frames(160.0)
    voice[at : at + frames(PAUSE_S)] = [0.1] * frames(PAUSE_S)
    voice[frames(20.0) : frames(30.0)] = [0.0] * (frames(30.0) - frames(20.0))  # too early: the block would be short
    blocks = Blocks(start=0)
    blocks.hear(voice, [p > 0.5 for p in voice])
    block = blocks.cut()
    assert block is not None
    assert block.end == (at + frames(PAUSE_S) // 2) * FRAME_SAMPLES


def test_an_unknown_voice_stays_unknown_and_is_cut_where_it_is_least_loud() -> None:
    loudness = [0.5] * frames(LONGEST_S)
    loudness[-100:-80] = [0.2] * 20
    blocks = Blocks(start=0)
    blocks.hear(loudness, None)
    block = blocks.cut()
    assert block is not None
    assert block.voiced_seconds == VOICED_UNKNOWN
    assert frames(LONGEST_S) - 100 < block.end // FRAME_SAMPLES < frames(LONGEST_S) - 80


@pytest.mark.parametrize("start", [0, 1234])
def test_an_hour_is_covered_without_gap_or_overlap(start: int) -> None:
    rng = random.Random(3)
    blocks, at, heard = Blocks(start), start, 0
    while heard < frames(3600.0):
        voice = [rng.random() for _ in range(500)]
        blocks.hear(voice, [p > 0.5 for p in voice])
        heard += len(voice)
        while (block := blocks.cut()) is not None:
            assert block.start == at
            assert SHORTEST_S <= (block.end - block.start) / SAMPLE_RATE <= LONGEST_S
            at = block.end
            blocks.committed(block)
    end = start + heard * FRAME_SAMPLES - 7
    assert blocks.rest(end)[:2] == (at, end)


def test_the_quietest_place_is_the_middle_of_the_lowest_neighbours() -> None:
    assert quietest([9, 0, 9, 1, 1, 1, 9], width=3) == 4
    assert quietest([0, 0, 0, 0], width=2) == 3
