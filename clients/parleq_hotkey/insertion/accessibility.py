"""The focused text field, as assistive technology sees it: AT-SPI over D-Bus.

    async with accessible_field(environment) as field:      # fills the port `Field`
        await field.before_caret(20)

Which field has the focus is known from the focus events since the block began, else from a search in the active window.
Every answer is bounded in time, as each is a question to the program itself, which may hang. Nothing is read but what
was asked for, and nothing at all in a password field. Accessibility is never switched on: where no program has it on,
the answer is None at once. Rules: the interfaces of at-spi2-core (org.a11y.atspi).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio

from parleq_hotkey.background import beside
from parleq_hotkey.bus import BUS, Bus, BusError

BUDGET_S = 0.15
"""How long one answer may take in all."""
_LAUNCHER, _LAUNCHER_PATH = "org.a11y.Bus", "/org/a11y/bus"
_REGISTRY = "org.a11y.atspi.Registry"
_REGISTRY_PATH, _ROOT = "/org/a11y/atspi/registry", "/org/a11y/atspi/accessible/root"
_ACCESSIBLE, _TEXT = "org.a11y.atspi.Accessible", "org.a11y.atspi.Text"
_EVENTS, _FOCUS = "org.a11y.atspi.Event.Object", "object:state-changed:focused"
_ACTIVE, _FOCUSED = 1 << 1, 1 << 12  # AtspiStateType
_PASSWORD = 40  # AtspiRole
_ALL = 1  # AtspiCollectionMatchType
_CANONICAL = 1  # AtspiCollectionSortOrder
_RETRY_S = 5.0


@dataclass(frozen=True, slots=True)
class _Place:
    """An object of a program: its unique name on the accessibility bus, and the object's path."""

    program: str
    path: str


class AccessibleField:
    """`Field` by AT-SPI: from `accessible_field`."""

    def __init__(self, budget_s: float) -> None:
        self._budget_s = budget_s
        self._bus: Bus | None = None
        self._focused: _Place | None = None
        self.connected = anyio.Event()
        """Set once focus events are seen."""

    async def caret(self) -> int | None:
        """See `Field`."""
        found = await self._seen(0)
        return None if found is None else found[1]

    async def before_caret(self, length: int) -> str | None:
        """See `Field`."""
        found = await self._seen(length)
        return None if found is None else found[2]

    async def remove_before_caret(self, text: str) -> bool:
        """See `Field`."""
        with anyio.move_on_after(self._budget_s):
            try:
                found = await self._before_caret(len(text))
                if not text or found is None or found[2] != text:
                    return False
                place, caret, _text = found
                body = (caret - len(text), caret)
                return bool(await self._ask(place, "org.a11y.atspi.EditableText", "DeleteText", "ii", body))
            except BusError:
                return False
        return False

    async def follow(self, environment: Mapping[str, str]) -> None:
        """Follows the focus for as long as there is an accessibility bus, and waits for the next one."""
        while True:
            try:
                async with Bus.session(environment) as session:
                    await _launched(session)
                    (address,) = await session.call(_LAUNCHER, _LAUNCHER_PATH, _LAUNCHER, "GetAddress", start=False)
                    async with Bus.at(address) as bus:
                        await self._listen(bus)
            except BusError:
                pass  # Neither is there, or has ended.
            finally:
                self._bus = self._focused = None
            await anyio.sleep(_RETRY_S)

    async def _listen(self, bus: Bus) -> None:
        async with bus.signals(interface=_EVENTS, member="StateChanged", arg0="focused") as changes:
            await bus.call(_REGISTRY, _REGISTRY_PATH, _REGISTRY, "RegisterEvent", "s", (_FOCUS,))
            self._bus = bus
            self.connected.set()
            async for change in changes:
                place = _Place(change.sender, change.path)
                if change.body[1]:
                    self._focused = place
                elif place == self._focused:
                    self._focused = None

    async def _seen(self, length: int) -> tuple[_Place, int, str] | None:
        """As `_before_caret`, within the budget; None for whatever fails."""
        with anyio.move_on_after(self._budget_s):
            try:
                return await self._before_caret(length)
            except BusError:
                return None
        return None

    async def _before_caret(self, length: int) -> tuple[_Place, int, str] | None:
        """The focused object, its caret, and the characters before it. Raises BusError."""
        place = await self._place()
        if place is None or await self._ask(place, _ACCESSIBLE, "GetRole") == _PASSWORD:
            return None
        assert self._bus is not None
        caret = int(await self._bus.get(place.program, place.path, _TEXT, "CaretOffset", timeout=self._budget_s))
        if caret < 0:
            return None
        start = max(0, caret - length)
        text = str(await self._ask(place, _TEXT, "GetText", "ii", (start, caret))) if start < caret else ""
        return place, caret, text

    async def _place(self) -> _Place | None:
        """The object that has the focus: what the events told, if that is still so. Raises BusError."""
        if self._bus is None:
            return None
        if self._focused is not None:
            try:
                if await self._state(self._focused) & _FOCUSED:
                    return self._focused
            except BusError:
                pass  # Its program has ended.
            self._focused = None
        return self._settled(await self._search())

    def _settled(self, found: _Place | None) -> _Place | None:
        """What the search found, unless an event came meanwhile, which knows better."""
        if self._focused is None:
            self._focused = found
        return self._focused

    async def _search(self) -> _Place | None:
        """Looks in the active window of each program that shows one. Raises BusError."""
        for program in await self._children(_Place(_REGISTRY, _ROOT)):
            try:
                for window in await self._children(program):
                    if await self._state(window) & _ACTIVE:
                        return await self._focused_within(window)
            except BusError:
                continue  # This program has ended, or answers nothing.
        return None

    async def _focused_within(self, window: _Place) -> _Place | None:
        rule: tuple[Any, ...] = ([_FOCUSED, 0], _ALL, {}, _ALL, [], _ALL, [], _ALL, False)
        body = (rule, _CANONICAL, 1, True)
        found = await self._ask(window, "org.a11y.atspi.Collection", "GetMatches", "(aiia{ss}iaiiasib)uib", body)
        return _Place(*found[0]) if found else None

    async def _children(self, place: _Place) -> list[_Place]:
        return [_Place(*child) for child in await self._ask(place, _ACCESSIBLE, "GetChildren")]

    async def _state(self, place: _Place) -> int:
        low, _high = await self._ask(place, _ACCESSIBLE, "GetState")
        return int(low)

    async def _ask(
        self, place: _Place, interface: str, member: str, signature: str = "", body: tuple[Any, ...] = ()
    ) -> Any:
        """The one value that a method of an object answers; a program that hangs costs a part of the budget only.

        Raises BusError.
        """
        assert self._bus is not None
        answer = await self._bus.call(
            place.program, place.path, interface, member, signature, body, timeout=self._budget_s / 3, start=False
        )
        return answer[0]


@asynccontextmanager
async def accessible_field(
    environment: Mapping[str, str], *, budget_s: float = BUDGET_S
) -> AsyncIterator[AccessibleField]:
    """Follows the focus until the end of the block. ``environment`` names the session bus. Raises nothing."""
    field = AccessibleField(budget_s)
    async with beside(partial(field.follow, environment)):
        yield field


async def _launched(session: Bus) -> None:
    """Waits until there is an accessibility bus; it comes with the first program that uses it. Raises BusError."""
    async with session.signals(sender=BUS, interface=BUS, member="NameOwnerChanged", arg0=_LAUNCHER) as changes:
        while not await session.name_has_owner(_LAUNCHER):
            await anext(changes)
