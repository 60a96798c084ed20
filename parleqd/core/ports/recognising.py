"""Speech recognisers: see `core.speech.messages` for what is said to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from parleqd.core.speech import messages as speech


class Recogniser(Protocol):
    """One running recogniser, loaded with one model. Its end is the end of ``events``."""

    def send(self, command: speech.Command) -> None:
        """Queue a command, in order; never waits. Ignored once the recogniser has ended."""

    def events(self) -> AsyncIterator[speech.Event]:
        """What it answers; ends when the recogniser has ended, for whatever cause. Iterate once."""

    def kill(self) -> None:
        """End it now, whatever it is doing (a stopped process too)."""

    async def close(self) -> None:
        """Let it end by itself, then by force; returns when it is gone."""


class RecogniserFactory(Protocol):
    """Starts recognisers."""

    def start(self) -> AbstractAsyncContextManager[Recogniser]:
        """A fresh recogniser that waits for ``Load``; gone when the block is left.

        Entering raises ``OutsideError`` (``worker_failed``) when none can be started.
        """
