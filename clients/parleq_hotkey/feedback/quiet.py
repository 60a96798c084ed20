"""Keeps other programs quiet from the press of the key until the recording is over, as the user asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import anyio

from parleq_hotkey.feedbacks import Silent
from parleq_hotkey.ports import ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase

RESTORES_WITHIN_S = 3.0
"""When the program ends; what is not undone by then, the next start undoes."""


class Hush(Protocol):
    """One way to quieten other programs: `media.Players` pauses, `volumes.Volumes` turns down. Neither raises."""

    async def quieten(self) -> None:
        """From now on."""

    async def restore(self) -> None:
        """As it was before, also what an earlier process left behind."""


class Quiet(Silent):
    """``ways``: by the values of ``feedback.media``; one that has no way leaves all as it is."""

    def __init__(self, ways: Mapping[str, Hush]) -> None:
        self._ways = ways
        self._chosen = "leave"
        self._wanted: Hush | None = None
        self._news = anyio.Event()

    async def run(self) -> None:
        """Undoes what an earlier process left, then quietens and restores, until cancelled; then all is as before."""
        try:
            for way in self._ways.values():
                await way.restore()
            await self._follow()
        finally:
            with anyio.move_on_after(RESTORES_WITHIN_S, shield=True):
                for way in self._ways.values():
                    await way.restore()

    def choose(self, settings: FeedbackSettings) -> None:
        """Holds from the next recording on."""
        self._chosen = settings.media

    async def before_recording(self) -> None:
        """Nothing is waited for: the first word may be there already."""
        self._want(self._ways.get(self._chosen))

    def working(self, phase: Phase) -> None:
        """The recording is over."""
        self._want(None)

    def review(self, ready: ReadyText) -> None:
        """What was being said to change it is over, or was given up."""
        self._want(None)

    def inserted(self, receipt: Receipt, ready: ReadyText) -> None:
        """The recording is over."""
        self._want(None)

    def waits(self, receipt: Receipt) -> None:
        """The recording is over."""
        self._want(None)

    def nothing_said(self) -> None:
        """The recording is over."""
        self._want(None)

    def cancelled(self) -> None:
        """The recording is over."""
        self._want(None)

    def dropped(self) -> None:
        """There was none."""
        self._want(None)

    def failed(self, reason: str, message: str, hint: str) -> None:
        """The recording is over, or never began."""
        self._want(None)

    def _want(self, way: Hush | None) -> None:
        self._wanted = way
        self._news.set()

    async def _follow(self) -> None:
        now: Hush | None = None
        while True:
            await self._news.wait()
            self._news = anyio.Event()
            wanted = self._wanted
            if wanted is now:
                continue
            if now is not None:
                await now.restore()
            if wanted is not None:
                await wanted.quieten()
            now = wanted
