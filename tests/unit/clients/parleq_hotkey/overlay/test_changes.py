from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleq_hotkey.overlay.changes import Kind, Span, changes

MARKS = {Kind.KEPT: "{}", Kind.REMOVED: "[-{}-]", Kind.ADDED: "[+{}+]"}


def marked(spans: tuple[Span, ...]) -> str:
    return "".join(MARKS[span.kind].format(span.text) for span in spans)


@pytest.mark.parametrize(
    "raw, text, shown",
    [
        ("um so we we meet", "So we meet.", "[-um-] [+So+] we [-we-] meet[+.+]"),
        ("go home um", "Go home.", "[+Go+] home [-um-][+.+]"),
        ("on tuesday no wednesday", "On Wednesday", "[+On+] [-tuesday no-] [+Wednesday+]"),
        ("gonna do it", "Going to do it", "[-gonna-] [+Going to+] do it"),
        ("it's at 3:30 o'clock", "it's at 3:30 o'clock", "it's at 3:30 o'clock"),
        ("one two three new line four", "One two three\nfour", "[+One+] two three [-new line-]\nfour"),
        ("我们明天见面吧", "我们后天见面吧", "我们[-明-][+后+]天见面吧"),
        ("привет эм мир", "Привет, мир", "[+Привет+] [-эм-][+,+] мир"),
    ],
)
def test_what_was_changed_is_marked(raw: str, text: str, shown: str) -> None:
    assert marked(changes(raw, text)) == shown


@pytest.mark.parametrize("raw", ["", "nothing of this at all was ever in it"])
def test_without_likeness_there_are_no_marks(raw: str) -> None:
    assert changes(raw, "A wholly new sentence, much longer.") == (
        Span("A wholly new sentence, much longer.", Kind.KEPT),
    )


def test_no_text_has_no_spans() -> None:
    assert changes("um", "") == ()


@given(st.text(alphabet="ab. \n", max_size=40), st.text(alphabet="ab. \n", max_size=40))
def test_every_word_of_the_text_is_shown_in_its_place(raw: str, text: str) -> None:
    shown = "".join(span.text for span in changes(raw, text) if span.kind is not Kind.REMOVED)
    assert "".join(shown.split()) == "".join(text.split())
