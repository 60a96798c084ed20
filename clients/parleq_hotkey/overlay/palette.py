"""The overlay's colours: dark ones and light ones. Text stands out from what it is drawn on by 4.5 : 1 at least."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as "#rrggbb": ``panel`` is the ground, ``added_ground`` the one behind what was added."""

    panel: str
    border: str
    text: str
    faint: str
    removed: str
    added: str
    added_ground: str
    live: str
    done: str
    warning: str
    meter: str


DARK = Palette(
    panel="#1d1f24",
    border="#4a4e59",
    text="#f1f2f4",
    faint="#a3a8b4",
    removed="#e58a8a",
    added="#a6e3b0",
    added_ground="#24392b",
    live="#ff6b6b",
    done="#7fd491",
    warning="#f2c063",
    meter="#7cb7ff",
)
LIGHT = Palette(
    panel="#fbfbfc",
    border="#b9bdc7",
    text="#1b1d22",
    faint="#646a77",
    removed="#b03a3a",
    added="#14602a",
    added_ground="#dcf3e1",
    live="#d63333",
    done="#1e7d3a",
    warning="#8a5a00",
    meter="#2f6fc4",
)


def fitting(color_scheme: str) -> Palette:
    """The colours for what the desktop says it prefers ("'prefer-light'", "'default'"), dark where it says nothing.

    The words are those of ``org.gnome.desktop.interface color-scheme``; before it, a light theme was the default one.
    """
    return LIGHT if "light" in color_scheme or "default" in color_scheme else DARK
