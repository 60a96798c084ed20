"""What others' selections hold, in all types: kept so that it can be given back, looked at before it is needed."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import anyio
from Xlib import X, Xatom, error
from Xlib.ext import xfixes

from parleq_hotkey.insertion.x11.content import Content, Item
from parleq_hotkey.insertion.x11.fetching import Fetcher
from parleq_hotkey.insertion.x11.selection import Selections
from parleq_hotkey.x11_connection import XConnection

_NOT_CONTENT = frozenset(
    "TARGETS TIMESTAMP MULTIPLE SAVE_TARGETS DELETE INSERT_SELECTION INSERT_PROPERTY GTK_TEXT_BUFFER_CONTENTS".split()
)
"""Targets with side effects (ICCCM 2.6.3), about the selection itself, and GTK's, which is an address in memory."""

_SAME_PICTURE = frozenset(
    """
    image/bmp image/x-bmp image/x-MS-bmp image/x-icon image/x-ico image/x-win-bitmap image/vnd.microsoft.icon
    application/ico image/ico image/icon text/ico image/tiff
    """.split()
)
"""What toolkits make of a picture that they offer as PNG too: large, slow to make, and nothing lost without."""

_POINTS = frozenset({Xatom.PIXMAP, Xatom.BITMAP, Xatom.DRAWABLE, Xatom.WINDOW, Xatom.COLORMAP, Xatom.CURSOR})
"""Types whose values name things of the owner's, which end with it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of one target and of all, how many targets, and the seconds that one owner may take for all."""

    item: int = 32 << 20
    whole: int = 64 << 20
    targets: int = 40
    seconds: float = 1.0


class Snapshots:
    """What each selection of others holds; fetched once per owner, where the server tells of new ones (XFixes)."""

    def __init__(self, connection: XConnection, selections: Selections, limits: Limits | None = None) -> None:
        self._connection = connection
        self._display = connection.display
        self._selections = selections
        self._limits = limits or Limits()
        self._fetcher = Fetcher(connection, selections.window)
        self._one_at_a_time = anyio.Lock()
        self._changes: dict[int, int] = {}
        self._kept: dict[int, tuple[int, Content]] = {}
        self._told = bool(self._display.has_extension("XFIXES"))
        if self._told:
            self._display.xfixes_query_version()

    def watch(self, selection: int) -> None:
        """Asks to be told of its new owners."""
        self._changes[selection] = 0
        if self._told:
            mask = (
                xfixes.XFixesSetSelectionOwnerNotifyMask
                | xfixes.XFixesSelectionWindowDestroyNotifyMask
                | xfixes.XFixesSelectionClientCloseNotifyMask
            )
            self._display.xfixes_select_selection_input(self._selections.window, selection, mask)
            self._connection.flush()

    def handle(self, event: Any) -> None:
        """Takes up changes of owner, and answers to what was asked."""
        if isinstance(event, xfixes.SelectionNotify):
            self._changes[event.selection] = self._changes.get(event.selection, 0) + 1
        else:
            self._fetcher.handle(event)

    async def take(self, selection: int) -> Content:
        """What the selection holds now, as far as its owner tells within the limits. Empty for no owner.

        Not for a selection that is ours: we know what that holds.
        """
        async with self._one_at_a_time:
            change = self._changes.get(selection, 0)
            kept = self._kept.get(selection)
            if self._told and kept is not None and kept[0] == change:
                return kept[1]
            content: dict[int, Item | None] = {}
            with anyio.move_on_after(self._limits.seconds):
                await self._fetch(selection, content)
            self._kept[selection] = (change, content)
            return content

    def forget(self) -> None:
        """Others' contents are not kept longer than needed."""
        self._kept.clear()

    async def _fetch(self, selection: int, content: dict[int, Item | None]) -> None:
        """Fills ``content``, the likeliest to be missed first: what came before the deadline stays."""
        owner = self._display.get_selection_owner(selection)
        self._connection.poke()
        if owner == X.NONE or owner.id == self._selections.window.id:
            return
        listed = await self._fetcher.fetch(selection, self._selections.atom("TARGETS"), self._limits.item)
        left = self._limits.whole
        for target in self._worth_fetching(_atoms(listed)):
            item = await self._fetcher.fetch(selection, target, min(left, self._limits.item))
            if item is not None and item.type not in _POINTS:
                content[target] = item
                left -= len(item.data)

    def _worth_fetching(self, targets: Iterable[int]) -> list[int]:
        """Texts first; without what is no content. Programs of old offer UTF-8 without listing anything."""
        names = {name: target for target in targets if (name := self._name(target))}
        if not names:
            return [self._selections.atom("UTF8_STRING"), Xatom.STRING]
        left_out = _NOT_CONTENT | (_SAME_PICTURE if "image/png" in names else frozenset())
        wanted = [name for name in names if name not in left_out]
        wanted.sort(key=lambda name: (name != "UTF8_STRING", not name.startswith("text/"), name != "image/png"))
        return [names[name] for name in wanted[: self._limits.targets]]

    def _name(self, atom: int) -> str:
        """An atom's name; "" for none: owners may list any number."""
        try:
            return str(self._display.get_atom_name(atom))
        except error.XError:
            return ""


def _atoms(item: Item | None) -> list[int]:
    """The targets that an owner lists; 0 is none. Some owners give them the type TARGETS instead of ATOM."""
    return [] if item is None or item.format != 32 else [atom for atom in array("I", item.data) if atom]
