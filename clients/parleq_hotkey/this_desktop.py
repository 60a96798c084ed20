"""The desktop of this session: its displays are looked up at each use, so it may begin, end and begin again."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from parleq_hotkey.displays import Displays, find_displays
from parleq_hotkey.feedback.notifications import examine as notifications
from parleq_hotkey.feedback.overlay_process import back_end as overlay
from parleq_hotkey.insertion.detection import choose_inserter, list_inserters, open_inserter
from parleq_hotkey.keys.detection import choose_key_source, list_key_sources, open_key_source
from parleq_hotkey.ports import BackEnd, Inserter, KeySource
from parleq_hotkey.settings import InsertionSettings


class ThisDesktop:
    """The port `Desktop` for real."""

    async def back_ends(self) -> list[BackEnd]:
        """Keys, insertion, feedback."""
        displays = await _displays()
        return [
            *await list_key_sources(displays),
            *await list_inserters(displays),
            await notifications(),
            await overlay(),
        ]

    async def key_source(self, wanted: str) -> KeySource:
        """As the port."""
        displays = await _displays()
        return open_key_source(choose_key_source(await list_key_sources(displays), wanted), displays)

    @asynccontextmanager
    async def inserter(self, settings: InsertionSettings) -> AsyncIterator[Inserter]:
        """As the port."""
        displays = await _displays()
        name = choose_inserter(await list_inserters(displays), settings.method)
        async with open_inserter(name, displays, settings) as inserter:
            yield inserter


async def _displays() -> Displays:
    """Libraries and programs find them by the environment."""
    displays = await find_displays()
    os.environ.update(displays.environment())
    return displays
