"""What the overlay shows: each line of its input turns one view into the next. No toolkit, no clock.

A line is a JSON object of one of these forms; all else is passed over, so that a newer client does no harm:

    {"state": "recording", "hands_free": false, "keys"}  the microphone listens
    {"level": -23.0}                                    how loud it is, in dBFS
    {"partial": {"stable": "…", "provisional": "…"}}    the text so far
    {"state": "working", "phase": "transcribing"}       a `Phase` of the daemon after the recording
    {"state": "review", "text": "…", "raw": "…", "keys"} the finished text, to be accepted, and what was recognised
    {"state": "inserted", "status": "read", "text", "raw"} a `ReceiptStatus`, and the text as for a review
    {"state": "waiting", "message": "…", "keys"}         why the text could not be placed
    {"state": "nothing_said"}
    {"state": "problem", "message": "…", "hint": "…"}   there is no dictation, or no longer
    {"notice": "…", "hint": "…"}                        something is in the way; a dictation goes on
    {"state": "hidden"}

"keys" names those of the user's choice, "" for none: {"cancel": "Escape", "offer": "F10"}.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from parleq_hotkey.overlay.changes import Kind, Span, changes

LEVELS = 28
"""So many of the last levels are shown."""

_QUIET_DBFS, _LOUD_DBFS = -55.0, -10.0
_LONGEST_PARTIAL = 600  # characters: more than the window has room for
_WORKING = {"transcribing": "Transcribing…", "cleaning": "Cleaning up…", "delivering": "Inserting…"}
_DICTATION = ("recording", "working", "review")
_IN_REVIEW = "tap: insert  ·  hold: change by voice"
_HANDS_FREE = "tap: finish"
_IN_MEMORY = "the text is kept: parleqctl last --copy"
_SEEN_S, _READ_S = 1.2, 3.5


@dataclass(frozen=True, slots=True)
class View:
    """What is shown. ``state`` is that of the line, ``heading`` names it for people.

    ``text``: the finished one, of which ``spans`` show what was changed.
    ``levels``: the last ones, each from 0 (quiet) to 1 (loud). ``notice``: what is wrong. ``hint``: what can be done.
    ``said``: the spoken instruction so far, while the finished text in ``spans`` is being changed by voice.
    ``fades_s``: it is hidden after so many seconds; 0: only when told.
    """

    state: str = "hidden"
    heading: str = ""
    hands_free: bool = False
    levels: tuple[float, ...] = ()
    spans: tuple[Span, ...] = ()
    text: str = ""
    said: str = ""
    notice: str = ""
    hint: str = ""
    fades_s: float = 0.0


HIDDEN = View()


def following(view: View, line: str | bytes) -> View:
    """The view after a line of input."""
    try:
        message = json.loads(line)
    except ValueError:
        return view
    if not isinstance(message, dict):
        return view
    if "state" in message:
        return _state(view, message)
    if "level" in message and view.state == "recording":
        return replace(view, levels=(*view.levels, _loudness(message["level"]))[-LEVELS:])
    if "partial" in message and view.state in ("recording", "working"):
        return _partial(view, message["partial"])
    if "notice" in message:
        notice, hint = _text(message, "notice"), _text(message, "hint")
        if view.state in _DICTATION:
            return replace(view, notice=notice)
        return View("problem", "Something is in the way", notice=notice, hint=hint, fades_s=8)
    return view


def is_refining(view: View) -> bool:
    """Is a finished text shown, and being changed by voice?"""
    return view.state in ("recording", "working") and bool(view.text)


def _state(view: View, message: Mapping[str, Any]) -> View:
    """The view in the state that the message names; an unknown state hides what is over."""
    match message["state"]:
        case "recording":
            return _recording(view, message)
        case "working":
            heading = _WORKING.get(_text(message, "phase"), "Working…")
            return replace(view, state="working", heading=heading, hands_free=False, levels=(), hint="", fades_s=0)
        case "review":
            text = _text(message, "text")
            spans = changes(_text(message, "raw"), text)
            hint = _hint(_IN_REVIEW, message, "cancel", "cancel")
            return View("review", "Ready to insert", spans=spans, text=text, notice=view.notice, hint=hint)
        case "inserted":
            return _inserted(view, message)
        case "waiting":
            hint = _hint(_IN_MEMORY, message, "offer", "insert here")
            return View("waiting", "Not inserted", notice=_text(message, "message"), hint=hint, fades_s=8)
        case "nothing_said":
            return View("nothing_said", "Nothing was said", fades_s=1.5)
        case "problem":
            notice, hint = _text(message, "message"), _text(message, "hint")
            return View("problem", "No dictation", notice=notice, hint=hint, fades_s=8)
    return HIDDEN


def _inserted(view: View, message: Mapping[str, Any]) -> View:
    """With the text, unless that was just read in review."""
    sure = message.get("status") in ("verified", "read")
    heading = "Inserted" if sure else "Inserted, as far as can be told"
    spans = () if view.state == "review" else changes(_text(message, "raw"), _text(message, "text").rstrip())
    return View("inserted", heading, spans=spans, notice=view.notice, fades_s=_READ_S if spans else _SEEN_S)


def _hint(hint: str, message: Mapping[str, Any], key: str, does: str) -> str:
    """With what a key of the user's choice does, if one was chosen."""
    keys = message.get("keys")
    name = _text(keys, key) if isinstance(keys, dict) else ""
    return f"{hint}  ·  {name}: {does}" if name else hint


def _recording(view: View, message: Mapping[str, Any]) -> View:
    hands_free = message.get("hands_free") is True
    hint = _hint(_HANDS_FREE, message, "cancel", "cancel") if hands_free else ""
    if view.state == "recording":
        return replace(view, hands_free=hands_free, hint=hint)
    if view.state == "review":
        spans = (Span(view.text, Kind.KEPT),)
        return View("recording", "Say what to change", hands_free, spans=spans, text=view.text, hint=hint)
    return View("recording", "Listening", hands_free, hint=hint)


def _partial(view: View, partial: Any) -> View:
    if not isinstance(partial, dict):
        return view
    stable, provisional = _text(partial, "stable"), _text(partial, "provisional")
    if is_refining(view):
        return replace(view, said=(stable + provisional)[-_LONGEST_PARTIAL:])
    room = max(0, _LONGEST_PARTIAL - len(provisional))
    parts = (Span(stable[-room:] if room else "", Kind.STABLE), Span(provisional[-_LONGEST_PARTIAL:], Kind.PROVISIONAL))
    return replace(view, spans=tuple(part for part in parts if part.text))


def _loudness(dbfs: Any) -> float:
    """From 0, at -55 dBFS and below, to 1, at -10 dBFS and above: about the range of speech."""
    if not isinstance(dbfs, int | float):
        return 0.0
    return min(1.0, max(0.0, (dbfs - _QUIET_DBFS) / (_LOUD_DBFS - _QUIET_DBFS)))


def _text(message: Mapping[str, Any], key: str) -> str:
    """A text of the message, in which nothing but letters and line breaks is left to draw."""
    value = message.get(key)
    if not isinstance(value, str):
        return ""
    return "".join(c if c.isprintable() or c in "\n\u200d\ufe0f" else " " for c in value.replace("\r\n", "\n"))
