"""Which of Wayland's ways to insert a text a compositor offers, and their parts, on one connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from parleq_hotkey.insertion.copying import COPIES
from parleq_hotkey.insertion.copying import NAME as CLIPBOARD
from parleq_hotkey.insertion.wayland.clipboard import WaylandClipboard
from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.input_method import InputMethodInserter, Waits
from parleq_hotkey.insertion.wayland.keyboard import WaylandKeyboard
from parleq_hotkey.insertion.wayland.protocols import foreign_toplevel, input_method, virtual_keyboard
from parleq_hotkey.insertion.wayland.selections import Selections, manager_of
from parleq_hotkey.insertion.wayland.windows import UnknownWindows, WaylandWindows
from parleq_hotkey.ports import BackEnd, Clipboard, DesktopError, Keyboard, Windows
from parleqd.protocol.names import Reason

WAYLAND, INPUT_METHOD = "wayland", "input-method"
"""As in ``insertion.method``."""


@dataclass(frozen=True, slots=True)
class WaylandDesktop:
    """What a compositor offers; None for what it does not. ``windows`` knows no window where it cannot."""

    windows: Windows
    clipboard: Clipboard | None
    keyboard: Keyboard | None
    input_method: InputMethodInserter | None


async def examine(display: str) -> list[BackEnd]:
    """Pasting, the input method, the clipboard alone: usable on that display, or why not. Raises nothing."""
    try:
        connection = await WaylandConnection.open(display)
    except DesktopError as problem:
        return [
            BackEnd("insertion", name, False, problem.message, problem.hint, problem.reason)
            for name in (WAYLAND, INPUT_METHOD, CLIPBOARD)
        ]
    try:
        return [_pasting(connection), _committing(connection), _copying(connection)]
    finally:
        connection.close()


@asynccontextmanager
async def wayland_desktop(display: str, waits: Waits | None = None) -> AsyncIterator[WaylandDesktop]:
    """The parts, for as long as the block. Raises DesktopError when the display cannot be reached."""
    connection = await WaylandConnection.open(display)
    try:
        yield await _desktop(connection, waits)
    finally:
        connection.close()


async def _desktop(connection: WaylandConnection, waits: Waits | None) -> WaylandDesktop:
    lists = connection.offers(foreign_toplevel.MANAGER)
    windows: Windows = await WaylandWindows.open(connection) if lists else UnknownWindows(connection)
    clipboard = WaylandClipboard(connection, Selections(connection)) if manager_of(connection) else None
    keyboard = await WaylandKeyboard.open(connection) if connection.offers(virtual_keyboard.MANAGER) else None
    committing = InputMethodInserter(connection, windows, waits) if connection.offers(input_method.MANAGER) else None
    await connection.settle()  # what the clipboard holds is told by now
    return WaylandDesktop(windows, clipboard, keyboard, committing)


def _pasting(connection: WaylandConnection) -> BackEnd:
    missing = [
        what
        for what, there in (
            ("data control (the clipboard)", manager_of(connection) is not None),
            ("a virtual keyboard", connection.offers(virtual_keyboard.MANAGER)),
        )
        if not there
    ]
    if missing:
        return BackEnd(
            "insertion",
            WAYLAND,
            False,
            f"this compositor gives programs no {' and no '.join(missing)}",
            "GNOME and KDE do not; set insertion.method to portal there",
            Reason.NO_INSERTION,
        )
    unseen = "" if connection.offers(foreign_toplevel.MANAGER) else "; which window has the focus cannot be seen"
    return BackEnd("insertion", WAYLAND, True, f"pastes by data control and a virtual keyboard{unseen}")


def _committing(connection: WaylandConnection) -> BackEnd:
    if not connection.offers(input_method.MANAGER):
        return BackEnd(
            "insertion",
            INPUT_METHOD,
            False,
            "this compositor takes no input methods of version 2",
            "GNOME and KDE take theirs in other ways; set insertion.method to portal there",
            Reason.NO_INSERTION,
        )
    return BackEnd(
        "insertion", INPUT_METHOD, True, "commits text to fields that take it; not while another input method runs"
    )


def _copying(connection: WaylandConnection) -> BackEnd:
    if manager_of(connection) is not None:
        return BackEnd("insertion", CLIPBOARD, True, COPIES)
    message = "this compositor gives programs no data control (the clipboard)"
    return BackEnd("insertion", CLIPBOARD, False, message, "set insertion.method to portal", Reason.NO_INSERTION)
