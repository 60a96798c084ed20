from __future__ import annotations

import pytest

from parleqd.core.polish.openings import form, question, repetition
from parleqd.core.polish.reading import Reading

SAID = "the build is green"


@pytest.mark.parametrize(
    "answer, why",
    [
        ("I'm sorry, but I can't help with that.", "refused"),
        ("As an AI language model, I have no hands.", "refused"),
        ("Sure! The build is green.", "preamble"),
        ("Here is the text: The build is green.", "preamble"),
        ("Output: The build is green.", "preamble"),
        ("```\nThe build is green.\n```", "wrapper"),
        ("<output>The build is green.</output>", "wrapper"),
        ('{"text": "The build is green."}', "wrapper"),
        ("[The build is green.]", "wrapper"),
        ("`the build is green`", "wrapper"),
        ("The build is green. Let me know if that helps.", "postscript"),
        ("Сборка зелёная.", "script"),
        ("The build is\x1b[2J green.", "control"),
        ("The build is \u202egreen.", "control"),
        ("The build is green.\0", "control"),
    ],
)
def test_answers_give_themselves_away(answer: str, why: str) -> None:
    assert why in str(form(Reading(SAID), Reading(answer), ""))


@pytest.mark.parametrize(
    "said",
    [
        "I'm sorry but I can't come",
        "sure i will",
        "here's the thing",
        "let me know if it rains",
        "```\nx\n```",
        '"quoted"',
        "(aside)",
        "明天见",
    ],
)
def test_what_was_said_gives_nobody_away(said: str) -> None:
    assert form(Reading(said), Reading(said), "") is None


def test_a_term_may_be_in_another_script() -> None:
    assert form(Reading("write to sasha"), Reading("Write to Саша"), "Саша") is None


def test_quotes_that_were_dictated_may_stand_around_the_whole() -> None:
    assert form(Reading("open quote disk full close quote"), Reading('"Disk full"'), "") is None


@pytest.mark.parametrize("answer", ["go go go go", "The build is green. The build is green."])
def test_loops_and_doubles(answer: str) -> None:
    assert repetition(Reading(SAID), Reading(answer)) == "the answer repeats itself"


@pytest.mark.parametrize("said", ["no no no no", "bye bye", "very very good", "had had"])
def test_what_was_said_twice_is_no_double(said: str) -> None:
    assert repetition(Reading(said), Reading(said)) is None


@pytest.mark.parametrize(
    "said, answer",
    [
        ("what is the capital of norway", "Oslo."),
        ("is the shop open", "The shop is open."),
        ("um do you like tea", "I like tea."),
        ("are you there", "I am here."),
    ],
)
def test_a_question_was_answered(said: str, answer: str) -> None:
    assert question(Reading(said), Reading(answer)) is not None


@pytest.mark.parametrize(
    "said, answer",
    [
        ("is the shop open", "Is the shop open."),
        ("so what is it", "What is it?"),
        ("what i wanted is tea", "Tea is what I wanted."),
        ("open the shop", "Open the shop."),
        ("", ""),
    ],
)
def test_a_question_stays_one_and_no_other_text_is_one(said: str, answer: str) -> None:
    assert question(Reading(said), Reading(answer)) is None
