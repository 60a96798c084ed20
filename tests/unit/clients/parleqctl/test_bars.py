from __future__ import annotations

import json
from typing import Any

import pytest

from parleqctl.bars import FORMATS, as_bar
from tests.fakes.daemon import STATUS

MUTED = {"state": "listening", "reason": "source_muted", "message": "<Mic> is muted", "hint": "`pactl …`"}


@pytest.mark.parametrize(
    ("changes", "kind", "text"),
    [
        ({}, "idle", ""),
        ({"state": "recording"}, "recording", "● rec"),
        ({"state": "recording", "microphone": MUTED}, "problem", "● rec !"),
        ({"state": "working", "microphone": MUTED}, "working", "… text"),
        ({"pending": 2}, "pending", "✎ 2"),
        ({"pending": 2, "microphone": {"state": "missing", "message": "none", "hint": ""}}, "problem", "mic !"),
        ({"microphone": {"state": "idle", "reason": "device_changed", "message": "another"}}, "idle", ""),
        ({"model": {"state": "missing", "detail": ""}}, "problem", "speech !"),
        ({"model": {"state": "loading"}}, "idle", ""),
    ],
)
def test_the_most_pressing_thing_is_told(changes: dict[str, Any], kind: str, text: str) -> None:
    status = {**STATUS, **changes}
    shown = json.loads(as_bar("waybar", status))
    assert (shown["class"], shown["alt"], shown["text"]) == (kind, kind, text)
    assert as_bar("line", status) == text
    assert json.loads(as_bar("i3blocks", status))["full_text"] == text


def test_the_tooltip_says_it_at_length_and_is_no_markup() -> None:
    tooltip = json.loads(as_bar("waybar", {**STATUS, "microphone": MUTED, "pending": 1}))["tooltip"]
    assert tooltip == "dictation: idle\n&lt;Mic&gt; is muted; `pactl …`\n1 waiting: parleqctl last"


def test_a_colour_only_where_something_is_to_be_noticed() -> None:
    assert "color" not in json.loads(as_bar("i3blocks", STATUS))
    assert json.loads(as_bar("i3blocks", {**STATUS, "state": "recording"}))["color"] == "#e06c75"


@pytest.mark.parametrize("form", FORMATS)
def test_the_status_of_another_version_is_still_one_line(form: str) -> None:
    for status in ({}, {"state": "dreaming", "microphone": None}):
        assert "\n" not in as_bar(form, status)
