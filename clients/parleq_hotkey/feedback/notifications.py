"""Messages on the desktop, by org.freedesktop.Notifications (the Desktop Notifications Specification, 1.2)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from parleq_hotkey.ports import BackEnd
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING: the bus's library is loaded only where there is one to talk to
if TYPE_CHECKING:
    from parleq_hotkey.bus import Bus

SERVICE = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
PROGRAM = "parleq"
HINT = (
    "install a program that shows notifications: `sudo apt install dunst` (X11), mako-notifier (Wayland); "
    "GNOME, KDE and Xfce have one of their own"
)
_ANSWERS_WITHIN_S = 2.0
_NORMAL, _CRITICAL = 1, 2
_PROGRAM_S_OWN = -1
"""How long a message stays is the notification program's business."""


class DesktopNotifier:
    """Shows one message at a time for each ``slot``: the next takes its place. Fills `ports.Notifier`.

    Each message has a connection of its own, as those of notify-send have: a bus that went away and came back, or
    came late, makes no difference.
    """

    def __init__(self, slot: str, environment: Mapping[str, str] | None = None) -> None:
        self._slot = slot
        self._environment = os.environ if environment is None else environment
        self._last = 0

    async def show(self, summary: str, body: str = "", *, urgent: bool = False) -> None:
        """Shows a message in place of the one before. Never raises: a desktop without notifications stays silent."""
        hints = {
            "urgency": ("y", _CRITICAL if urgent else _NORMAL),
            "transient": ("b", not urgent),
            # Ubuntu's notify-osd, dunst and mako replace by it, even after a restart of ours.
            "x-canonical-private-synchronous": ("s", self._slot),
        }
        values: tuple[Any, ...] = (PROGRAM, self._last, "", summary, _plain(body), [], hints, _PROGRAM_S_OWN)
        answer = await self._ask("Notify", "susssasa{sv}i", values)
        if answer:
            self._last = int(answer[0])

    async def close(self) -> None:
        """Takes the last message away, if it is still there."""
        last, self._last = self._last, 0
        if last:
            await self._ask("CloseNotification", "u", (last,))

    async def _ask(self, member: str, signature: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
        try:
            from parleq_hotkey.bus import Bus, BusError
        except ImportError:
            return ()
        try:
            async with Bus.session(self._environment) as bus:
                return await bus.call(SERVICE, PATH, SERVICE, member, signature, values, timeout=_ANSWERS_WITHIN_S)
        except BusError:
            return ()


async def examine(environment: Mapping[str, str] | None = None, system: str = sys.platform) -> BackEnd:
    """Can messages be shown here?"""
    if system == "darwin":
        return _unusable("there are none on macOS yet", "the overlay shows what happens: feedback.overlay = true")
    try:
        from parleq_hotkey.bus import Bus, BusError
    except ImportError:
        return _unusable("the Python package jeepney is not installed", "`pip install jeepney`")
    try:
        async with Bus.session(environment) as bus:
            if await _is_there(bus):
                return BackEnd("feedback", "notifications", True, "the desktop shows messages")
    except BusError as problem:
        hint = "start parleq-hotkey within the desktop session, where DBUS_SESSION_BUS_ADDRESS is set"
        return _unusable(f"the session bus cannot be reached: {problem.message}", hint)
    return _unusable("no program shows notifications", HINT)


async def _is_there(bus: Bus) -> bool:
    return await bus.name_has_owner(SERVICE) or await bus.can_start(SERVICE)


def _unusable(message: str, hint: str) -> BackEnd:
    return BackEnd("feedback", "notifications", False, message, hint, Reason.NO_NOTIFICATIONS)


def _plain(text: str) -> str:
    """Bodies may hold markup (Specification, chapter 4): what is not meant as markup is escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
