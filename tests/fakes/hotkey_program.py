"""The real hotkey client as a process: its keys are pressed from standard input, its texts go into a file.

``python -m tests.fakes.hotkey_program SOCKET DOCUMENT``. Each text that is inserted is a JSON line of the document, so
that what was inserted is known whenever the client is killed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import anyio

from parleq_hotkey.ports import Inserter, Receipt, Window
from parleq_hotkey.settings import InsertionSettings
from tests.fakes.desktop import Desktop as World
from tests.fakes.desktop import FakeInserter
from tests.fakes.hotkey import DEADLINE, FakeDesktop, Hotkey, running_hotkey
from tests.fakes.obedience import obey

HELD_S, APART_S = 0.4, 0.5
"""Longer than a tap, and than what may lie between the two taps of a double one."""


class Document(FakeInserter):
    """Fills the port `Inserter`. ``before_s`` and ``after_s``: how long it takes to write a text, and to say so."""

    def __init__(self, world: World, path: str) -> None:
        super().__init__(world)
        self.before_s = self.after_s = 0.0
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def insert(self, text: str, window: Window | None) -> Receipt:
        await anyio.sleep(self.before_s)
        receipt = await super().insert(text, window)
        if receipt.status is not receipt.status.FAILED:
            os.write(self._file, json.dumps(text).encode() + b"\n")
        await anyio.sleep(self.after_s)
        return receipt


class Desk(FakeDesktop):
    """Texts go into a document."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.document = Document(self.world, path)

    @asynccontextmanager
    async def inserter(self, settings: InsertionSettings) -> AsyncIterator[Inserter]:
        yield self.document


class Deeds:
    """What a test can have done."""

    def __init__(self, desk: Desk, hotkey: Hotkey) -> None:
        self._desk = desk
        self._hotkey = hotkey
        self._released_at = 0.0

    async def connected(self, _: None) -> None:
        """Wait until the client has found the daemon."""
        await self._hotkey.program._link.reach(DEADLINE)

    async def press(self, _: None) -> None:
        """The dictation key goes down; it has been for long enough to be held, and not soon after the last time."""
        await anyio.sleep(max(0.0, self._released_at + HELD_S + APART_S - monotonic()))
        self._hotkey.press(ago=HELD_S)

    async def release(self, _: None) -> None:
        """It goes up."""
        self._hotkey.release()
        self._released_at = monotonic()

    async def takes(self, seconds: list[float]) -> None:
        """To write a text, and to say so."""
        self._desk.document.before_s, self._desk.document.after_s = seconds

    def all(self) -> dict[str, Any]:
        """By name."""
        return {deed.__name__: deed for deed in (self.connected, self.press, self.release, self.takes)}


async def main(socket: str, document: str) -> None:
    """Until its input ends."""
    desk = Desk(document)
    async with running_hotkey(socket, desk) as hotkey:
        await obey(Deeds(desk, hotkey).all())


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], sys.argv[2])
