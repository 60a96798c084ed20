from __future__ import annotations

import pytest

from parleq_hotkey.overlay.palette import DARK, LIGHT, Palette, fitting


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_every_text_can_be_read(palette: Palette) -> None:
    for colour in (palette.text, palette.faint, palette.removed, palette.added, palette.warning):
        assert contrast(colour, palette.panel) >= 4.5
    assert contrast(palette.added, palette.added_ground) >= 4.5


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_signs_stand_out(palette: Palette) -> None:
    for colour in (palette.live, palette.done, palette.meter):
        assert contrast(colour, palette.panel) >= 3


@pytest.mark.parametrize(
    "answer, palette",
    [("'prefer-dark'\n", DARK), ("'prefer-light'\n", LIGHT), ("'default'\n", LIGHT), ("", DARK), ("No schemas", DARK)],
)
def test_the_desktop_s_preference_is_followed(answer: str, palette: Palette) -> None:
    assert fitting(answer) is palette
