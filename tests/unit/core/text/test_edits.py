from __future__ import annotations

import pytest

from parleqd.core.text.edits import Edit, replay, undo

RAW = "um so the um the report i i sent"
EDITS = (
    Edit("fillers", "um ", "", 0, step=0),
    Edit("fillers", " um", "", 9, step=0),
    Edit("stutters", " the", "", 6, step=1),
    Edit("stutters", " i", "", 19, step=1),
    Edit("capitals", "so", "So", 0, step=2),
    Edit("capitals", "i", "I", 14, step=2),
    Edit("final_mark", "", ".", 20, step=3),
)
TEXT = "So the report I sent."


def test_edits_replay_raw_text_into_clean_text() -> None:
    assert replay(RAW, EDITS) == TEXT


def test_no_edits_leave_the_text() -> None:
    assert replay(RAW, ()) == RAW


@pytest.mark.parametrize(
    "index, text",
    [
        (0, "um so the report I sent."),  # the capital goes with the filler that it came to stand for
        (1, "So the um the report I sent."),  # "the the" was a repeat only without the filler
        (2, "So the the report I sent."),
        (3, "So the report I i sent."),
        (4, "so the report I sent."),
        (5, "So the report i sent."),
        (6, "So the report I sent"),
    ],
)
def test_undoing_one_edit_leaves_the_others(index: int, text: str) -> None:
    assert replay(RAW, undo(EDITS, index)) == text


def test_what_was_removed_at_the_end_comes_back_before_the_final_mark() -> None:
    edits = (Edit("fillers", " um", "", 9, step=0), Edit("final_mark", "", ".", 9, step=1))
    assert replay("i saw him um", edits) == "i saw him."
    assert replay("i saw him um", undo(edits, 0)) == "i saw him um."


def test_undoing_all_gives_raw_in_any_order() -> None:
    for order in ((0,) * 7, (-1,) * 7, (3, 1, 0, -1, 0, 0, 0)):
        edits: tuple[Edit, ...] = EDITS
        for index in order:
            if edits:
                edits = undo(edits, index % len(edits))
        assert replay(RAW, edits) == RAW


def test_an_edit_that_does_not_fit_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="fillers: an edit at 0 does not fit"):
        replay("so", (Edit("fillers", "um", "", 0),))


def test_undoing_what_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError):
        undo(EDITS, len(EDITS))
