"""Feedback of which there is none, and feedback of several kinds at once."""

from __future__ import annotations

from collections.abc import Sequence

import anyio

from parleq_hotkey.ports import Feedback, ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase


class Silent:
    """Shows nothing and plays nothing: a base for what shows some of it."""

    async def run(self) -> None:
        """As the port."""
        await anyio.sleep_forever()

    def choose(self, settings: FeedbackSettings) -> None:
        """As the port."""

    async def before_recording(self) -> None:
        """As the port."""

    def recording(self, hands_free: bool) -> None:
        """As the port."""

    def level(self, dbfs: float) -> None:
        """As the port."""

    def partial(self, stable: str, provisional: str) -> None:
        """As the port."""

    def working(self, phase: Phase) -> None:
        """As the port."""

    def review(self, ready: ReadyText) -> None:
        """As the port."""

    def inserted(self, receipt: Receipt, ready: ReadyText) -> None:
        """As the port."""

    def waits(self, receipt: Receipt) -> None:
        """As the port."""

    def nothing_said(self) -> None:
        """As the port."""

    def cancelled(self) -> None:
        """As the port."""

    def dropped(self) -> None:
        """As the port."""

    def failed(self, reason: str, message: str, hint: str) -> None:
        """As the port."""

    def problem(self, reason: str, message: str, hint: str) -> None:
        """As the port."""


class Together:
    """Tells several of everything, in their order."""

    def __init__(self, parts: Sequence[Feedback]) -> None:
        self._parts = tuple(parts)

    async def run(self) -> None:
        """As the port."""
        async with anyio.create_task_group() as tasks:
            for part in self._parts:
                tasks.start_soon(part.run)

    def choose(self, settings: FeedbackSettings) -> None:
        """As the port."""
        for part in self._parts:
            part.choose(settings)

    async def before_recording(self) -> None:
        """As the port."""
        async with anyio.create_task_group() as tasks:
            for part in self._parts:
                tasks.start_soon(part.before_recording)

    def recording(self, hands_free: bool) -> None:
        """As the port."""
        for part in self._parts:
            part.recording(hands_free)

    def level(self, dbfs: float) -> None:
        """As the port."""
        for part in self._parts:
            part.level(dbfs)

    def partial(self, stable: str, provisional: str) -> None:
        """As the port."""
        for part in self._parts:
            part.partial(stable, provisional)

    def working(self, phase: Phase) -> None:
        """As the port."""
        for part in self._parts:
            part.working(phase)

    def review(self, ready: ReadyText) -> None:
        """As the port."""
        for part in self._parts:
            part.review(ready)

    def inserted(self, receipt: Receipt, ready: ReadyText) -> None:
        """As the port."""
        for part in self._parts:
            part.inserted(receipt, ready)

    def waits(self, receipt: Receipt) -> None:
        """As the port."""
        for part in self._parts:
            part.waits(receipt)

    def nothing_said(self) -> None:
        """As the port."""
        for part in self._parts:
            part.nothing_said()

    def cancelled(self) -> None:
        """As the port."""
        for part in self._parts:
            part.cancelled()

    def dropped(self) -> None:
        """As the port."""
        for part in self._parts:
            part.dropped()

    def failed(self, reason: str, message: str, hint: str) -> None:
        """As the port."""
        for part in self._parts:
            part.failed(reason, message, hint)

    def problem(self, reason: str, message: str, hint: str) -> None:
        """As the port."""
        for part in self._parts:
            part.problem(reason, message, hint)
