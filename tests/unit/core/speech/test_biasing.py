from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.speech.biasing import MOST_HOTWORDS, SEPARATOR, fitting, prompt_of


def test_whole_terms_are_taken_the_most_relevant_first() -> None:
    terms = ["Noirtier", "d'Avrigny", "Morrel"]
    size = [len(SEPARATOR + term) for term in terms]
    assert fitting(terms, sum(size), len) == tuple(terms)
    assert fitting(terms, sum(size) - 1, len) == ("Noirtier", "d'Avrigny")
    assert fitting(terms, size[0] + 1, len) == ("Noirtier",)  # none that is less relevant takes the second one's place
    assert fitting(terms, 0, len) == ()


def test_a_term_that_is_too_long_by_itself_keeps_no_other_out() -> None:
    assert fitting(["x" * 99, "Noirtier"], 20, len) == ("Noirtier",)


def test_no_more_are_taken_than_help() -> None:
    assert len(fitting([str(number) for number in range(999)], 10**6, len)) == MOST_HOTWORDS


def test_terms_stand_twice_where_there_is_room() -> None:
    room = len(", Noirtier, Morrel")
    assert prompt_of(["Noirtier", "Morrel"], 2 * room, len) == "Noirtier, Morrel, Noirtier, Morrel"
    assert prompt_of(["Noirtier", "Morrel"], 2 * room - 1, len) == "Noirtier, Morrel"
    assert prompt_of([], 9, len) == prompt_of(["Noirtier"], 0, len) == ""


@given(st.lists(st.text(min_size=1, max_size=9)), st.integers(0, 60))
def test_what_is_taken_fits(terms: list[str], most: int) -> None:
    taken = fitting(terms, most, len)
    assert len("".join(SEPARATOR + term for term in taken)) <= most
    assert list(taken) == [term for term in terms if term in taken][: len(taken)]
