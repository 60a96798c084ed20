from __future__ import annotations

from parleqd.core.text.languages.tables import forms
from parleqd.core.text.spoken_marks import Role


def test_spoken_marks_are_found_by_their_first_word_longest_first() -> None:
    table = forms({".": ("punto", "punto final"), "?": ("signo",)}, {"\n": ("nueva línea",)}, {}, apart="?")
    assert [form[0] for form in table["punto"]] == [("punto", "final"), ("punto",)]
    assert table["signo"] == ((("signo",), "?", Role.DASH),)
    assert table["nueva"] == ((("nueva", "línea"), "\n", Role.LAYOUT),)


def test_a_pair_has_openers_and_closers() -> None:
    table = forms({}, {}, {"()": (("klammer auf",), ("klammer zu",))}, prefixes={"¿": ("abre",)})
    assert [form[2] for form in table["klammer"]] == [Role.OPENER, Role.CLOSER]
    assert table["abre"] == ((("abre",), "¿", Role.PREFIX),)
