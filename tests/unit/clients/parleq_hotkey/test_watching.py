from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio
import pytest

from parleq_hotkey.gesture import Gestures, Intent
from parleq_hotkey.ports import DesktopError
from parleq_hotkey.settings import HotkeySettings
from parleq_hotkey.watching import Watching
from parleqd.protocol.names import Reason
from tests.fakes.hotkey import DEADLINE, FakeDesktop

SOON = (0.001, 0.001)
QUICK = HotkeySettings(chatter_ms=0, shortest_ms=0)
TAKEN = DesktopError(Reason.KEY_TAKEN, "F9 is taken", "free it")


class Made:
    def __init__(self, watching: Watching, desktop: FakeDesktop) -> None:
        self.watching = watching
        self.desktop = desktop
        self.intents: list[Intent] = []
        self.lost: list[Reason] = []


@asynccontextmanager
async def watching(*refusals: DesktopError, settings: HotkeySettings = QUICK) -> AsyncIterator[Made]:
    desktop = FakeDesktop()
    desktop.keys.refusals = list(refusals)
    intents: list[Intent] = []
    lost: list[Reason] = []
    made = Made(
        Watching(desktop, Gestures(settings), intents.append, lambda problem: lost.append(problem.reason), SOON),
        desktop,
    )
    made.intents, made.lost = intents, lost
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(made.watching.run)
        with anyio.fail_after(DEADLINE):
            await desktop.keys.watched()
            yield made
        tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_events_and_time_become_intents() -> None:
    async with watching(settings=replace(QUICK, double_tap_ms=20)) as made:
        made.desktop.keys.press()
        made.desktop.keys.release()
        while made.intents != [Intent.START, Intent.DROP]:  # noqa: ASYNC110 - time is what is tried
            await anyio.sleep(0.001)


@pytest.mark.asyncio
@pytest.mark.parametrize("failure", [TAKEN, ZeroDivisionError()])
async def test_what_was_begun_hands_free_ends_with_the_key_source(failure: Exception) -> None:
    async with watching() as made:
        for _tap in range(2):
            made.desktop.keys.press()
            made.desktop.keys.release()
        assert made.intents == [Intent.START, Intent.HANDS_FREE]
        made.desktop.keys.lose(failure)
        await made.desktop.keys.watched(False)
        await made.desktop.keys.watched()
        assert made.intents == [Intent.START, Intent.HANDS_FREE, Intent.STOP]


@pytest.mark.asyncio
async def test_a_key_that_is_taken_is_tried_again_and_told_once() -> None:
    async with watching(TAKEN, TAKEN) as made:
        assert made.lost == [Reason.KEY_TAKEN]


@pytest.mark.asyncio
async def test_a_source_that_is_lost_ends_what_is_recorded_and_is_opened_again() -> None:
    async with watching() as made:
        made.desktop.keys.press()
        made.desktop.keys.lose()
        await made.desktop.keys.watched(False)
        await made.desktop.keys.watched()
        assert made.intents[0] is Intent.START
        assert made.intents[-1] in (Intent.STOP, Intent.DROP)
        assert len(made.intents) == 2


@pytest.mark.asyncio
async def test_another_key_is_watched_at_once_and_thresholds_need_no_new_source() -> None:
    async with watching() as made:
        made.watching.choose(replace(QUICK, key="F8"))
        await anyio.wait_all_tasks_blocked()
        await made.desktop.keys.watched()
        assert made.desktop.keys.keys is not None
        assert made.desktop.keys.keys.dictate == "F8"
        before = made.desktop.keys.keys
        made.watching.choose(replace(QUICK, key="F8", tap_ms=100))
        await anyio.wait_all_tasks_blocked()
        assert made.desktop.keys.keys is before


@pytest.mark.asyncio
async def test_the_cancel_key_is_watched_when_it_is_wanted_by_the_next_source_too() -> None:
    async with watching() as made:
        made.watching.listen_for_cancel(True)
        assert made.desktop.keys.cancel_wanted
        made.desktop.keys.cancel_wanted = False
        made.desktop.keys.lose()
        await made.desktop.keys.watched(False)
        await made.desktop.keys.watched()
        assert made.desktop.keys.cancel_wanted
