"""Two texts of the same words meet there, or are not put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.speech.splicing import LEAST_S, OVERLAP_S, reach, spliced, take_up_at
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE

WORDS = "amber birch cedar dune ember fern grove heath iris juniper kelp lilac maple nettle olive pine".split()


def timed(*texts: str) -> list[TimedText]:
    return [TimedText(2.0 * at, 2.0 * at + 2, text) for at, text in enumerate(texts)]


def joined(guess: str, end: str) -> str | None:
    texts = spliced(timed(guess), timed(end))
    return None if texts is None else join(text.text for text in texts)


@pytest.mark.parametrize(
    ("guess", "end", "together"),
    [
        ("We walked along the river to the", "along the river to the mill.", "We walked along the river to the mill."),
        ("He sat under the old oak and the extra", "under the old oak and the extraordinary sky.",
         "He sat under the old oak and the extraordinary sky."),
        ("It was a long day, indeed.", "a long day indeed for them all.", "It was a long day indeed for them all."),
        ("so it is their productions.", "Their productions, whatever they were.",
         "so it is their productions, whatever they were."),
        ("One two three four five", "huh three four five six", "One two three four five six"),
        ("one two three four five six", "three four five six", "one two three four five six"),
        ("one two three four five six seven nine", "three four five six seven eight nine ten",
         "one two three four five six seven eight nine ten"),
        ("nothing but sobs, exclamations and bread.", "subs, exclamations and prayers.",
         "nothing but sobs, exclamations and prayers."),
        ("The invention of movable letters in the middle of the fifteenth century may be considered as the invent-",
         "century may be considered as the invention of the art of printing.",
         "The invention of movable letters in the middle of the fifteenth century may be considered as the invention"
         " of the art of printing."),
        ("on and on - and on we went home", "on we went home - at last", "on and on - and on we went home - at last"),
    ],
)  # fmt: skip
def test_the_end_goes_on_where_both_say_the_same_words(guess: str, end: str, together: str) -> None:
    assert joined(guess, end) == together


@pytest.mark.parametrize(
    ("guess", "end"),
    [
        ("We walked along the river", "completely different words here"),
        ("one two three four five six", "three four five"),  # it has lost a word
        ("go up on", "up on"),  # too little
        ("we go up under it", "hup under that"),
        ("alpha beta gamma delta and some more words", "alpha beta gamma delta"),
        ("of the book", "of the house"),
        ("and he said no no no", "said no no no no"),
        ("he went on and on and on", "on and on and on and on"),
        ("I want to go to the shop.", "to the shop. I want to go to the park."),
        ("He said yes we can now.", "can now. Yes we can now do it"),
        ("one two three four five six seven eight nine", "three four five six seven nine ten"),  # eight
        ("", "one two three"),
        ("one two three", ""),
        ("...", "..."),
    ],
)
def test_what_does_not_surely_meet_is_not_put_together(guess: str, end: str) -> None:
    assert joined(guess, end) is None


def test_pieces_before_the_meeting_stay_as_they_are() -> None:
    texts = spliced(timed("Amber birch.", "Cedar dune ember fern"), timed("dune ember fern grove.", "Heath."))
    assert texts == [TimedText(0.0, 2.0, "Amber birch."), TimedText(2.0, 4.0, "Cedar dune ember fern grove. Heath.")]


PHRASES = st.lists(st.sampled_from(WORDS[:9]), min_size=1, max_size=6)


@given(phrases=st.lists(PHRASES, min_size=2, max_size=4), order=st.lists(st.integers(0, 3), min_size=3, max_size=8),
       overlap=st.integers(2, 14), new=st.integers(0, 9), half=st.booleans())  # fmt: skip
def test_no_word_is_lost_and_none_is_said_twice(
    phrases: list[list[str]], order: list[int], overlap: int, new: int, half: bool
) -> None:
    """Whatever is said again and again: it is the text of both, or nothing."""
    said = [word for number in order for word in phrases[number % len(phrases)]]
    until = max(0, len(said) - new)
    guess = [*said[:until], "half"] if half and until < len(said) else said[:until]
    texts = joined(" ".join(guess), " ".join(said[max(0, until - overlap) :]))
    assert texts in (None, " ".join(said))


def test_it_is_taken_up_again_at_the_quietest_point_of_the_overlap() -> None:
    begin, said_until = 5 * SAMPLE_RATE, 15 * SAMPLE_RATE
    found = reach(begin, said_until)
    assert found is not None
    assert (found.start - begin) % FRAME_SAMPLES == 0
    assert [(said_until - at) / SAMPLE_RATE for at in found] == pytest.approx(OVERLAP_S, abs=0.04)
    levels = [1.0] * ((found.end - found.start) // FRAME_SAMPLES)
    levels[20] = levels[21] = 0.1
    assert take_up_at(found, levels) == found.start + 21 * FRAME_SAMPLES


def test_a_short_segment_is_not_taken_up_again() -> None:
    assert reach(0, round(2.1 * SAMPLE_RATE)) is None
    found = reach(0, round(2.8 * SAMPLE_RATE))
    assert found is not None
    assert found.start / SAMPLE_RATE == pytest.approx(LEAST_S, abs=0.04)
