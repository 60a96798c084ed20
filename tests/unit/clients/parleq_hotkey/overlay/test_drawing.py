from __future__ import annotations

from itertools import pairwise

import pytest

from parleq_hotkey.overlay.changes import changes
from parleq_hotkey.overlay.drawing import Box, Drawing, Font, Picture, Words
from parleq_hotkey.overlay.model import LEVELS, View
from parleq_hotkey.overlay.palette import DARK


class EvenPen:
    """Every character is half as wide as its font's size."""

    def width(self, font: Font, text: str) -> int:
        return len(text) * font.value // 2

    def height(self, font: Font) -> int:
        return font.value + 4


def picture(view: View, widest: int = 2000, unit: float = 1.0) -> Picture:
    return Drawing(EvenPen(), DARK, unit).of(view, widest)


def words(shown: Picture) -> list[Words]:
    return [shape for shape in shown.shapes if isinstance(shape, Words)]


def boxes(shown: Picture, colour: str) -> list[Box]:
    return [shape for shape in shown.shapes if isinstance(shape, Box) and shape.colour == colour]


def test_a_recording_has_a_bar_for_every_level_the_newest_at_the_right() -> None:
    shown = picture(View("recording", "Listening", levels=(0.2, 1.0)))
    heard = boxes(shown, DARK.meter)
    assert [bar.height for bar in heard] == [4, 20]
    assert heard[1].x + heard[1].width == shown.width - 18
    assert len([bar for bar in boxes(shown, DARK.border) if bar.width == 3]) == LEVELS - 2


def test_only_a_recording_has_a_meter() -> None:
    assert not boxes(picture(View("working", "Transcribing…")), DARK.meter)


def test_changes_are_struck_out_and_highlighted() -> None:
    shown = picture(View("review", "Ready", spans=changes("um hello there now", "Hello there now")))
    struck = next(word for word in words(shown) if word.text == "um")
    assert struck.colour == DARK.removed
    (line,) = boxes(shown, DARK.removed)
    assert (line.x, line.width) == (struck.x, 16)
    assert struck.y < line.y < struck.y + 20
    (ground,) = boxes(shown, DARK.added_ground)
    added = next(word for word in words(shown) if word.text == "Hello")
    assert ground.x <= added.x
    assert shown.shapes.index(ground) < shown.shapes.index(added)


@pytest.mark.parametrize(
    "state, colour",
    [("recording", DARK.live), ("working", DARK.meter), ("review", DARK.done), ("problem", DARK.warning)],
)
def test_the_dot_has_the_state_s_colour(state: str, colour: str) -> None:
    assert words(picture(View(state, "…")))[0].colour == colour


def test_all_that_is_told_is_there_from_top_to_bottom() -> None:
    view = View(
        "recording", "Say", True, spans=changes("", "Text."), text="Text.", said="shorter", notice="!", hint="tap"
    )
    shown = words(picture(view))
    assert [word.text.strip() for word in shown] == ["●", "Say", "hands-free", "Text.", "“shorter”", "!", "tap"]
    assert all(above.y <= below.y for above, below in pairwise(shown))
    assert [word.colour for word in shown[-2:]] == [DARK.warning, DARK.faint]


def test_everything_lies_within_the_frame() -> None:
    view = View("review", "Ready", spans=changes("", "long " * 500), notice="why " * 200, hint="what " * 200)
    shown = picture(view, widest=300)
    assert shown.width == 300
    for shape in shown.shapes:
        wide, high = (
            (shape.width, shape.height)
            if isinstance(shape, Box)
            else (EvenPen().width(shape.font, shape.text), EvenPen().height(shape.font))
        )
        assert 0 <= shape.x <= shape.x + wide <= shown.width
        assert 0 <= shape.y <= shape.y + high <= shown.height


def test_of_a_long_review_the_beginning_is_shown_and_of_a_partial_the_end() -> None:
    spans = changes("", " ".join(map(str, range(1000))))
    review = [word.text for word in words(picture(View("review", "", spans=spans)))]
    partial = [word.text for word in words(picture(View("recording", "", spans=spans)))]
    assert review[2].startswith("0 1 2")
    assert review[-1].endswith("…")
    assert partial[-1].endswith("999")
    assert partial[2].startswith("…")


def test_a_finer_display_has_more_pixels() -> None:
    small, large = (picture(View("inserted", "Inserted"), unit=unit) for unit in (1.0, 2.0))
    assert large.width == 2 * small.width
