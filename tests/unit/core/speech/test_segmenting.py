"""Where speech is cut: in pauses, at quiet points, and in any case before it is too long for one decode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.speech.segmenting import DEFAULT, Block, Policy, Segmenter, Span, quietest
from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES, VoiceActivity
from parleqd.protocol.names import SAMPLE_RATE

MARGIN = 6  # frames: 0.2 s
PAUSE = 16  # frames: 0.5 s


def frames(seconds: float) -> int:
    return round(seconds / FRAME_S)


def speech(seconds: float) -> list[float]:
    return [0.95] * frames(seconds)


def silence(seconds: float) -> list[float]:
    return [0.05] * frames(seconds)


def hear(segmenter: Segmenter, voice: Sequence[float]) -> None:
    segmenter.hear(voice, [probability >= 0.5 for probability in voice])


def taken(segmenter: Segmenter) -> Iterator[Block]:
    """The segments that are ready, each committed."""
    while segmenter.ready is not None:
        block = segmenter.take()
        yield block


def cut(voice: Sequence[float], policy: Policy = DEFAULT) -> list[int]:
    """The frames before which this is cut."""
    segmenter = Segmenter(0, policy)
    hear(segmenter, voice)
    return [block.end // FRAME_SAMPLES for block in taken(segmenter)]


def test_a_pause_ends_a_segment_that_is_long_enough() -> None:
    assert cut(speech(11.0) + silence(0.512)) == [frames(11.0) + PAUSE // 2]


def test_no_pause_ends_a_short_one() -> None:
    assert cut(speech(9.0) + silence(4.0)) == []


def test_no_short_pause_ends_one() -> None:
    assert cut(speech(11.0) + silence(0.4) + speech(4.0)) == []


def test_a_long_silence_behind_a_few_words_ends_their_segment_in_its_middle() -> None:
    (at,) = cut(speech(2.0) + silence(14.0))
    assert frames(8.9) < at < frames(9.1)


def test_a_long_one_is_cut_at_its_quietest_point() -> None:
    voice = speech(16.0)
    voice[frames(3.0) : frames(3.2)] = silence(0.2)  # too long ago
    voice[frames(12.0) : frames(12.0) + 3] = [0.45, 0.2, 0.45]
    voice[frames(14.0) : frames(14.0) + 3] = [0.45, 0.4, 0.45]
    assert cut(voice) == [frames(12.0) + 1]


def test_without_a_quiet_point_it_goes_on_to_the_hard_limit() -> None:
    voice = speech(20.0)
    voice[frames(18.0)] = 0.6
    assert cut(voice[:-1]) == []
    (at,) = cut(voice)
    assert abs(at - frames(18.0)) <= 1


def test_silence_alone_is_cut_too_and_leaves_the_next_word_its_margin() -> None:
    segmenter = Segmenter(0)
    hear(segmenter, silence(10.016) + speech(1.0) + silence(0.4))
    (block,) = taken(segmenter)
    assert block == Block(0, (frames(10.016) - MARGIN) * FRAME_SAMPLES, Span(0, 0), [], 0.0)
    assert segmenter.open is not None
    assert segmenter.open.speech.start == block.end
    assert segmenter.open.voiced[: MARGIN + 1] == [False] * MARGIN + [True]


def test_hours_of_silence_are_many_segments() -> None:
    segmenter = Segmenter(0)
    hear(segmenter, silence(600.0))
    ends = [block.end / SAMPLE_RATE for block in taken(segmenter)]
    assert len(ends) >= 59
    assert ends[-1] > 588.0


def test_what_is_decoded_is_the_speech_and_a_margin() -> None:
    segmenter = Segmenter(1000)
    hear(segmenter, silence(3.0) + speech(2.0) + silence(1.0))
    first, last = frames(3.0), frames(3.0) + frames(2.0)
    segmenter.rest(1000 + (last + frames(1.0)) * FRAME_SAMPLES - 7)
    (block,) = taken(segmenter)
    assert block.speech == Span(*(1000 + at * FRAME_SAMPLES for at in (first - MARGIN, last + MARGIN)))
    assert block.voiced == [False] * MARGIN + [True] * (last - first) + [False] * MARGIN
    assert block.voiced_seconds == pytest.approx(frames(2.0) * FRAME_S)
    assert (block.start, block.end) == (1000, 1000 + (last + frames(1.0)) * FRAME_SAMPLES - 7)


def test_the_last_speech_ends_with_the_audio() -> None:
    segmenter = Segmenter(0)
    hear(segmenter, speech(1.0))
    segmenter.rest(frames(1.0) * FRAME_SAMPLES - 100)
    (block,) = taken(segmenter)
    assert block.speech == Span(0, frames(1.0) * FRAME_SAMPLES - 100)


@pytest.mark.parametrize("before", [[], speech(11.0) + silence(0.512)])
def test_the_rest_may_be_empty(before: list[float]) -> None:
    segmenter = Segmenter(500)
    hear(segmenter, before)
    end = [500, *(block.end for block in taken(segmenter))][-1]
    segmenter.rest(500 + len(before) * FRAME_SAMPLES)
    (block,) = taken(segmenter)
    assert block[:3] == (end, 500 + len(before) * FRAME_SAMPLES, Span(end, end))
    assert block.voiced_seconds == 0.0
    assert segmenter.open is None


def test_the_open_segment_grows_with_what_is_said() -> None:
    segmenter = Segmenter(0)
    hear(segmenter, silence(1.0))
    before = segmenter.open
    hear(segmenter, speech(1.0) + silence(0.16))
    block = segmenter.open
    assert before is None
    assert block is not None
    assert block.end == (frames(1.0) * 2 + 5) * FRAME_SAMPLES
    assert block.speech == Span((frames(1.0) - MARGIN) * FRAME_SAMPLES, block.end)
    assert segmenter.silent_s == pytest.approx(0.16)


def test_a_cut_leaves_what_was_said_behind_it_open() -> None:
    voice = speech(20.0)
    voice[frames(15.0) : frames(15.2)] = silence(0.2)
    segmenter = Segmenter(0)
    hear(segmenter, voice)
    (block,) = taken(segmenter)
    assert segmenter.open is not None
    assert segmenter.open.start == block.end
    assert segmenter.open.speech.end == len(voice) * FRAME_SAMPLES
    assert segmenter.silent_s == 0.0


def test_an_unknown_voice_is_speech_and_is_cut_where_it_is_least_loud() -> None:
    loudness = [0.9] * frames(16.0)  # which is no probability
    loudness[frames(12.0) : frames(12.0) + 3] = [0.6] * 3
    segmenter = Segmenter(0)
    segmenter.hear(loudness, None)
    (block,) = taken(segmenter)
    assert block.end == (frames(12.0) + 1) * FRAME_SAMPLES
    assert block.speech == Span(0, block.end)
    assert (list(block.voiced), block.voiced_seconds) == ([], VOICED_UNKNOWN)


def test_a_detector_that_fails_leaves_the_segment_unknown() -> None:
    segmenter = Segmenter(0)
    hear(segmenter, silence(1.0) + speech(1.0))
    segmenter.hear([0.1] * frames(1.0), None)
    segmenter.rest(3 * frames(1.0) * FRAME_SAMPLES)
    (block,) = taken(segmenter)
    assert block.speech == Span((frames(1.0) - MARGIN) * FRAME_SAMPLES, 3 * frames(1.0) * FRAME_SAMPLES)
    assert (list(block.voiced), block.voiced_seconds) == ([], VOICED_UNKNOWN)


def test_the_quietest_place_is_the_middle_of_the_lowest_neighbours() -> None:
    assert quietest([9, 0, 9, 1, 1, 1, 9], width=3) == 4
    assert quietest([0, 0, 0, 0], width=2) == 3


SHORT = Policy(pause_s=0.2, least_s=1.0, soft_s=1.6, reach_s=0.6, hard_s=2.0, margin_s=0.1, silence_s=1.0)
"""The same rules in a tenth of the time, so that a few hundred frames hold many segments."""

RUNS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.3, 0.45, 0.6, 1.0]), st.integers(1, 60), st.randoms(use_true_random=False)),
    max_size=12,
)


def wavering(runs: list[tuple[float, int, object]]) -> list[float]:
    """Stretches of one level each, with something of the others in them."""
    return [
        min(1.0, max(0.0, level + random.uniform(-0.2, 0.2)))  # type: ignore[attr-defined] # hypothesis's Random
        for level, count, random in runs
        for _ in range(count)
    ]


def segments(voice: Sequence[float], pieces: Sequence[int], start: int, end: int, *, deaf_from: int) -> list[Block]:
    """All segments of this, heard in pieces of so many frames."""
    segmenter, activity, found, at = Segmenter(start, SHORT), VoiceActivity(), list[Block](), 0
    for count in [*pieces, len(voice)]:
        for first, last in ((at, min(at + count, deaf_from)), (max(at, deaf_from), at + count)):
            if heard := voice[first : max(first, last)]:
                segmenter.hear(heard, activity.hear(heard) if first < deaf_from else None)
        at += count
        found += taken(segmenter)
    segmenter.rest(end)
    return [*found, *taken(segmenter)]


@given(
    runs=RUNS,
    pieces=st.lists(st.integers(1, 80), max_size=20),
    start=st.sampled_from([0, 1234]),
    missing=st.integers(0, FRAME_SAMPLES - 1),
    deaf_from=st.one_of(st.just(10_000), st.integers(0, 300)),
)
def test_segments_tile_the_audio_however_it_arrives(
    runs: list[tuple[float, int, object]], pieces: list[int], start: int, missing: int, deaf_from: int
) -> None:
    voice = wavering(runs)
    end = start + len(voice) * FRAME_SAMPLES - (missing if voice else 0)
    found = segments(voice, pieces, start, end, deaf_from=deaf_from)
    at = start
    for block in found:
        assert block.start == at
        assert block.start <= block.speech.start <= block.speech.end <= block.end
        assert block.speech.end - block.speech.start <= (SHORT.hard_s + 2 * SHORT.margin_s) * SAMPLE_RATE
        assert not block.voiced or len(block.voiced) == -(-(block.speech.end - block.speech.start) // FRAME_SAMPLES)
        at = block.end
    assert at == end
    assert all(block.end > block.start for block in found[:-1])
    assert found == segments(voice, [], start, end, deaf_from=deaf_from)


@given(runs=RUNS)
def test_every_voiced_frame_is_decoded_once(runs: list[tuple[float, int, object]]) -> None:
    voice = wavering(runs)
    found = segments(voice, [], 0, len(voice) * FRAME_SAMPLES, deaf_from=10_000)
    assert sum(sum(block.voiced) for block in found) == sum(VoiceActivity().hear(voice))
