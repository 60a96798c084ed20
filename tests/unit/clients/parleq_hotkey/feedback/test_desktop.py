from __future__ import annotations

from pathlib import Path

from parleq_hotkey.feedback.desktop import desktop_feedback
from parleq_hotkey.feedbacks import Together
from parleq_hotkey.settings import FeedbackSettings


def test_every_kind_is_there_once_and_takes_settings(tmp_path: Path) -> None:
    parts = desktop_feedback(tmp_path, {})
    assert [type(part).__name__ for part in parts] == ["Announcements", "Sounds", "Quiet"]
    Together(parts).choose(FeedbackSettings("off", "off", "leave"))
