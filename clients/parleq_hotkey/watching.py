"""Feeds the gestures: events from the key source at hand, and the passing of time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic

import anyio

from parleq_hotkey.desktop import Desktop
from parleq_hotkey.gesture import Gestures, Intent
from parleq_hotkey.ports import DesktopError, KeyEvent, Keys, KeySource
from parleq_hotkey.retrying import PAUSES, hold
from parleq_hotkey.settings import HotkeySettings

_log = logging.getLogger(__name__)


class Watching:
    """``do`` carries intents out; ``on_lost`` is told when keys cannot be watched, or no longer."""

    def __init__(
        self,
        desktop: Desktop,
        gestures: Gestures,
        do: Callable[[Intent], None],
        on_lost: Callable[[DesktopError], None],
        pauses: tuple[float, float] = PAUSES,
    ) -> None:
        self._desktop = desktop
        self._gestures = gestures
        self._do = do
        self._on_lost = on_lost
        self._pauses = pauses
        self._source: KeySource | None = None
        self._cancel_wanted = False
        self._changed = anyio.Event()
        self._scope = anyio.CancelScope()

    async def run(self) -> None:
        """Watches until cancelled; call `stop` before that."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._let_time_pass)
            while True:  # once for all settings
                with anyio.CancelScope() as self._scope:
                    await hold("keys", self._watch, self._on_lost, self._pauses)
                self.stop()

    def choose(self, settings: HotkeySettings) -> None:
        """From now on these keys, by this source, with these thresholds."""
        before, self._gestures.settings = self._gestures.settings, settings
        if _watched(before) != _watched(settings):
            self._scope.cancel()

    def listen_for_cancel(self, wanted: bool) -> None:
        """Whether the cancel key is ours for now."""
        self._cancel_wanted = wanted
        if self._source is not None:
            self._source.listen_for_cancel(wanted)

    def let_chords_through(self, wanted: bool) -> None:
        """Whether a held key is to be no obstacle to chords."""
        if self._source is not None:
            self._source.let_chords_through(wanted)

    def stop(self) -> None:
        """No key is watched any more: what is recorded ends."""
        self._carry_out(self._gestures.lost(monotonic()))

    async def _watch(self, works: Callable[[], None]) -> None:
        settings = self._gestures.settings
        source = await self._desktop.key_source(settings.source)
        keys = Keys(settings.key, settings.cancel_key, settings.offer_key)

        def ready() -> None:
            self._source = source
            self._gestures.sees_release = source.sees_release
            source.listen_for_cancel(self._cancel_wanted)
            _log.info("keys are watched by %s, hold %s", source.name, "works" if source.sees_release else "does not")
            works()

        try:
            await source.watch(keys, self._on_event, ready)
        except Exception:  # a bug, too, must not leave open what no key could end
            self.stop()
            raise
        finally:
            self._source = None

    def _on_event(self, event: KeyEvent) -> None:
        self._carry_out(self._gestures.handle(event, monotonic()))

    def _carry_out(self, intents: list[Intent]) -> None:
        for intent in intents:
            _log.debug("%s", intent)
            self._do(intent)
        self._changed.set()

    async def _let_time_pass(self) -> None:
        while True:
            self._changed = anyio.Event()
            due = self._gestures.due()
            with anyio.move_on_after(None if due is None else max(0.0, due - monotonic())):
                await self._changed.wait()
            if due is not None and monotonic() >= due:
                self._carry_out(self._gestures.tick(monotonic()))


def _watched(settings: HotkeySettings) -> tuple[str, ...]:
    return settings.key, settings.source, settings.cancel_key, settings.offer_key
