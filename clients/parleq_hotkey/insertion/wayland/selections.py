"""The selections of a seat (the clipboard, and the primary one) by data control: what they hold, whoever owns them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import anyio

from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.protocols import data_control
from parleq_hotkey.insertion.wayland.transfer import Sending, pipe, receive

Content = Mapping[str, bytes]
"""What a selection holds, by mime type."""

LARGEST = 64 << 20
"""Bytes of one type that are kept; what is larger is not restored."""
OWNER_PATIENCE_S = 1.5
"""So long the owner of a selection has to hand over all types of it. One that hangs keeps nobody waiting."""


class Held:
    """A content of ours, from when the selection has it until somebody takes the selection.

    ``asked`` counts the requests to read it, ``read`` has the mime type of every read that came to its end, in the
    order of the requests (None: not over, or broken off). Who asks while ``lets_wait`` is set is answered by
    `answer_waiting`, with what was there when asked.
    """

    def __init__(self, content: Content) -> None:
        self.content = content
        self.ours = True
        self.read: list[str | None] = []
        self.under_way: set[Sending] = set()
        self.lets_wait = False
        self._waiting: list[Sending] = []

    @property
    def asked(self) -> int:
        """How many reads were asked for so far."""
        return len(self.read)

    def begin(self, sending: Sending) -> None:
        """Sends, now or later."""
        if self.lets_wait:
            self._waiting.append(sending)
            return
        self.under_way.add(sending)
        sending.start()

    def answer_waiting(self) -> None:
        """Nobody has to wait any more."""
        self.lets_wait = False
        waiting, self._waiting = self._waiting, []
        for sending in waiting:
            self.begin(sending)


class Selection:
    """One selection. ``set_source`` makes a source its owner, None empties it."""

    def __init__(
        self, connection: WaylandConnection, manager: Any, set_source: Callable[[Any], None], largest: int = LARGEST
    ) -> None:
        self._connection = connection
        self._manager = manager
        self._set_source = set_source
        self._largest = largest
        self._offer: Any = None
        self._types: list[str] = []
        self._sources: set[Any] = set()
        self.held: Held | None = None

    def offered(self, offer: Any, types: list[str]) -> None:
        """The compositor says what the selection has now: an offer and its mime types, or None."""
        if self._offer is not None:
            self._offer.destroy()
        self._offer, self._types = offer, types

    async def content(self, patience_s: float = OWNER_PATIENCE_S) -> Content:
        """Every type of what is there; of an owner that is slower than ``patience_s``, what came by then."""
        while True:
            if self.held is not None:
                return self.held.content
            offer = self._offer
            if offer is None:
                return {}
            found = await self._received(offer, list(dict.fromkeys(self._types)), patience_s)
            if offer is self._offer:
                return found

    def hold(self, content: Content) -> Held:
        """Makes us the owner, with this content. What was there before is gone: ask for its `content` first."""
        held = Held(content)
        source = self._manager.create_data_source()
        source.dispatcher["send"] = lambda _source, mime, fd: self._send(held, mime, fd)
        source.dispatcher["cancelled"] = lambda gone: self._taken(held, gone)
        for mime in content:
            source.offer(mime)
        self._sources.add(source)  # pywayland ends what nobody refers to
        self._replace(held)
        self._set_source(source)
        return held

    def clear(self) -> None:
        """Empties the selection."""
        self._replace(None)
        self._set_source(None)

    def _replace(self, held: Held | None) -> None:
        if self.held is not None:
            self.held.ours = False
        self.held = held

    async def _received(self, offer: Any, types: list[str], patience_s: float) -> dict[str, bytes]:
        found: dict[str, bytes] = {}

        async def take(mime: str, reader: int) -> None:
            content = await receive(reader, self._largest)
            if content is not None:
                found[mime] = content

        with anyio.move_on_after(patience_s):
            async with anyio.create_task_group() as reads:
                for mime in types:
                    reader, writer = pipe()
                    offer.receive(mime, writer)
                    os.close(writer)  # pywayland's copy of it is on its way
                    reads.start_soon(take, mime, reader)
                self._connection.flush()
        return {mime: found[mime] for mime in types if mime in found}

    def _send(self, held: Held, mime: str, writer: int) -> None:
        number = held.asked
        held.read.append(None)

        def ended(whole: bool) -> None:
            held.under_way.discard(sending)
            if whole:
                held.read[number] = mime
            self._connection.wake()

        sending = Sending(writer, held.content.get(mime, b""), ended)
        held.begin(sending)

    def _taken(self, held: Held, source: Any) -> None:
        held.ours = False
        if self.held is held:
            self.held = None
        self._sources.discard(source)
        source.destroy()


class Selections:
    """Both selections of the seat, by whichever data control the compositor has."""

    def __init__(self, connection: WaylandConnection) -> None:
        interface = manager_of(connection)
        if interface is None:
            raise LookupError("the compositor has no data control")
        manager = connection.bind(interface)
        self._connection = connection
        self._device = device = manager.get_data_device(connection.seat())
        self._fresh: dict[Any, list[str]] = {}
        self.clipboard = Selection(connection, manager, device.set_selection)
        self.primary: Selection | None = None
        device.dispatcher["data_offer"] = self._announced
        device.dispatcher["selection"] = lambda _device, offer: self._settled(self.clipboard, offer)
        if interface.name.startswith("ext") or connection.version(interface) > 1:
            self.primary = Selection(connection, manager, device.set_primary_selection)
            device.dispatcher["primary_selection"] = lambda _device, offer: self._settled(self.primary, offer)

    @property
    def all(self) -> tuple[Selection, ...]:
        """The selections there are, the clipboard first."""
        return (self.clipboard,) if self.primary is None else (self.clipboard, self.primary)

    def _announced(self, _device: Any, offer: Any) -> None:
        self._connection.adopt(offer)
        types = self._fresh[offer] = []
        offer.dispatcher["offer"] = lambda _offer, mime: types.append(mime)

    def _settled(self, selection: Selection | None, offer: Any) -> None:
        if selection is not None:
            selection.offered(offer, self._fresh.pop(offer, []))


def manager_of(connection: WaylandConnection) -> Any:
    """The data control that the compositor has; None for none."""
    return next((each for each in data_control.MANAGERS if connection.offers(each)), None)
