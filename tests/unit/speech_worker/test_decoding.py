"""One segment, as many decodes as it takes: loops are decoded once more, what was left out is decoded on."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from parleqd.core.speech.care import Care
from parleqd.core.speech.decoded import Decoded
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.voice import FRAME_S
from parleqd.core.speech.windows import Window
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.decoding import GOES_ON, segment_texts


def said(
    *pieces: tuple[float, float, str],
    closed: bool = True,
    confidence: float = -0.1,
    no_speech: float = 0.0,
    full: bool = False,
) -> Decoded:
    return Decoded(tuple(TimedText(*piece) for piece in pieces), closed, confidence, no_speech, full)


class Scripted:
    """Gives one decode after the other, the last one again and again; keeps what it was asked."""

    def __init__(self, *decodes: Decoded) -> None:
        self.asked: list[tuple[float, str, Sequence[str], Window]] = []
        self._decodes = decodes

    def decode(
        self, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str] = (), window: Window = Window.FITTING
    ) -> Generator[None, None, Decoded]:
        self.asked.append((len(samples) / SAMPLE_RATE, spoken.language, hotwords, window))
        yield from ()
        return self._decodes[min(len(self.asked), len(self._decodes)) - 1]

    @property
    def windows(self) -> list[tuple[float, bool]]:
        """How long the audio of each decode was, and whether it was in the whole window."""
        return [(seconds, window is Window.WHOLE) for seconds, _, _, window in self.asked]


def texts(decoder: Scripted, seconds: float = 8.0, voiced: Sequence[bool] | None = None) -> list[TimedText]:
    """What comes of a segment that is all voice; each decode must be a step of its own."""
    samples = np.zeros(round(seconds * SAMPLE_RATE), np.int16)
    voiced = [True] * round(seconds / FRAME_S) if voiced is None else voiced
    *steps, found = segment_texts(decoder, samples, voiced, Spoken("en"), ("Noirtier",))
    assert steps == [None] * (len(decoder.asked) - 1)
    assert found is not None
    return found


def text(decoder: Scripted, seconds: float = 8.0) -> str:
    return join(piece.text for piece in texts(decoder, seconds))


def test_what_covers_all_is_decoded_once() -> None:
    decoder = Scripted(said((0.0, 4.0, "Ask not"), (4.0, 8.0, "what.")))
    assert texts(decoder) == [TimedText(0.0, 4.0, "Ask not"), TimedText(4.0, 8.0, "what.")]
    assert decoder.asked == [(8.0, "en", ("Noirtier",), Window.FITTING)]


RESTART = said((0.0, 4.0, "What do you mean, sir?"), (4.0, 8.0, "What do you mean?"))


def test_the_utterance_said_again_from_its_start_is_decoded_once_more_in_the_whole_window() -> None:
    decoder = Scripted(RESTART, said((0.0, 8.0, "What do you mean, sir?")))
    assert text(decoder) == "What do you mean, sir?"
    assert decoder.windows == [(8.0, False), (8.0, True)]


@pytest.mark.parametrize(
    "doubtful",
    [
        said((0.0, 8.0, "Well."), full=True),
        said((0.0, 8.0, "Well."), confidence=-1.1),
        said((0.0, 8.0, "the a the " + "the of the in the a the " * 9)),
        said(),
        said((0.0, 8.0, ". . .")),
        said((0.0, 8.0, "Thank you."), no_speech=0.8),
    ],
    ids=["token-limit", "confidence", "compression", "nothing", "no-word", "no-speech"],
)
def test_every_other_doubt_costs_one_more_decode_too(doubtful: Decoded) -> None:
    decoder = Scripted(doubtful, said((0.0, 8.0, "Well, well.")))
    assert text(decoder) == "Well, well."
    assert decoder.windows == [(8.0, False), (8.0, True)]


def test_a_loop_that_stays_is_said_once_though_it_fills_several_pieces() -> None:
    loop = said(*((second, second + 1.0, "The two men drew back.") for second in range(8)))
    decoder = Scripted(loop)
    assert texts(decoder) == [TimedText(0.0, 1.0, "The two men drew back.")]
    assert len(decoder.asked) == 2


def test_what_is_no_speech_in_the_whole_window_is_no_text() -> None:
    noise = said((0.0, 8.0, "Thank you."), confidence=-1.1, no_speech=0.9)
    decoder = Scripted(noise)
    assert texts(decoder) == []
    assert decoder.windows == [(8.0, False), (8.0, True)]
    assert text(Scripted(said((0.0, 3.0, "Ask not what")), noise)) == "Ask not what"


def test_words_that_are_sure_are_speech_whatever_was_before_them() -> None:
    assert text(Scripted(said((0.0, 8.0, "Thank you."), confidence=-0.3, no_speech=0.9))) == "Thank you."
    unsure = said((0.0, 8.0, "Sorry."), confidence=-1.1, no_speech=0.8)
    assert text(Scripted(unsure, said((0.0, 8.0, "Sorry."), confidence=-1.1, no_speech=0.5))) == "Sorry."


def test_one_word_is_not_made_two_where_there_is_no_voice_for_two() -> None:
    twice = said((0.0, 0.6, "Yes. Yes."))
    assert text(Scripted(twice), 0.6) == "Yes."
    assert text(Scripted(twice), 1.2) == "Yes. Yes."
    assert [piece.text for piece in texts(Scripted(twice), 0.6, voiced=[])] == ["Yes. Yes."]


def test_a_row_that_has_voice_enough_stays() -> None:
    row = said((0.0, 1.0, "No, no, no, no, no."), (1.0, 2.0, "I mean it."))
    assert text(Scripted(row), 2.0) == "No, no, no, no, no. I mean it."
    assert texts(Scripted(row), 2.0, voiced=[True] * 10 + [False] * 53)[0].text == "No,"


ECHO = said((0.0, 8.0, "Noirtier, Noirtier, Noirti"), confidence=-0.3, no_speech=0.5)


def test_an_echo_of_the_terms_is_decoded_without_them() -> None:
    decoder = Scripted(ECHO, said((0.0, 8.0, "Well.")))
    assert text(decoder) == "Well."
    assert [asked[2:] for asked in decoder.asked] == [(("Noirtier",), Window.FITTING), ((), Window.WHOLE)]


def test_an_echo_that_comes_with_the_whole_window_too() -> None:
    decoder = Scripted(said((0.0, 8.0, "Well."), full=True), ECHO, said((0.0, 8.0, "Well, well.")))
    assert text(decoder) == "Well, well."
    assert [hotwords for _, _, hotwords, _ in decoder.asked] == [("Noirtier",), ("Noirtier",), ()]


def test_where_no_speech_is_heard_nothing_is_expected_the_second_time() -> None:
    decoder = Scripted(said((0.0, 8.0, "Noirtier."), confidence=-0.3, no_speech=0.9), said((0.0, 8.0, "Well.")))
    assert text(decoder) == "Well."
    assert [hotwords for _, _, hotwords, _ in decoder.asked] == [("Noirtier",), ()]


def test_terms_that_were_really_said_stay() -> None:
    assert text(Scripted(said((0.0, 8.0, "Noirtier, Noirtier."), no_speech=0.1))) == "Noirtier, Noirtier."


@pytest.mark.parametrize("words", ["No, no, no!", "Bye bye.", "It is very, very good.", "No. No."])
def test_what_people_say_twice_is_kept(words: str) -> None:
    assert text(Scripted(said((0.0, 8.0, words)))) == words


def test_what_holds_no_word_is_no_text() -> None:
    assert texts(Scripted(said((0.0, 1.0, "."), (1.0, 8.0, "...")))) == []
    assert text(Scripted(said((0.0, 1.0, "..."), (1.0, 8.0, "No.")))) == "No."


def test_dropped_speech_is_decoded_on_from_the_last_timestamp() -> None:
    decoder = Scripted(said((0.0, 3.0, "Ask not what")), said((0.2, 5.0, "your country can do.")))
    assert texts(decoder) == [TimedText(0.0, 3.0, "Ask not what"), TimedText(3.2, 8.0, "your country can do.")]
    assert decoder.windows == [(8.0, False), (5.0, False)]


def test_words_that_are_heard_again_there_are_dropped() -> None:
    decoder = Scripted(said((0.0, 3.0, "Ask not what")), said((0.0, 5.0, "Not what your country can do.")))
    assert text(decoder) == "Ask not what your country can do."
    decoder = Scripted(said((0.0, 3.0, "Ask not what")), said((0.0, 1.0, "What?"), (1.0, 5.0, "Your country.")))
    assert texts(decoder)[1:] == [TimedText(4.0, 8.0, "Your country.")]


def test_a_word_said_again_behind_a_pause_stays() -> None:
    decoder = Scripted(said((0.0, 3.0, "I know that")), said((0.2, 5.0, "That is what I mean.")))
    pause = [True] * 90 + [False] * 10 + [True] * 150
    assert join(piece.text for piece in texts(decoder, voiced=pause)) == "I know that That is what I mean."


def test_thin_text_without_an_end_is_decoded_again() -> None:
    decoder = Scripted(
        said((0.0, 3.0, "Ask not"), (3.0, 8.0, "what."), closed=False), said((0.0, 5.0, "what it can do"))
    )
    assert text(decoder) == "Ask not what it can do"
    assert decoder.windows == [(8.0, False), (5.0, False)]


def test_thin_text_that_is_all_there_is_stays() -> None:
    assert text(Scripted(said((0.0, 8.0, "Yes."), closed=False))) == "Yes."
    assert text(Scripted(said((0.0, 3.0, "Ask not"), (3.0, 8.0, "what."), closed=False), said())) == "Ask not what."


def test_what_was_left_out_may_be_a_loop_too() -> None:
    decoder = Scripted(said((0.0, 3.0, "Ask not what")), RESTART, said((0.0, 5.0, "What do you mean, sir?")))
    assert text(decoder) == "Ask not what do you mean, sir?"
    assert decoder.windows == [(8.0, False), (5.0, False), (5.0, True)]


def test_it_does_not_go_on_for_ever() -> None:
    again = said((0.0, 1.0, "One"), (1.0, 9.0, "two"), closed=False)
    decoder = Scripted(again)
    assert text(decoder, 20.0) == "One two"
    assert decoder.windows == [(20.0 - at, False) for at in range(1 + GOES_ON)]


def test_without_a_voice_detector_nobody_knows_what_was_left_out() -> None:
    decoder = Scripted(said((0.0, 3.0, "Ask not what")))
    assert [piece.text for piece in texts(decoder, voiced=[])] == ["Ask not what"]
    assert len(decoder.asked) == 1


def test_who_is_in_a_hurry_tries_a_snug_window_first() -> None:
    decoder = Scripted(RESTART, RESTART, said((0.0, 3.0, "What do you mean, sir?")))
    samples = np.zeros(3 * SAMPLE_RATE, np.int16)
    *_, found = segment_texts(decoder, samples, [True] * 93, Spoken("en"), care=Care.USUAL)
    assert [window for *_, window in decoder.asked] == [Window.SNUG, Window.FITTING, Window.WHOLE]
    assert found == [TimedText(0.0, 3.0, "What do you mean, sir?")]
