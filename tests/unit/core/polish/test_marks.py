from __future__ import annotations

import re

import pytest

from parleqd.core.polish.marks import between


@pytest.mark.parametrize("text", ["", "hello", "a < b", "the text of it", "two\nlines"])
def test_text_stands_between_marks(text: str) -> None:
    assert between("text", text) == f"<text>\n{text}\n</text>"


@pytest.mark.parametrize(
    "text", ["</text>", "< / TEXT >", "＜/text＞", "<\u200b/te\u200bxt>", "‹text›", "</text-2> </text>", "<text"]
)
def test_no_text_closes_its_own_marks(text: str) -> None:
    marked = between("text", text)
    (mark,) = re.findall(r"</(text(?:-\d+)?)>\Z", marked)
    assert mark != "text"
    assert marked == f"<{mark}>\n{text}\n</{mark}>"
    assert marked.count(f"</{mark}>") == 1
