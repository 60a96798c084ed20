"""Every event of the log: its fields, what each may hold, and what of it a report may show.

The one table: the log refuses what is not in it, docs/events.md is written from it. A field holds a number, a word out
of a closed set, a code without blanks, a name that somebody chose, or a sentence of the programs' own. There is no kind
for what was said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

import msgspec

from parleqd.core.polish.hops import Hop
from parleqd.core.settings.sections import Device
from parleqd.protocol.names import (
    End,
    MicrophoneState,
    Mode,
    Phase,
    Reason,
    ReceiptStatus,
    Source,
    Verdict,
)

Value = str | int | float | bool | None
WITHHELD = "(withheld)"
"""In place of a value that its field may not hold."""
_CODE = re.compile(r"\w[\w.:/+-]{0,99}", re.ASCII)
_LARGEST = 1e15
"""More is no count, duration or size, but something that somebody made up; nor is what is no number."""


class Kind(Enum):
    """What a field may hold, and what becomes of it in a report."""

    NUMBER = "a number, or true or false"
    WORD = "a word out of those listed"
    CODE = "letters and digits without a blank: an id, a class, a version"
    PLACE = "a line of a program; a report has the file's name without its folder"
    NAME = "a name, path or address that somebody chose; a report has a number in its place"
    SENTENCE = "a sentence of the programs' own; a report leaves it out"


class Field(msgspec.Struct, frozen=True):
    """One field. ``words``: all it may be, of a word. ``None`` is possible wherever there may be nothing to say."""

    kind: Kind
    words: frozenset[str] = frozenset()


class EventSpec(msgspec.Struct, frozen=True):
    """When an event is written, and with which fields, all of them each time."""

    told: str
    fields: dict[str, Field]


class Recent(msgspec.Struct, frozen=True):
    """A record as a report may show it, but for names, which are still to be replaced. ``at``: epoch seconds."""

    at: float
    level: str
    event: str
    fields: dict[str, Value]


def _words(*words: str) -> Field:
    return Field(Kind.WORD, frozenset(words))


NUMBER, CODE, PLACE = Field(Kind.NUMBER), Field(Kind.CODE), Field(Kind.PLACE)
NAME, SENTENCE = Field(Kind.NAME), Field(Kind.SENTENCE)
SESSION, REASON, MODE = CODE, _words(*Reason), _words(*Mode)
_BUG = {"error": CODE, "where": PLACE}
_BUG_IN_SESSION = {**_BUG, "session_id": SESSION}


def _event(told: str, **fields: Field) -> EventSpec:
    return EventSpec(told, fields)


SESSION_EVENTS: dict[str, EventSpec] = {
    "session": _event(
        "A dictation enters a phase; with `ended`, how, and why if it failed.",
        session_id=SESSION,
        phase=_words(*Phase),
        source=_words(*Source),
        end=_words(*End),
        reason=REASON,
        audio_seconds=NUMBER,
    ),
    "recording_began": _event(
        "A microphone gave the first frame: so long after the session was asked for, and after the key went down.",
        session_id=SESSION,
        took_ms=NUMBER,
        key_ms=NUMBER,
    ),
    "transcribed": _event(
        "The raw text is there; `took_ms` counts from release, `decode_ms` from the last frame.",
        session_id=SESSION,
        verdict=_words(*Verdict),
        took_ms=NUMBER,
        decode_ms=NUMBER,
        audio_seconds=NUMBER,
        characters=NUMBER,
        segments=NUMBER,
        warnings=NUMBER,
    ),
    "cleaned": _event(
        "The text is there; `used` is how it was cleaned, `reason` why not as asked.",
        session_id=SESSION,
        asked=MODE,
        used=MODE,
        reason=REASON,
        took_ms=NUMBER,
        release_to_text_ms=NUMBER,
        characters=NUMBER,
        edits=NUMBER,
    ),
    "inserted": _event(
        "A client answered for the text that it was given; without `status` nobody knows.",
        session_id=SESSION,
        status=_words(*ReceiptStatus),
        took_ms=NUMBER,
    ),
    "acknowledged": _event("A client said what became of a text.", session_id=SESSION, status=_words(*ReceiptStatus)),
    "left_behind": _event(
        "An earlier daemon left a dictation in the journal, and what is done with it.",
        session_id=SESSION,
        plan=_words("Forget", "KeepForRecover", "OfferText", "Finish"),
    ),
    "event_refused": _event(
        "A session's state has no place for what came: a bug.", session_id=SESSION, detail=SENTENCE
    ),
    "capture_failed": EventSpec("A bug ended a recording.", _BUG_IN_SESSION),
    "cleanup_failed": EventSpec("A bug in cleanup; the raw text is delivered.", _BUG_IN_SESSION),
}
"""What one dictation goes through."""

MACHINE_EVENTS: dict[str, EventSpec] = {
    "listening": _event("The socket answers.", socket=NAME, version=CODE),
    "stopping": _event("The daemon was told to end."),
    "settings_reloaded": _event("The settings were read again.", problems=NUMBER),
    "log_dropped": _event("The earliest records were dropped before there was anywhere to write them.", records=NUMBER),
    "journal_failed": _event("Something cannot be kept in the journal.", reason=REASON, detail=SENTENCE),
    "vocabulary_failed": _event("The vocabulary cannot be read.", reason=REASON, detail=SENTENCE),
    "vocabulary_problems": _event("So many lines of the vocabulary are wrong.", count=NUMBER),
    "task_failed": EventSpec(
        "A bug ended one of the daemon's standing tasks; it is begun again.", {"task": CODE, **_BUG}
    ),
    "callback_failed": EventSpec("A bug in something that was to be done later, or in a library's.", _BUG),
    "check_failed": EventSpec("A bug in a check of `doctor`.", {"check": NAME, **_BUG}),
    "handler_failed": EventSpec("A bug answered a request.", {"method": CODE, **_BUG}),
    "connection_failed": EventSpec("A bug ended a connection.", _BUG_IN_SESSION),
    "accept_failed": _event("A client could not be let in: no descriptors are left.", error=CODE),
    "peer_refused": _event("Another user's process came to the socket.", uid=NUMBER),
}
"""The daemon itself."""

SPEECH_EVENTS: dict[str, EventSpec] = {
    "worker_started": _event("A speech worker was started.", pid=NUMBER),
    "worker_ended": _event("It ended.", pid=NUMBER, status=NUMBER),
    "worker_start_failed": _event("It cannot be started.", reason=REASON, detail=SENTENCE),
    "worker_supervision_failed": EventSpec("A bug beside the worker; another one is started.", _BUG),
    "worker_hung": _event("It answered nothing for too long, and is ended."),
    "worker_unloading": _event("It was idle for long enough, or has another model than is wanted.", stale=NUMBER),
    "worker_died": _event("It ended unasked; what was open is replayed.", working=NUMBER, utterances=NUMBER),
    "worker_garbled": _event("It sent what cannot be read.", detail=SENTENCE),
    "worker_stderr": _event("A line that it printed: a traceback, a library's complaint.", line=SENTENCE),
    "worker_stderr_cut": _event("So many more lines were left out.", lines=NUMBER),
    "model_loaded": _event("The speech model is ready.", model=NAME, load_ms=NUMBER),
    "model_load_failed": _event("It cannot be loaded.", missing=NUMBER),
    "decode_started": _event("A process decodes an audio file.", pid=NUMBER, skip_samples=NUMBER),
    "decode_died": _event("It ended too early, and another goes on.", heard_samples=NUMBER),
    "calibrated": _event("A model's speed was measured.", factor=NUMBER, device=_words(*Device), threads=NUMBER),
    "calibration_failed": _event("It could not be measured.", reason=REASON),
    "calibration_not_kept": _event("It cannot be written down.", detail=SENTENCE),
    "microphone": _event("How the microphone is has changed.", state=_words(*MicrophoneState), reason=REASON),
    "microphone_opened": _event(
        "It is open; `stands_in`: for the one of the settings, which is not there.", rate=NUMBER, stands_in=NUMBER
    ),
    "microphone_open_failed": _event("It cannot be opened.", reason=REASON, renewed=NUMBER),
    "microphone_missing": _event("There is none.", reason=REASON),
    "microphone_lost": _event(
        "It was lost in a recording.",
        how=_words("never_began", "fell_silent", "ended"),
        lived_s=NUMBER,
        overflows=NUMBER,
    ),
}
"""Speech and microphone."""

CLEANUP_EVENTS: dict[str, EventSpec] = {
    "polished": _event(
        "A target's answer is the text.", target=NAME, took_ms=NUMBER, first_token_ms=NUMBER, characters=NUMBER
    ),
    "polish_failed": _event("A target gave none that can be used.", target=NAME, reason=REASON, request_id=SENTENCE),
    "target_unusable": _event("A target's settings make no request.", target=NAME, reason=REASON),
    "target_tried": _event(
        "`doctor` or `setup` tried a target; `failed` names the hop.", target=NAME, failed=_words(*Hop), reason=REASON
    ),
    "token": _event("An access token was minted, or why not.", reason=REASON, took_ms=NUMBER),
    "key_unread": _event("A key cannot be read from the keyring.", reason=REASON),
}
"""Cleanup by a model."""

EVENTS: dict[str, EventSpec] = {**SESSION_EVENTS, **SPEECH_EVENTS, **CLEANUP_EVENTS, **MACHINE_EVENTS}


def fits(field: Field, value: Value) -> bool:
    """May the field hold this?"""
    if value is None:
        return True
    if field.kind is Kind.NUMBER:
        return isinstance(value, (int, float)) and abs(value) <= _LARGEST
    if not isinstance(value, str):
        return False
    if field.kind is Kind.WORD:
        return value in field.words
    return field.kind is not Kind.CODE or _CODE.fullmatch(value) is not None


def fitting(event: str, fields: Mapping[str, Value]) -> dict[str, Value]:
    """The record's fields, `WITHHELD` in place of what none of them may hold. Nothing is known of a strange event."""
    spec = EVENTS.get(event)
    known = {} if spec is None else spec.fields
    return {name: value if fits(known.get(name, NUMBER), value) else WITHHELD for name, value in fields.items()}


def recent(at: float, level: str, event: str, fields: Mapping[str, Value]) -> Recent:
    """The record without what no report may show; of a strange event its numbers only."""
    spec = EVENTS.get(event)
    known = {} if spec is None else spec.fields
    kept: dict[str, Value] = {}
    for name, value in fields.items():
        kind = known.get(name, SENTENCE).kind
        if kind is Kind.PLACE and isinstance(value, str):
            kept[name] = value.rpartition("/")[2]
        elif kind is not Kind.SENTENCE or not isinstance(value, str):
            kept[name] = value
    return Recent(at, level, event, kept)


def names_in(event: str) -> frozenset[str]:
    """Which fields of this event hold a name that somebody chose."""
    spec = EVENTS.get(event)
    return frozenset() if spec is None else frozenset(n for n, field in spec.fields.items() if field.kind is Kind.NAME)
