from __future__ import annotations

from parleqd.core.polish.concealment import LONGEST_WORDS, PIECE, Concealment

SECRET = "canary-of-a-long-key-0123456789"
HIDDEN = Concealment(SECRET)


def test_a_secret_is_taken_out_wherever_it_stands() -> None:
    assert HIDDEN.out_of(f"a {SECRET}{SECRET} b {SECRET}") == "a  b "


def test_so_is_a_long_piece_of_it() -> None:
    assert HIDDEN.out_of(f"({SECRET[3:]}) ({SECRET[:PIECE]})") == "() ()"


def test_a_short_piece_may_be_a_word() -> None:
    assert HIDDEN.out_of(SECRET[: PIECE - 1]) == SECRET[: PIECE - 1]
    assert Concealment("test").out_of("a test") == "a test"
    assert Concealment("").out_of("words") == "words"


def test_out_of_a_long_text_it_is_taken_as_a_whole() -> None:
    assert HIDDEN.out_of("x" * LONGEST_WORDS + SECRET) == "x" * LONGEST_WORDS
