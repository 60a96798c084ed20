"""Which chord pastes in which window, and which windows are terminals. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from parleq_hotkey.ports import Window

SHIFT_INSERT = "shift+Insert"
"""Every keyboard layout has it: a layout without the letter v has no ctrl+v.

Toolkits (GTK, Qt, Tk, Chromium, Java) paste CLIPBOARD with it, X11's terminals PRIMARY: both hold the lent text.
"""

TERMINALS = """
*term *terminal *terminal-server *terminal-emulator *rxvt* alacritty org.alacritty blackbox com.raggesilver.blackbox
contour foot footclient com.mitchellh.ghostty ghostty org.gnome.console kgx org.gnome.ptyxis ptyxis guake hyper
co.zeit.hyper iterm2 com.googlecode.iterm2 kitty net.kovidgoyal.kitty konsole org.kde.konsole rio com.raphaelamorim.rio
sakura st st-256color tabby org.tabby terminator terminology tilda tilix com.gexperts.tilix warp dev.warp.warp*
wezterm-gui yakuake org.kde.yakuake
""".split()
"""Patterns of applications and window classes."""

_BUILT_IN = dict.fromkeys(("cool-retro-term", "contour", "warp", "warp-terminal", "dev.warp.warp*"), "ctrl+shift+v")
"""Terminals that paste with this chord, and not, as far as is told, with shift+Insert.

Sources: cool-retro-term issue 723; Contour's page on key mappings; Warp issues 4604 and 5616.
"""


@dataclass(frozen=True, slots=True)
class Chords:
    """``users``: the setting ``insertion.paste_keys``, whose patterns go first. The others: what a desktop starts from.

    ``terminal``: for terminals, where they cannot have the selection that shift+Insert pastes in them.
    """

    users: Mapping[str, str] = field(default_factory=dict)
    default: str = SHIFT_INSERT
    terminal: str = SHIFT_INSERT

    def chord(self, window: Window) -> str:
        """The chord that pastes in this window: the first pattern that fits its application or its class."""
        for table in (self.users, _BUILT_IN):
            for pattern, chord in table.items():
                if _fits(pattern, window):
                    return chord
        return self.terminal if is_terminal(window) else self.default


def is_terminal(window: Window) -> bool:
    """A terminal, by its application or window class: there a line break runs what stands before it."""
    return any(_fits(pattern, window) for pattern in TERMINALS)


def _fits(pattern: str, window: Window) -> bool:
    return any(fnmatchcase(name, pattern.lower()) for name in _names(window))


def _names(window: Window) -> Iterator[str]:
    """The application may be a path."""
    for name in (window.app, window.window_class):
        if name:
            yield name.lower()
            yield name.lower().rsplit("/", 1)[-1]
