"""A view as a picture: words, boxes and lines in pixels, which any toolkit can draw in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from parleq_hotkey.overlay.changes import Kind, Span
from parleq_hotkey.overlay.layout import lines
from parleq_hotkey.overlay.model import LEVELS, View
from parleq_hotkey.overlay.palette import Palette


class Font(Enum):
    """The fonts in use, each with its size in pixels at 96 pixels per inch."""

    HEADING = 13
    BODY = 16
    SMALL = 12


class Pen(Protocol):
    """What a toolkit knows of its fonts, in pixels."""

    def width(self, font: Font, text: str) -> int:
        """How wide the text is."""

    def height(self, font: Font) -> int:
        """From one line to the next."""


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; ``x`` and ``y`` are its upper left corner."""

    x: int
    y: int
    width: int
    height: int
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text, with its upper left corner at ``x`` and ``y``."""

    x: int
    y: int
    text: str
    font: Font
    colour: str


@dataclass(slots=True)
class Picture:
    """Shapes on a ground of ``width`` by ``height`` pixels."""

    width: int
    height: int = 0
    shapes: list[Box | Words] = field(default_factory=list)


_NARROW, _WIDE = 320, 580  # at 96 pixels per inch
_SIDE, _ABOVE, _GAP = 18, 13, 9
_BAR, _BAR_STEP, _BAR_HEIGHT = 3, 5, 20
_BODY_LINES, _NOTICE_LINES, _HINT_LINES = 6, 3, 2
_DOT = "●"
_HANDS_FREE = "hands-free"


class Drawing:
    """Draws views with one pen. ``unit``: pixels for each of a display of 96 to the inch."""

    def __init__(self, pen: Pen, palette: Palette, unit: float = 1.0) -> None:
        self._pen = pen
        self._palette = palette
        self._unit = unit

    def of(self, view: View, widest: int) -> Picture:
        """The picture of a view that is shown, at most ``widest`` pixels wide."""
        narrow = not (view.spans or view.notice or view.hint or view.said)
        picture = Picture(min(self._px(_NARROW if narrow else _WIDE), widest))
        picture.height = self._px(_ABOVE)
        self._head(view, picture)
        tail = view.state not in ("review", "inserted")
        self._body(view.spans, picture, Font.BODY, _BODY_LINES, tail=tail)
        if view.said:
            self._body((Span(f"“{view.said.strip()}”", Kind.PROVISIONAL),), picture, Font.BODY, 2, tail=True)
        self._note(view.notice, picture, self._palette.warning, _NOTICE_LINES)
        self._note(view.hint, picture, self._palette.faint, _HINT_LINES)
        picture.height += self._px(_ABOVE)
        self._frame(picture)
        return picture

    def _px(self, size: float) -> int:
        return max(1, round(size * self._unit))

    def _head(self, view: View, picture: Picture) -> None:
        """The first line: a dot and the state's name, at its right the level."""
        height = max(self._pen.height(Font.HEADING), self._px(_BAR_HEIGHT))
        y = picture.height + (height - self._pen.height(Font.HEADING)) // 2
        x = self._px(_SIDE)
        parts = [(f"{_DOT}  ", self._dot(view.state)), (view.heading, self._palette.text)]
        parts += [(f"   {_HANDS_FREE}", self._palette.faint)] if view.hands_free else []
        for text, colour in parts:
            picture.shapes.append(Words(x, y, text, Font.HEADING, colour))
            x += self._pen.width(Font.HEADING, text)
        if view.state == "recording":
            self._meter(view.levels, picture, picture.height + height // 2)
        picture.height += height

    def _dot(self, state: str) -> str:
        palette = self._palette
        colours = {"recording": palette.live, "working": palette.meter, "review": palette.done}
        return colours.get(state, palette.done if state == "inserted" else palette.warning)

    def _meter(self, levels: tuple[float, ...], picture: Picture, middle: int) -> None:
        """A bar for each level, the newest at the right; short ones where nothing came yet."""
        step, bar = self._px(_BAR_STEP), self._px(_BAR)
        x = picture.width - self._px(_SIDE) - LEVELS * step + (step - bar)
        for level in (*(0.0,) * (LEVELS - len(levels)), *levels):
            half = max(self._px(1.5), self._px(_BAR_HEIGHT * level) // 2)
            colour = self._palette.meter if level else self._palette.border
            picture.shapes.append(Box(x, middle - half, bar, 2 * half, colour))
            x += step

    def _body(self, spans: tuple[Span, ...], picture: Picture, font: Font, most: int, *, tail: bool) -> None:
        height, side = self._pen.height(font), self._px(_SIDE)
        wrapped = lines(spans, lambda text: self._pen.width(font, text), picture.width - 2 * side, most, tail=tail)
        picture.height += self._px(_GAP) if wrapped else 0
        for line in wrapped:
            y = picture.height
            for run in line:
                colour = self._colour(run.kind)
                if run.kind is Kind.ADDED:
                    ground = Box(side + run.x - 1, y, run.width + 2, height, self._palette.added_ground)
                    picture.shapes.append(ground)
                picture.shapes.append(Words(side + run.x, y, run.text, font, colour))
                if run.kind is Kind.REMOVED:
                    struck = Box(side + run.x, y + round(height * 0.56), run.width, self._px(1), colour)
                    picture.shapes.append(struck)
            picture.height += height

    def _colour(self, kind: Kind) -> str:
        palette = self._palette
        colours = {Kind.PROVISIONAL: palette.faint, Kind.REMOVED: palette.removed, Kind.ADDED: palette.added}
        return colours.get(kind, palette.text)

    def _note(self, text: str, picture: Picture, colour: str, most: int) -> None:
        """A small text below all else."""
        side, height = self._px(_SIDE), self._pen.height(Font.SMALL)
        wrapped = lines(
            (Span(text, Kind.KEPT),),
            lambda piece: self._pen.width(Font.SMALL, piece),
            picture.width - 2 * side,
            most,
        )
        picture.height += self._px(_GAP) if wrapped else 0
        for line in wrapped:
            for run in line:
                picture.shapes.append(Words(side + run.x, picture.height, run.text, Font.SMALL, colour))
            picture.height += height

    def _frame(self, picture: Picture) -> None:
        """The border, so that the panel stands out from a ground like its own."""
        wide, high, line = picture.width, picture.height, self._px(1)
        for x, y, width, height in (
            (0, 0, wide, line),
            (0, high - line, wide, line),
            (0, 0, line, high),
            (wide - line, 0, line, high),
        ):
            picture.shapes.append(Box(x, y, width, height, self._palette.border))
