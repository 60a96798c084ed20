"""The desktop of this session: its displays are looked up at each use, so it may begin, end and begin again."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import anyio

from parleq_hotkey.displays import Displays, find_displays
from parleq_hotkey.feedback.notifications import examine as notifications
from parleq_hotkey.feedback.overlay_process import back_end as overlay
from parleq_hotkey.feedback.sounds import examine as sounds
from parleq_hotkey.insertion.detection import choose_inserter, list_inserters, open_inserter
from parleq_hotkey.keys.detection import choose_key_source, list_key_sources, open_key_source
from parleq_hotkey.ports import BackEnd, DesktopError, Inserter, KeySource
from parleq_hotkey.settings import InsertionSettings
from parleqd.protocol.names import Reason

ANSWERS_WITHIN_S = 8.0
"""More than any of its parts takes to be given up by whoever asks it."""


class ThisDesktop:
    """The port `Desktop` for real."""

    def __init__(self, answers_within_s: float = ANSWERS_WITHIN_S) -> None:
        self._answers_within_s = answers_within_s

    async def back_ends(self) -> list[BackEnd]:
        """Keys, insertion, feedback: all at once, since what hangs takes seconds to be given up."""
        displays = await _displays()
        found: dict[str, list[BackEnd]] = {}

        async def look(kind: str, looking: Coroutine[Any, Any, list[BackEnd]]) -> None:
            try:
                found[kind] = await self._answer(looking)
            except DesktopError as problem:
                found[kind] = [BackEnd(kind, "desktop", False, problem.message, problem.hint, problem.reason)]

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(look, "keys", list_key_sources(displays))
            tasks.start_soon(look, "insertion", list_inserters(displays))
            tasks.start_soon(look, "feedback", _feedback())
        return [one for kind in ("keys", "insertion", "feedback") for one in found[kind]]

    async def key_source(self, wanted: str) -> KeySource:
        """As the port."""
        displays = await _displays()
        found = await self._answer(list_key_sources(displays))
        return open_key_source(choose_key_source(found, wanted), displays)

    @asynccontextmanager
    async def inserter(self, settings: InsertionSettings) -> AsyncIterator[Inserter]:
        """As the port."""
        displays = await _displays()
        name = choose_inserter(await self._answer(list_inserters(displays)), settings.method)
        async with open_inserter(name, displays, settings) as inserter:
            yield inserter

    async def _answer(self, looking: Coroutine[Any, Any, list[BackEnd]]) -> list[BackEnd]:
        """Raises DesktopError when it does not come: a display that is there may hang."""
        with anyio.move_on_after(self._answers_within_s):
            return await looking
        message = f"the desktop does not answer within {self._answers_within_s:g} s"
        raise DesktopError(Reason.NO_DISPLAY, message, "log out and in again, if it stays so")


async def _feedback() -> list[BackEnd]:
    return [await notifications(), await sounds(), await overlay()]


async def _displays() -> Displays:
    """Libraries and programs find them by the environment."""
    displays = await find_displays()
    os.environ.update(displays.environment())
    return displays
