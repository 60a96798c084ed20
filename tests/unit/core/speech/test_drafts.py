"""Drafts: what fits together, what is known of them, and what a revision replaces."""

from __future__ import annotations

import pytest

from parleqd.core.speech.drafts import Drafts
from parleqd.core.speech.guesses import Guess
from parleqd.core.speech.segmenting import Block, Span
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE

SECOND = SAMPLE_RATE // FRAME_SAMPLES * FRAME_SAMPLES


def block(start_s: int, end_s: int, *, known: bool = True) -> Block:
    """Speech, with a quarter of a second of silence at both ends."""
    start, end = start_s * SECOND, end_s * SECOND
    speech = Span(start + 8 * FRAME_SAMPLES, end - 8 * FRAME_SAMPLES)
    frames = (speech.end - speech.start) // FRAME_SAMPLES
    if not known:
        return Block(start, end, speech, (), VOICED_UNKNOWN)
    return Block(start, end, speech, [True] * frames, frames * FRAME_S)


def said(text: str) -> list[TimedText]:
    return [TimedText(0.0, 1.0, text)]


def guessed(start_s: int, end_s: int, text: str = "guessed") -> Guess:
    """A guess of all that is said there."""
    one = block(start_s, end_s)
    return Guess(one, one.speech.end, said(text))


def text(drafts: Drafts) -> str:
    return join(piece.text for piece in drafts.texts)


def test_drafts_fit_as_long_as_all_of_them_fit_into_one_window() -> None:
    drafts = Drafts()
    assert drafts.fits(block(0, 40))  # alone, whatever it is
    drafts.add(block(0, 12), [])
    assert drafts.fits(block(12, 28))
    assert not drafts.fits(block(12, 30))


def test_a_guess_that_covers_a_segment_is_its_text() -> None:
    drafts = Drafts()
    one = block(0, 12)
    drafts.add(one, [Guess(one, one.speech.end, said("one"))])
    assert drafts.unread is None
    assert text(drafts) == "one"


def test_what_a_guess_knows_of_a_segment_is_shown_until_it_is_read() -> None:
    drafts = Drafts()
    one = block(0, 12)
    drafts.add(one, [Guess(one, one.speech.start + SECOND, said("half of"))])
    assert text(drafts) == "half of"
    assert drafts.unread is not None
    drafts.read(drafts.unread, said("all of one"))
    assert text(drafts) == "all of one"
    assert drafts.unread is None


def test_the_guess_of_another_segment_tells_nothing() -> None:
    drafts = Drafts()
    drafts.add(block(12, 24), [Guess(block(0, 12), SECOND, said("another"))])
    assert text(drafts) == ""


def test_a_revision_replaces_what_it_covers_and_leaves_what_came_later() -> None:
    drafts = Drafts()
    for number, (start, end) in enumerate(((0, 8), (8, 16), (16, 24))):
        one = block(start, end)
        drafts.add(one, [Guess(one, one.speech.end, said(str(number)))])
    until = block(8, 16).end
    drafts.revise(until, said("both"))
    assert text(drafts) == "both 2"
    assert not drafts.is_revised
    drafts.revise(drafts.together.end, said("all"))
    assert text(drafts) == "all"
    assert drafts.is_revised


def test_a_revised_draft_need_not_be_read() -> None:
    drafts = Drafts()
    drafts.add(block(0, 8), [])
    drafts.revise(block(0, 8).end, said("revised"))
    assert drafts.unread is None


def test_together_they_are_a_segment_with_the_silence_between_them() -> None:
    drafts = Drafts()
    one, two = block(0, 8), block(9, 16)
    drafts.add(one, [])
    drafts.add(two, [])
    together = drafts.together
    assert (together.start, together.end) == (one.start, two.end)
    assert together.speech == Span(one.speech.start, two.speech.end)
    assert len(together.voiced) == (together.speech.end - together.speech.start) // FRAME_SAMPLES
    assert together.voiced_seconds == pytest.approx(sum(together.voiced) * FRAME_S)


def test_where_one_is_not_known_to_be_voiced_none_is() -> None:
    drafts = Drafts()
    drafts.add(block(0, 8), [])
    drafts.add(block(8, 16, known=False), [])
    assert drafts.together.voiced == []
    assert drafts.together.voiced_seconds == VOICED_UNKNOWN


def test_what_was_cut_off_just_before_goes_on() -> None:
    drafts = Drafts()
    assert not drafts.goes_on(block(0, 4), [])
    one = block(0, 12)
    drafts.add(one, [Guess(one, SECOND, said("half")), guessed(0, 14, "half and more")])
    assert text(drafts) == "half"  # nobody knows where in the other one it ends
    assert drafts.goes_on(block(12, 17), [])
    assert drafts.goes_on(block(12, 17), [guessed(12, 16)])
    assert not drafts.goes_on(block(12, 17), [guessed(12, 17)])
    assert not drafts.goes_on(block(12, 19), [])  # too much is not known
    drafts.extend(block(12, 16))
    assert text(drafts) == "half and more"
    draft = drafts.unread
    assert draft is not None
    assert (draft.block.start, draft.block.end) == (one.start, block(12, 16).end)
    assert [guess.texts for guess in draft.guesses] == [said("half"), said("half and more")]


def test_a_guess_across_the_cut_that_heard_all_is_the_text() -> None:
    drafts = Drafts()
    drafts.add(block(0, 12), [guessed(0, 14, "all")])
    assert text(drafts) == ""
    drafts.extend(block(12, 14))
    assert drafts.unread is None
    assert text(drafts) == "all"


def test_what_is_read_or_revised_or_too_long_does_not_go_on() -> None:
    drafts = Drafts()
    drafts.add(block(0, 12), [guessed(0, 12)])
    assert not drafts.goes_on(block(12, 15), [])
    drafts.add(block(12, 38), [guessed(12, 37)])
    assert not drafts.goes_on(block(38, 41), [])
    drafts.add(block(38, 48), [])
    assert not drafts.goes_on(block(48, 49), [])
    drafts.add(block(48, 58), [guessed(48, 57)])
    assert drafts.goes_on(block(58, 60), [])
    drafts.revise(block(48, 58).end, said("revised"))
    assert not drafts.goes_on(block(58, 60), [])


def test_committed_drafts_leave_nothing() -> None:
    drafts = Drafts()
    drafts.add(block(0, 8), [])
    drafts.revise(block(0, 8).end, said("gone"))
    drafts.clear()
    assert len(drafts) == 0
    assert text(drafts) == ""
    assert drafts.is_revised
