"""Loops and restarts are found; what people say twice is left alone."""

from __future__ import annotations

import pytest

from parleqd.core.speech.repeats import collapsed, is_looping, said_as, without_restart, words_of

SEVEN = "the two men drew back a little"


@pytest.mark.parametrize(
    "text",
    [
        "What do you mean, sir? What do you mean, sir?",
        "What do you mean, sir? What do you mean?",
        "So um. So um.",
        "Yes. Yes.",
        "and then and then and then",
        f"{SEVEN}, he said, and {SEVEN}",
        "It was the drew back of the drew back of the window",
        "you " * 40,
    ],
)
def test_a_decoder_that_repeats_itself_is_found(text: str) -> None:
    assert is_looping(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes.",
        "No, no, I mean it.",
        "Well, bye bye then.",
        "It is very, very good.",
        "What you see is what you get.",
        "The garden party is on Friday, sorry, I mean Saturday, and we need 35 chairs and two long tables.",
        "Ask not what your country can do for you, ask what you can do for your country.",
    ],
)
def test_what_people_say_is_no_loop(text: str) -> None:
    assert not is_looping(text)


@pytest.mark.parametrize(
    "text",
    [
        "no no no",
        "No, no, no, no!",
        "bye bye",
        "very, very good",
        f"{SEVEN} {SEVEN}",
        "- - - - - -",
        "",
        "ha-ha-ha-ha-ha",
    ],
)
def test_what_may_be_meant_stays_as_it_is(text: str) -> None:
    assert collapsed([text]) == [text]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("So, you, you, You you you. Well.", "So, you, Well."),
        ("and then " * 6 + "it rained", "and then it rained"),
        ("The two men drew back. " * 5, "The two men drew back."),
    ],
)
def test_a_longer_row_is_said_once(text: str, kept: str) -> None:
    assert collapsed([text]) == [kept]


def test_a_row_may_run_over_several_pieces() -> None:
    assert collapsed(["Well.", *["The men drew back."] * 5, "They left."]) == [
        "Well.",
        "The men drew back.",
        *[""] * 4,
        "They left.",
    ]


@pytest.mark.parametrize(
    ("texts", "voiced_s", "kept"),
    [
        (["No, no, no, no, no."], [1.0], ["No, no, no, no, no."]),
        (["No, no, no, no, no."], [0.8], ["No,"]),
        (["The code is 2, 2, 2, 2, 2, 9."], [2.4], ["The code is 2, 2, 2, 2, 2, 9."]),
        (["The code is 2, 2, 2, 2, 2, 9."], [1.2], ["The code is 2, 9."]),
        (["Well.", "Go, go, go,", "go, go!"], [0.0, 0.6, 0.4], ["Well.", "Go, go, go,", "go, go!"]),
        (["no " * 13], [60.0], ["no"]),
        (["The two men drew back. " * 5], [60.0], ["The two men drew back."]),
        (["no " * 5, "you " * 5], [1.0, 0.4], ["no no no no no", "you"]),
    ],
    ids=["quick", "too-quick", "digits", "no-time-for-them", "pieces", "endless", "long-phrase", "one-of-two"],
)
def test_a_short_row_that_had_the_time_was_said(texts: list[str], voiced_s: list[float], kept: list[str]) -> None:
    assert collapsed(texts, voiced_s) == kept


@pytest.mark.parametrize(
    ("texts", "voiced_s", "kept"),
    [
        (["Yes. Yes."], 0.6, ["Yes."]),
        (["No.", "No."], 0.6, ["No.", ""]),
        (["Thank you! Thank you!"], 0.9, ["Thank you!"]),
        (["Yes. Yes."], 1.1, ["Yes. Yes."]),
        (["No, no."], 0.5, ["No, no."]),
        (["Bye bye."], 0.5, ["Bye bye."]),
        (["Yes. No."], 0.5, ["Yes. No."]),
        (["Yes."], 0.5, ["Yes."]),
        ([], 0.5, []),
    ],
)
def test_one_word_is_not_made_two(texts: list[str], voiced_s: float, kept: list[str]) -> None:
    assert without_restart(texts, voiced_s) == kept


def test_words_have_no_case_and_no_punctuation() -> None:
    assert words_of("“Don’t” - twenty-five, O'Neill's É_a!") == ["don’t", "twenty", "five", "o'neill's", "é", "a"]
    assert said_as("Don't - twenty-five, NO!") == ["don't", "", "twentyfive", "no"]


@pytest.mark.parametrize("loop", ["11." * 60, "谢谢大家。" * 20, "ha-" * 30, "la," * 30])
def test_a_loop_without_spaces_is_said_once(loop: str) -> None:
    (found,) = collapsed([loop])
    assert len(words_of(found)) == 1
