"""A key source without keys: the test presses them."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import anyio

from parleq_hotkey.keys.held import HeldKeys
from parleq_hotkey.keys.matching import WatchedKeys
from parleq_hotkey.ports import DesktopError, KeyEvent, Keys, Role
from parleqd.protocol.names import Reason

GONE = DesktopError(Reason.NO_DISPLAY, "the keyboard is gone", "plug it in")


class FakeKeySource:
    """Watches what `press` and `release` say; `lose` ends it, as a display that dies.

    ``refusals``: the next calls of `watch` raise these, in order. ``keys``: what is watched, None while nothing is.
    ``cancel_wanted``: what `listen_for_cancel` said last; the cancel key is heard only then. ``lets_chords_through``:
    what was said last of that.
    """

    name = "fake"

    def __init__(self, *, sees_release: bool = True, now: Callable[[], float] = monotonic) -> None:
        self.sees_release = sees_release
        self.refusals: list[DesktopError] = []
        self.keys: Keys | None = None
        self.cancel_wanted = False
        self.lets_chords_through = False
        self._now = now
        self._held = HeldKeys(_drop)
        self._changed = anyio.Event()
        self._lost: Exception | None = None

    async def watch(self, keys: Keys, on_event: Callable[[KeyEvent], None], ready: Callable[[], None]) -> None:
        """As the port. Raises DesktopError for a key that nobody knows."""
        if self.refusals:
            raise self.refusals.pop(0)
        WatchedKeys(keys)
        self._lost, self.keys, self._held = None, keys, HeldKeys(on_event)
        try:
            ready()
            self._tell()
            while self._lost is None:
                await self._changed.wait()
            raise self._lost
        finally:
            self.keys = None
            self._held.release_all(self._now())
            self._tell()

    def listen_for_cancel(self, wanted: bool) -> None:
        """As the port."""
        self.cancel_wanted = wanted

    def let_chords_through(self, wanted: bool) -> None:
        """As the port."""
        self.lets_chords_through = wanted

    @property
    def held(self) -> frozenset[Role]:
        """The watched keys that are down."""
        return self._held.roles

    def press(self, role: Role = Role.DICTATE, at: float | None = None) -> None:
        """The key goes down, or repeats while it is down; nobody hears the cancel key unless it is wanted."""
        if self.keys is not None and (role is not Role.CANCEL or self.cancel_wanted):
            self._held.press(role, self._now() if at is None else at, by=role)

    def release(self, role: Role = Role.DICTATE, at: float | None = None) -> None:
        """The key goes up."""
        self._held.release(self._now() if at is None else at, by=role)

    def lose(self, problem: Exception = GONE) -> None:
        """The display ends, or the keyboard goes: `watch` raises ``problem``."""
        self._lost = problem
        self._tell()

    async def watched(self, wanted: bool = True) -> None:
        """Waits until somebody watches; with False, until nobody does."""
        while (self.keys is not None) is not wanted:
            await self._changed.wait()

    def _tell(self) -> None:
        changed, self._changed = self._changed, anyio.Event()
        changed.set()


def _drop(event: KeyEvent) -> None:
    """Before anybody watches."""
