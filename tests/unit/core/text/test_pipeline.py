from __future__ import annotations

from collections.abc import Sequence

import pytest

from parleqd.core.text.edits import Edit
from parleqd.core.text.pipeline import Cleaned, Stage, apply, run
from parleqd.core.text.tokens import Change, Tokens, join, mark, tokenise


def drops(key: str) -> Stage:
    def find(tokens: Tokens) -> Sequence[Change]:
        return [Change(n, n + 1) for n, token in enumerate(tokens) if token.key == key]

    return Stage(f"drop_{key}", find)


def fails(tokens: Tokens) -> Sequence[Change]:
    raise RuntimeError(join(tokens))


def cleaned(raw: str, *groups: Sequence[Stage]) -> Cleaned:
    return run(raw, tokenise(raw), groups)


def test_each_stage_works_on_what_the_one_before_it_left() -> None:
    assert cleaned("x a b", [drops("a"), drops("b")]) == Cleaned(
        "x", (Edit("drop_a", " a", "", 1, 0), Edit("drop_b", " b", "", 1, 1))
    )


def test_a_stage_that_raises_is_skipped_and_named_and_nothing_of_the_text_with_it() -> None:
    assert cleaned("x a", [Stage("broken", fails), drops("a")]) == Cleaned(
        "x", (Edit("drop_a", " a", "", 1, 0),), skipped=("broken",)
    )


def test_changes_that_overlap_skip_the_stage() -> None:
    stage = Stage("overlaps", lambda _: [Change(0, 2), Change(1, 3)])
    assert cleaned("a b c", [stage]) == Cleaned("a b c", skipped=("overlaps",))


def test_a_group_runs_until_it_finds_nothing() -> None:
    def last_but_one(tokens: Tokens) -> Sequence[Change]:
        return [Change(1, 2)] if len(tokens) > 1 else []

    result = cleaned("a b c d", [Stage("shorten", last_but_one)])
    assert result.text == "a"
    assert [edit.step for edit in result.edits] == [0, 1, 2]


def test_a_group_that_never_settles_ends() -> None:
    grow = Stage("grow", lambda tokens: [Change(len(tokens), len(tokens), (mark("!"),))])
    assert len(cleaned("a", [grow]).edits) == 6


def test_a_word_that_only_moved_is_no_part_of_the_edit() -> None:
    tokens = tokenise("um so")
    assert apply(0, "s", tokens, [Change(0, 2, (tokens[1].with_gap(""),))])[1] == [Edit("s", "um ", "", 0)]


def test_a_change_that_changes_nothing_is_no_edit() -> None:
    tokens = tokenise("so")
    assert apply(0, "s", tokens, [Change(0, 1, (tokens[0],))]) == (tokens, [])


def test_untouched_words_stay_the_same_objects() -> None:
    tokens = tokenise("a b c")
    after, _ = apply(0, "s", tokens, [Change(1, 2)])
    assert [token is kept for token, kept in zip((tokens[0], tokens[2]), after, strict=True)] == [True, True]


def test_changes_outside_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap or leave the text at token 1"):
        apply(0, "s", tokenise("a"), [Change(1, 2)])
