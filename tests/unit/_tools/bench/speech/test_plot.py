from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from parleqd._tools.bench.speech.plot import HEIGHT, WIDTH, svg
from parleqd._tools.bench.speech.tables import rows
from tests.compared import compared

LENGTHS = (3, 5, 30, 120)
PICTURE = svg(rows([compared(length, 150, 300 + 40 * length) for length in LENGTHS], seed=1), "This & <that>")
SVG = "{http://www.w3.org/2000/svg}"


def test_it_is_a_picture_with_a_title() -> None:
    picture = ElementTree.fromstring(PICTURE)
    assert picture.find(f"{SVG}title").text == "This & <that>"  # type: ignore[union-attr]
    assert "prefers-color-scheme: dark" in PICTURE


def test_each_line_goes_through_every_length_within_the_picture() -> None:
    lines = re.findall(r'class="line (\w+)" points="([^"]+)"', PICTURE)
    assert [name for name, _ in lines] == ["beam5", "beam1", "p95", "ours"]
    for _, points in lines:
        places = [tuple(map(float, point.split(","))) for point in points.split()]
        assert len(places) == len(LENGTHS)
        assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in places)


def test_a_flat_line_is_flat_and_slower_is_higher() -> None:
    heights = {
        name: [float(point.split(",")[1]) for point in points.split()]
        for name, points in re.findall(r'class="line (\w+)" points="([^"]+)"', PICTURE)
    }
    assert len(set(heights["ours"])) == 1
    assert heights["beam1"] == sorted(heights["beam1"], reverse=True)
    assert all(whole < ours for whole, ours in zip(heights["beam1"], heights["ours"], strict=True))


def test_labels_do_not_cover_one_another() -> None:
    labels = [float(y) for y in re.findall(r'x="580" y="([\d.]+)">', PICTURE)]
    assert len(labels) == 4
    assert all(later - earlier >= 16 for earlier, later in pairwise(labels))


def test_the_axes_are_named() -> None:
    assert ">200 ms<" in PICTURE
    assert ">1 s<" in PICTURE
    assert ">120<" in PICTURE


def test_one_length_makes_no_line() -> None:
    with pytest.raises(ValueError, match="a line needs two lengths, and there are 1"):
        svg(rows([compared(3, 1, 2)], seed=1), "x")
