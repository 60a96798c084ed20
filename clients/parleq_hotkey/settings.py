"""The part of the daemon's settings that the hotkey client applies, as ``settings/get`` gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class HotkeySettings:
    """``hotkey.*``: times in milliseconds; "" is no key. Defaults are the daemon's, for before it was reached."""

    key: str = "F9"
    source: str = "auto"
    cancel_key: str = "Escape"
    offer_key: str = ""
    tap_ms: float = 200
    shortest_ms: float = 40
    chatter_ms: float = 12
    double_tap_ms: float = 300
    refine_ms: float = 180
    double_tap: bool = True
    quick: bool = True


@dataclass(frozen=True, slots=True)
class InsertionSettings:
    """``insertion.*``. Whether a blank stands behind a text (``trailing_space``) the daemon tells with each."""

    method: str = "auto"
    review: bool = False
    target: str = "captured"
    missed: str = "wait"
    paste_keys: Mapping[str, str] = field(default_factory=dict)
    typing: bool = False


@dataclass(frozen=True, slots=True)
class FeedbackSettings:
    """``feedback.*``. ``preroll_s`` is ``audio.preroll_s``: a start sound would be heard in what it keeps.

    ``cancel_key`` and ``offer_key`` are those of ``hotkey``, for people to read.
    """

    notifications: str = "problems"
    sounds: str = "off"
    media: str = "leave"
    overlay: bool = False
    preroll_s: float = 0
    cancel_key: str = "Escape"
    offer_key: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them."""

    hotkey: HotkeySettings = field(default_factory=HotkeySettings)
    insertion: InsertionSettings = field(default_factory=InsertionSettings)
    feedback: FeedbackSettings = field(default_factory=FeedbackSettings)


def read(answer: Mapping[str, Any], key: str = "") -> Settings:
    """The settings in an answer to ``settings/get``; what another release's daemon does not know keeps its default.

    ``key`` goes before ``hotkey.key``, where it is given.
    """
    values = {str(entry["key"]): entry["value"] for entry in answer["settings"]}
    if key:
        values["hotkey.key"] = key
    for name in ("audio.preroll_s", "hotkey.cancel_key", "hotkey.offer_key"):
        if name in values:
            values[f"feedback.{name.partition('.')[2]}"] = values[name]
    return Settings(
        HotkeySettings(**_section(values, "hotkey", HotkeySettings)),
        InsertionSettings(**_section(values, "insertion", InsertionSettings)),
        FeedbackSettings(**_section(values, "feedback", FeedbackSettings)),
    )


def _section(values: Mapping[str, Any], section: str, kind: type[Any]) -> dict[str, Any]:
    """A section's values by name. A table may come as one value or as one for each of its keys."""
    found = {one.name: values[name] for one in fields(kind) if (name := f"{section}.{one.name}") in values}
    for name, value in values.items():
        table, _, inner = name.removeprefix(f"{section}.").partition(".")
        if name.startswith(f"{section}.") and inner and table in kind.__dataclass_fields__:
            found[table] = {**found.get(table, {}), inner: value}
    return found
