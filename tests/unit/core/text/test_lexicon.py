from __future__ import annotations

from parleqd.core.text import lexicon


def test_words_are_in_the_form_that_tokens_are_compared_by() -> None:
    classes = [value for value in vars(lexicon).values() if isinstance(value, frozenset)]
    assert classes
    for members in classes:
        assert all(word == word.lower() and word.replace("'", "").isalpha() for word in members)


def test_incomplete_words_leave_out_those_that_can_end_a_clause() -> None:
    assert {"the", "of", "was", "and", "few"} <= lexicon.INCOMPLETE
    assert lexicon.INCOMPLETE.isdisjoint({"you", "it", "him", "all", "that"})
