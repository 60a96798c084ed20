"""Puts the kinds of feedback together, each as the settings ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from parleq_hotkey.feedback.announcements import Announcements
from parleq_hotkey.feedback.media import Players
from parleq_hotkey.feedback.notifications import DesktopNotifier
from parleq_hotkey.feedback.quiet import Hush, Quiet
from parleq_hotkey.feedback.record import Record
from parleq_hotkey.feedback.sounds import Sounds
from parleq_hotkey.feedback.volumes import Volumes
from parleq_hotkey.ports import Feedback


def desktop_feedback(folder: Path, environment: Mapping[str, str] | None = None) -> tuple[Feedback, ...]:
    """Notifications, sounds, and other programs' media; the overlay is the caller's to add.

    ``folder``: where passing files lie, such as the one of the daemon's socket.
    """
    ways: dict[str, Hush] = {
        "pause": Players(Record(folder / "paused.json"), environment),
        "duck": Volumes(Record(folder / "ducked.json")),
    }
    announcements = Announcements(
        DesktopNotifier("parleq", environment), DesktopNotifier("parleq-problem", environment)
    )
    return announcements, Sounds(), Quiet(ways)
