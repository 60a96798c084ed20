"""Pieces of text become one."""

from __future__ import annotations

from parleqd.core.speech.transcript import join


def test_pieces_are_joined_with_one_space() -> None:
    assert join([" Ask not ", "what your country", "can do."]) == "Ask not what your country can do."


def test_empty_pieces_leave_no_trace() -> None:
    assert join(["", "one", "  ", "two", ""]) == "one two"
    assert join([]) == ""
