from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools.docgen import Part, insert, stale_parts, write

PAGE = "# Page\n<!-- generated: map -->\nold\n<!-- end -->\nwritten by hand\n"
SECTION = Part("page.md", lambda root: "new", marker="map")
WHOLE = Part("whole.json", lambda root: "{}")


def test_only_what_lies_between_the_marker_and_its_end_is_replaced() -> None:
    assert insert(PAGE, "map", "new") == PAGE.replace("old", "new")


def test_an_insertion_is_stable() -> None:
    once = insert(PAGE, "map", "new")
    assert insert(once, "map", "new") == once


@pytest.mark.parametrize("page", ["", "no marker\n<!-- end -->", "<!-- generated: map -->\nno end"])
def test_a_page_without_the_marker_or_its_end_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="generated: map"):
        insert(page, "map", "new")


def test_stale_parts_are_found_and_writing_mends_them(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE)
    assert stale_parts(tmp_path, [SECTION, WHOLE]) == [SECTION, WHOLE]
    assert write(tmp_path, [SECTION, WHOLE]) == [SECTION, WHOLE]
    assert stale_parts(tmp_path, [SECTION, WHOLE]) == []
    assert write(tmp_path, [SECTION, WHOLE]) == []
    assert (tmp_path / "whole.json").read_text() == "{}\n"


def test_two_parts_may_share_a_page(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(PAGE + PAGE.replace("map", "list"))
    other = Part("page.md", lambda root: "also new", marker="list")
    write(tmp_path, [SECTION, other])
    assert stale_parts(tmp_path, [SECTION, other]) == []
    assert "new" in (tmp_path / "page.md").read_text()


def test_a_page_that_lost_its_marker_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("nothing")
    with pytest.raises(SystemExit, match=r"page\.md.*generated: map"):
        stale_parts(tmp_path, [SECTION])
