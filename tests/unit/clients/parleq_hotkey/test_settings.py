from __future__ import annotations

import json

import msgspec

from parleq_hotkey.settings import FeedbackSettings, HotkeySettings, InsertionSettings, Settings, read
from parleqd.core.settings import sections


def answer(**values: object) -> dict[str, object]:
    entries = [{"key": key.replace("__", "."), "value": value, "origin": "default"} for key, value in values.items()]
    return {"path": "", "settings": entries, "problems": []}


def test_defaults_are_the_daemon_s() -> None:
    for ours, theirs in (
        (HotkeySettings(), sections.Hotkey()),
        (InsertionSettings(), sections.Insertion()),
        (FeedbackSettings(), sections.Feedback()),
    ):
        known = {
            **{key: getattr(sections.Hotkey(), key) for key in ("cancel_key", "offer_key")},
            **json.loads(msgspec.json.encode(theirs)),
            "preroll_s": sections.Audio().preroll_s,
        }
        for name in ours.__dataclass_fields__:
            assert getattr(ours, name) == known[name], name


def test_what_is_answered_is_read_and_the_rest_keeps_its_default() -> None:
    settings = read(answer(hotkey__key="F8", hotkey__tap_ms=150, insertion__review=True, speech__model="tiny"))
    assert read(answer(audio__preroll_s=0.5)).feedback.preroll_s == 0.5
    keys = read(answer(hotkey__cancel_key="F12", hotkey__offer_key="F10")).feedback
    assert (keys.cancel_key, keys.offer_key) == ("F12", "F10")
    assert settings == Settings(HotkeySettings(key="F8", tap_ms=150), InsertionSettings(review=True))


def test_the_command_line_s_key_goes_first() -> None:
    assert read(answer(hotkey__key="F8"), "F7").hotkey.key == "F7"
    assert read(answer(), "F7").hotkey.key == "F7"


def test_a_table_comes_whole_or_key_by_key() -> None:
    whole = read(answer(insertion__paste_keys={"kitty": "ctrl+shift+v"}))
    single = read(answer(insertion__paste_keys__kitty="ctrl+shift+v"))
    assert whole.insertion.paste_keys == single.insertion.paste_keys == {"kitty": "ctrl+shift+v"}
