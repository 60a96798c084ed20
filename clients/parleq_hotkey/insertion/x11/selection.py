"""Answers those who ask for a selection that is ours: single targets, several at once, and long values in parts (INCR).

After the Inter-Client Communication Conventions Manual, version 2, chapter 2.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from Xlib import X, Xatom, error
from Xlib.protocol import event as events
from Xlib.protocol import request as requests

from parleq_hotkey.insertion.x11.content import Content, Item
from parleq_hotkey.x11_connection import XConnection

_PART = 1 << 16
"""Bytes of one part of a long value; every server takes requests four times as long."""

Choose = Callable[[int, int], Content | None]
"""What a client gets from a selection: called with the atom of the selection and the requesting window.

None: not now; it is asked again by `Selections.answer_waiting`.
"""

Answered = Callable[[int, int, bool], None]
"""Called with the requesting window, the target, and whether it got a value."""


@dataclass(slots=True)
class _Transfer:
    """A long value on its way. ``rest`` empty: the last part, which is empty, is to come; then it is over."""

    requestor: Any
    item: Item
    rest: bytes
    done: Callable[[], None]


class Selections:
    """Owns selections with one window of ours, and answers requests with what ``choose`` says.

    ``answered`` is called once a target's value has been handed over whole, or was refused.
    """

    def __init__(self, connection: XConnection, choose: Choose, answered: Answered) -> None:
        self._display = connection.display
        self._connection = connection
        self._choose = choose
        self._answered = answered
        self._since: dict[int, int] = {}
        self._transfers: dict[tuple[int, int], _Transfer] = {}
        self._waiting: list[Any] = []
        self.window = connection.root.create_window(-10, -10, 1, 1, 0, 0, X.InputOnly, X.CopyFromParent)
        self.window.change_attributes(event_mask=X.PropertyChangeMask)

    def atom(self, name: str) -> int:
        """The server's number of a name; asked for once."""
        return int(self._display.get_atom(name))

    def owns(self, selection: int) -> bool:
        """Is it still ours?"""
        return selection in self._since

    def own(self, selection: int, since: int) -> bool:
        """Takes a selection, with a time of the server (ICCCM forbids CurrentTime). False when another was faster."""
        self.window.set_selection_owner(selection, since)
        owner = self._display.get_selection_owner(selection)
        if owner != X.NONE and owner.id == self.window.id:
            self._since[selection] = since
        self._connection.poke()
        return selection in self._since

    def disown(self, selection: int) -> None:
        """Leaves a selection to nobody: it was empty before."""
        since = self._since.pop(selection, None)
        if since is not None:
            requests.SetSelectionOwner(display=self._display.display, window=X.NONE, selection=selection, time=since)
            self._connection.flush()

    def handle(self, event: Any) -> None:
        """Takes up what concerns the selections; other events are left alone."""
        if event.type == X.SelectionClear and event.window.id == self.window.id:
            self._since.pop(event.atom, None)
        elif event.type == X.SelectionRequest and event.owner.id == self.window.id:
            self._answer(event)
        elif event.type == X.PropertyNotify and event.state == X.PropertyDelete:
            self._continue((event.window.id, event.atom))
        elif event.type == X.DestroyNotify:
            for key in [key for key in self._transfers if key[0] == event.window.id]:
                del self._transfers[key]

    def answer_waiting(self) -> None:
        """Answers those who were let wait, as far as ``choose`` has something for them by now."""
        waiting, self._waiting = self._waiting, []
        for request in waiting:
            self._answer(request)
        self._connection.poke()

    def sends_to(self, is_meant: Callable[[int], bool]) -> bool:
        """Is a long value on its way to a window that is meant?"""
        return any(is_meant(window) for window, _where in self._transfers)

    def _answer(self, request: Any) -> None:
        where = request.property or request.target  # clients of before 1989 name no property
        content = self._choose(request.selection, request.requestor.id) if self.owns(request.selection) else {}
        if content is None:
            self._waiting.append(request)
            return
        if request.target == self.atom("MULTIPLE"):
            answered = request.property != X.NONE and self._answer_several(request, content)
        else:
            answered = self._put(request, request.target, where, content)
        notify = events.SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=where if answered else X.NONE,
        )
        request.requestor.send_event(notify, onerror=_ignored)
        self._display.sync()

    def _answer_several(self, request: Any, content: Content) -> bool:
        """MULTIPLE: pairs of target and property; a pair that cannot be answered loses its property."""
        try:
            asked = request.requestor.get_full_property(request.property, X.AnyPropertyType, _PART)
        except error.XError:
            return False
        if asked is None or asked.format != 32:
            return False
        pairs = list(asked.value)
        for at in range(0, len(pairs) - 1, 2):
            if not self._put(request, pairs[at], pairs[at + 1], content):
                pairs[at + 1] = X.NONE
        request.requestor.change_property(request.property, self.atom("ATOM_PAIR"), 32, pairs, onerror=_ignored)
        return True

    def _put(self, request: Any, target: int, where: int, content: Content) -> bool:
        """Writes a target's value to the requestor's property; False when there is none."""
        item = self._item(request.selection, target, content)
        requestor, window = request.requestor, request.requestor.id
        self._transfers.pop((window, where), None)  # given up by whoever asks anew
        if item is None:
            self._answered(window, target, False)
            return False

        def done() -> None:
            self._answered(window, target, True)

        if len(item.data) <= _PART:
            requestor.change_property(where, item.type, item.format, item.data, onerror=_ignored)
            done()
            return True
        # Told first of the property's deletions, which ask for the next part.
        requestor.change_attributes(event_mask=X.PropertyChangeMask | X.StructureNotifyMask, onerror=_ignored)
        requestor.change_property(where, self.atom("INCR"), 32, [len(item.data)], onerror=_ignored)
        self._transfers[window, where] = _Transfer(requestor, item, item.data, done)
        return True

    def _item(self, selection: int, target: int, content: Content) -> Item | None:
        if target == self.atom("TARGETS"):
            names = [target, self.atom("TIMESTAMP"), self.atom("MULTIPLE"), *content]
            return Item(Xatom.ATOM, 32, array("I", names).tobytes())
        if target == self.atom("TIMESTAMP"):
            return Item(Xatom.INTEGER, 32, array("I", [self._since.get(selection, 0)]).tobytes())
        return content.get(target)

    def _continue(self, key: tuple[int, int]) -> None:
        """The requestor took a part: the next one, at last an empty one."""
        transfer = self._transfers.get(key)
        if transfer is None:
            return
        part, transfer.rest = transfer.rest[:_PART], transfer.rest[_PART:]
        item = transfer.item
        transfer.requestor.change_property(key[1], item.type, item.format, part, onerror=_ignored)
        if not part:
            del self._transfers[key]
            transfer.requestor.change_attributes(event_mask=X.NoEventMask, onerror=_ignored)
            transfer.done()
        self._display.sync()  # not `flush`, which leaves what the socket does not take at once


def _ignored(_problem: Any, _request: Any) -> bool:
    """A requestor that has gone in the meantime."""
    return True
