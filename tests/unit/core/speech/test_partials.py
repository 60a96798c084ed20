"""Hypotheses come when something new was said, and never cost more than one window."""

from __future__ import annotations

from parleqd.core.speech.partials import LONGEST_S, Partials, Span
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.protocol.names import SAMPLE_RATE


def s(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def wanted() -> Partials:
    return Partials(wanted=True, start=0)


def test_nobody_reads_them() -> None:
    assert not Partials(wanted=False, start=0).due(s(9.0), voiced_seconds=9.0)


def test_due_after_a_second_with_a_voice_in_it() -> None:
    partials = wanted()
    assert not partials.due(s(0.9), voiced_seconds=0.9)
    assert not partials.due(s(5.0), voiced_seconds=0.05)
    assert partials.due(s(1.0), voiced_seconds=0.3)


def test_due_again_only_when_more_was_said() -> None:
    partials = wanted()
    assert partials.begin(s(1.0), voiced_seconds=0.8) == Span(0, s(1.0))
    assert not partials.due(s(1.5), voiced_seconds=1.2)
    assert not partials.due(s(9.0), voiced_seconds=0.8)
    assert partials.due(s(9.0), voiced_seconds=0.9)


def test_without_a_voice_detector_every_second_is_due() -> None:
    partials = wanted()
    partials.begin(s(1.0), VOICED_UNKNOWN)
    assert partials.due(s(2.0), VOICED_UNKNOWN)


def test_a_short_clip_is_heard_again_from_its_beginning() -> None:
    partials = wanted()
    span = partials.begin(s(3.0), 2.0)
    assert partials.decoded(span, [TimedText(0.0, 2.8, "Ask not")]) == "Ask not"
    span = partials.begin(s(4.0), 3.0)
    assert span.start == 0
    assert partials.decoded(span, [TimedText(0.0, 3.9, "Ask not what")]) == "Ask not what"


def test_a_long_one_is_heard_again_from_where_it_has_settled() -> None:
    partials = wanted()
    span = partials.begin(s(21.0), 20.0)
    said = [TimedText(0.0, 9.0, "One."), TimedText(9.0, 15.5, "Two."), TimedText(15.5, 20.5, "Three")]
    assert partials.decoded(span, said) == "One. Two. Three"
    span = partials.begin(s(22.0), 21.0)
    assert span == Span(s(15.5), s(22.0))
    assert partials.decoded(span, [TimedText(15.5, 21.9, "Three and four.")]) == "One. Two. Three and four."


def test_talking_without_a_pause_for_two_minutes_never_costs_more_than_a_window() -> None:
    partials = wanted()
    for second in range(1, 121):
        assert partials.due(s(second), float(second))
        span = partials.begin(s(second), float(second))
        assert span.end - span.start <= s(LONGEST_S)
        text = f"{span.start / SAMPLE_RATE:.0f}-{second}"
        hypothesis = partials.decoded(span, [TimedText(span.start / SAMPLE_RATE, second, text)])
        assert hypothesis.startswith("0-")
        assert hypothesis.endswith(f"-{second}")


def test_a_long_silence_is_not_heard_again() -> None:
    partials = wanted()
    partials.decoded(partials.begin(s(3.0), 2.0), [TimedText(0.0, 2.5, "Wait.")])
    span = partials.begin(s(90.0), 2.5)
    assert span == Span(s(90.0 - LONGEST_S), s(90.0))
    assert partials.decoded(span, [TimedText(89.0, 90.0, "Now.")]) == "Wait. Now."


def test_what_is_committed_is_no_hypothesis_any_more() -> None:
    partials = wanted()
    partials.decoded(partials.begin(s(10.0), 9.0), [TimedText(0.0, 9.0, "One.")])
    partials.committed(s(9.5))
    span = partials.begin(s(11.0), 10.0)
    assert span == Span(s(9.5), s(11.0))
    assert partials.decoded(span, [TimedText(10.0, 11.0, "Two.")]) == "Two."
