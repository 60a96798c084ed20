"""The daemon's status in the few words that a status bar has room for."""

from __future__ import annotations

import json

from parleqd.protocol.names import DaemonState, MicrophoneState, ModelState, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

FORMATS = ("waybar", "i3blocks", "line")
_WORDS = {DaemonState.RECORDING: "● rec", DaemonState.WORKING: "… text", DaemonState.IDLE: ""}
_RED, _YELLOW = "#e06c75", "#e5c07b"
_COLOURS = {"recording": _RED, "problem": _RED, "working": _YELLOW, "pending": _YELLOW}
_HARMLESS = (Reason.DEVICE_CHANGED,)


def as_bar(form: str, status: dict[str, Any]) -> str:
    """One line. ``form``: "waybar" (its JSON: text, tooltip, class), "i3blocks" (its JSON) or "line" (plain words).

    Nothing is shown while there is nothing to tell. Every part of the status may be missing.
    """
    kind, text, tooltip = _said(status)
    match form:
        case "waybar":
            return json.dumps({"text": text, "alt": kind, "class": kind, "tooltip": _escaped(tooltip)})
        case "i3blocks":
            return json.dumps({"full_text": text, **({"color": _COLOURS[kind]} if kind in _COLOURS else {})})
        case _:
            return text


def _said(status: dict[str, Any]) -> tuple[str, str, str]:
    """What kind of news, in short, and at length."""
    state, pending = status.get("state", ""), int(status.get("pending") or 0)
    problem = _problem(status)
    waiting = f"{pending} waiting: parleqctl last" if pending else ""
    tooltip = "\n".join(line for line in (f"dictation: {state or 'unknown'}", problem, waiting) if line)
    if state in (DaemonState.RECORDING, DaemonState.WORKING):
        silent = state == DaemonState.RECORDING and problem
        return ("problem", "● rec !", tooltip) if silent else (str(state), _WORDS[DaemonState(state)], tooltip)
    if problem:
        return "problem", "mic !" if (status.get("microphone") or {}).get("message") else "speech !", tooltip
    if pending:
        return "pending", f"✎ {pending}", tooltip
    return "idle", "", tooltip


def _problem(status: dict[str, Any]) -> str:
    microphone, model = status.get("microphone") or {}, status.get("model") or {}
    broken = microphone.get("state") in (MicrophoneState.MISSING, MicrophoneState.RECOVERING)
    if (broken or microphone.get("reason")) and microphone.get("reason") not in _HARMLESS:
        return "; ".join(str(microphone[key]) for key in ("message", "hint") if microphone.get(key))
    if model.get("state") in (ModelState.MISSING, ModelState.FAILED):
        return f"the speech model is {model['state']}: {model.get('detail') or 'parleqctl doctor'}"
    return ""


def _escaped(text: str) -> str:
    """Waybar takes tooltips for Pango markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
