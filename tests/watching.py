"""A key source being watched in a test: what it told, and how it ended."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio

from parleq_hotkey.ports import DesktopError, KeyAction, KeyEvent, Keys, KeySource, Role

WITHIN_S = 8.0


class Watching:
    """``events``: in order. ``problem``: what `watch` raised. ``over``: it does not run."""

    def __init__(self) -> None:
        self.events: list[KeyEvent] = []
        self.problem: DesktopError | None = None
        self.over = False
        self.scope = anyio.CancelScope()
        self._changed = anyio.Event()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits for something that the source does."""
        with anyio.fail_after(WITHIN_S):
            while not condition():
                await self._changed.wait()

    async def told(self, *expected: str) -> None:
        """Waits for as many events, and sees that they are these and no others: "+dictate", "-dictate"…"""
        await self.until(lambda: len(self.events) >= len(expected))
        assert self.told_so_far() == list(expected)

    def told_so_far(self) -> list[str]:
        """The events in short."""
        return [f"{'+' if event.action is KeyAction.PRESSED else '-'}{event.role}" for event in self.events]

    async def ended(self) -> DesktopError:
        """Waits until the source gives up; why."""
        await self.until(lambda: self.over)
        assert self.problem is not None
        return self.problem

    def on_event(self, event: KeyEvent) -> None:
        """What the source calls."""
        assert not self.over, "an event after the end"
        self.events.append(event)
        self.tell()

    def tell(self) -> None:
        """Something changed."""
        changed, self._changed = self._changed, anyio.Event()
        changed.set()


@asynccontextmanager
async def watching(source: KeySource, keys: Keys) -> AsyncIterator[Watching]:
    """The source watches within the block, from when it is ready (or has failed)."""
    state, ready = Watching(), anyio.Event()

    async def watch() -> None:
        with state.scope:
            try:
                await source.watch(keys, state.on_event, ready.set)
            except DesktopError as problem:
                state.problem = problem
        state.over = True
        ready.set()
        state.tell()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        with anyio.fail_after(WITHIN_S):
            await ready.wait()
        yield state
        state.scope.cancel()


def assert_paired(events: list[KeyEvent]) -> None:
    """Presses and releases of each role take turns, a press first and a release last, none before its press."""
    for role in Role:
        mine = [event for event in events if event.role is role]
        turns = [KeyAction.PRESSED, KeyAction.RELEASED] * (len(mine) // 2)
        assert [event.action for event in mine] == turns
        assert all(before.at <= after.at for before, after in zip(mine[::2], mine[1::2], strict=True))
