from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.repairs.scratch import find
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        ("I'll be there at noon. Scratch that. I'll be there at one.", "I'll be there at one."),
        ("I'll be there at noon, scratch that, I'll be there at one.", "I'll be there at one."),
        ("I'll be there at noon, scratch that. I'll be there at one.", "I'll be there at one."),
        ("I'll be there at noon. No, scratch that, I'll be there at one.", "I'll be there at one."),
        ("Hi Dana, I'll come at noon. Scratch that. I'll come at one.", "Hi Dana, I'll come at one."),
        (
            "hi dana thanks for the notes i will read them tonight scratch that i will read them tomorrow",
            "hi dana thanks for the notes i will read them tomorrow",
        ),
        ("The plan is fine. We start on Monday. Scratch that.", "The plan is fine."),
        ("We start on Monday. Strike that. We start on Tuesday.", "We start on Tuesday."),
        ("Buy milk scratch that buy bread", "Buy bread"),
        ("send it to bob actually scratch that send it to alice", "send it to alice"),
        ("Tell Ben I said yes. Scratch that. Tell Ben I will think about it.", "Tell Ben I will think about it."),
        (
            "the door code is four five six scratch that the door code is four five seven",
            "the door code is four five seven",
        ),
        ("dear tom i can come on friday scratch that i can come on saturday", "dear tom i can come on saturday"),
        ("The answer is yes, scratch that, the answer is no.", "The answer is no."),
        ("Hello.\nWe start on Monday. Scratch that.\nWe start on Tuesday.", "Hello.\nWe start on Tuesday."),
        ("We start. Scratch that, please.", "Please."),
        ("Scratch that. We start.", "Scratch that. We start."),
    ],
)
def test_the_sentence_or_clause_before_is_taken_back(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "Some users just want to scratch that itch and move on.",
        "We built it from scratch that summer.",
        "There is a scratch that I noticed on the door.",
        "there is a small scratch that i noticed on the door",
        "I want to scratch that off the list.",
        "Can you scratch that from the agenda?",
        "You should scratch that.",
        "Don't scratch that.",
        "I need to strike that from the record.",
        "the ninth of june period scratch that period we go",
        "",
        "scratch",
        "Scratch that.",
        '"We start. Scratch that." is what he said.',
    ],
)
def test_content_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "I will not do it, delete that file first.",
        "Please delete that. I don't need it.",
        "Please delete that file.",
        "Can you delete that?",
        "You should delete that. It is old.",
        "I saw the photo. Delete that photo now.",
        "There is a bug in the second line. Delete that line.",
        "I saw your note. Delete that. It is wrong.",
    ],
)
def test_somebody_else_may_be_told_to_delete_something(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("I hated the card. Delete that. I loved the card.", "I loved the card."),
        ("She lives in Rome. No, delete that. She lives in Milan.", "She lives in Milan."),
    ],
)
def test_a_sentence_of_its_own_deletes_the_one_it_stands_behind(raw: str, text: str) -> None:
    assert clean(raw) == text


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("scratch_that", find)]]).text
