"""By a second connection as the asking program; what real programs make of it is in tests/e2e/test_x11_insertion.py."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from Xlib import X, Xatom

from parleq_hotkey.background import beside
from parleq_hotkey.insertion.x11.content import Content, Item
from parleq_hotkey.insertion.x11.fetching import Fetcher
from parleq_hotkey.insertion.x11.selection import Selections
from parleq_hotkey.x11_connection import XConnection
from tests.x_desktop import private_desktop

LONG = bytes(range(256)) * 2000
SELECTION = Xatom.SECONDARY


class Asking:
    """Two clients: one that owns SECONDARY, and one that asks."""

    def __init__(self, owner: XConnection, asker: XConnection) -> None:
        self.content: dict[int, Item | None] | None = {}
        self.answered: list[tuple[int, bool]] = []
        self.selections = Selections(owner, self._choose, self._answered)
        self.owner, self.asker = owner, asker
        self.window = asker.root.create_window(0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)
        self.fetcher = Fetcher(asker, self.window)

    def _choose(self, _selection: int, _requestor: int) -> Content | None:
        return self.content

    def _answered(self, _requestor: int, target: int, served: bool) -> None:
        self.answered.append((target, served))

    def settle(self) -> None:
        """What the asker has sent is answered."""
        self.asker.display.sync()
        self.owner.settle()

    async def ask(self, target: int) -> Item | None:
        with anyio.fail_after(10):
            return await self.fetcher.fetch(SELECTION, target, 1 << 20)


@asynccontextmanager
async def asking() -> AsyncIterator[Asking]:
    async with private_desktop() as server:
        owner, asker = await XConnection.open(server.name), await XConnection.open(server.name)
        pair = Asking(owner, asker)

        async def own() -> None:
            await owner.pump(pair.selections.handle)

        async def ask() -> None:
            await asker.pump(pair.fetcher.handle)

        try:
            async with beside(own, ask):
                await anyio.wait_all_tasks_blocked()  # both listen
                assert pair.selections.own(SELECTION, 1)
                yield pair
        finally:
            owner.close()
            asker.close()


@pytest.mark.asyncio
async def test_short_and_long_values_and_refusals() -> None:
    async with asking() as pair:
        atom = pair.selections.atom
        pair.content = {
            atom("UTF8_STRING"): Item(atom("UTF8_STRING"), 8, b"short"),
            atom("image/png"): Item(atom("image/png"), 8, LONG),
            atom("text/html"): None,
        }
        assert await pair.ask(atom("UTF8_STRING")) == Item(atom("UTF8_STRING"), 8, b"short")
        assert await pair.ask(atom("image/png")) == Item(atom("image/png"), 8, LONG)
        assert await pair.ask(atom("text/html")) is None
        assert await pair.ask(atom("SAVE_TARGETS")) is None
        assert pair.answered[:2] == [(atom("UTF8_STRING"), True), (atom("image/png"), True)]
        assert {served for _, served in pair.answered[2:]} == {False}


@pytest.mark.asyncio
async def test_what_is_listed() -> None:
    async with asking() as pair:
        atom = pair.selections.atom
        pair.content = {atom("UTF8_STRING"): Item(atom("UTF8_STRING"), 8, b"short")}
        listed = await pair.ask(atom("TARGETS"))
        since = await pair.ask(atom("TIMESTAMP"))
        assert listed is not None
        assert since is not None
        names = memoryview(listed.data).cast("I").tolist()
        assert set(names) == {atom(name) for name in ("TARGETS", "TIMESTAMP", "MULTIPLE", "UTF8_STRING")}
        assert since.data == (1).to_bytes(4, "little")


@pytest.mark.asyncio
async def test_several_targets_at_once() -> None:
    async with asking() as pair:
        atom, window = pair.selections.atom, pair.window
        pair.content = {atom("UTF8_STRING"): Item(atom("UTF8_STRING"), 8, b"short")}
        pairs = [atom("UTF8_STRING"), atom("FIRST"), atom("text/html"), atom("SECOND")]
        # `Fetcher` uses this property, so the pairs stand where the answer is looked for.
        window.change_property(atom("PARLEQ_FETCHED"), atom("ATOM_PAIR"), 32, pairs)
        window.convert_selection(SELECTION, atom("MULTIPLE"), atom("PARLEQ_FETCHED"), X.CurrentTime)
        pair.settle()
        first: Any = window.get_full_property(atom("FIRST"), X.AnyPropertyType)
        assert (first.value, pair.answered) == (b"short", [(pairs[0], True), (pairs[2], False)])


@pytest.mark.asyncio
async def test_who_has_to_wait_is_answered_later() -> None:
    async with asking() as pair:
        text = pair.selections.atom("UTF8_STRING")
        pair.content = None
        got: list[Item | None] = []

        async def ask() -> None:
            got.append(await pair.ask(text))

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            await anyio.wait_all_tasks_blocked()
            pair.settle()
            pair.selections.answer_waiting()
            assert (got, pair.answered) == ([], [])
            pair.content = {text: Item(text, 8, b"later")}
            pair.selections.answer_waiting()
        assert got == [Item(text, 8, b"later")]


@pytest.mark.asyncio
async def test_what_was_given_up_is_not_gone_on_with() -> None:
    async with asking() as pair:
        text, place = pair.selections.atom("UTF8_STRING"), pair.selections.atom("PLACE")
        pair.content = {text: Item(text, 8, LONG)}
        pair.window.convert_selection(SELECTION, text, place, X.CurrentTime)
        pair.settle()
        assert pair.selections.sends_to(lambda window: window == pair.window.id)
        pair.content = {text: Item(text, 8, b"short")}
        pair.window.convert_selection(SELECTION, text, place, X.CurrentTime)
        pair.settle()
        assert not pair.selections.sends_to(lambda window: window == pair.window.id)
        pair.window.delete_property(place)
        pair.settle()
        assert pair.window.get_full_property(place, X.AnyPropertyType) is None


@pytest.mark.asyncio
async def test_another_owner_and_none() -> None:
    async with asking() as pair:
        pair.window.set_selection_owner(SELECTION, X.CurrentTime)
        pair.settle()
        assert not pair.selections.owns(SELECTION)
        assert not pair.selections.own(SELECTION, 2)  # the other one came later
