"""The desktop that this program runs in, as far as it can be had at the moment: looked up at each use."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from parleq_hotkey.ports import BackEnd, Inserter, KeySource
from parleq_hotkey.settings import InsertionSettings


class Desktop(Protocol):
    """What the program needs of it."""

    async def back_ends(self) -> list[BackEnd]:
        """Everything that could be used here, usable or not, in the order in which it is tried."""

    async def key_source(self, wanted: str) -> KeySource:
        """The source of that name, or with "auto" the first usable one. Raises DesktopError."""

    def inserter(self, settings: InsertionSettings) -> AbstractAsyncContextManager[Inserter]:
        """The inserter that these settings ask for, for the block. Raises DesktopError when there is none."""
