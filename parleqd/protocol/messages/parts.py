"""What messages of several groups are made of."""

from __future__ import annotations

from typing import Annotated

import msgspec

from parleqd.protocol import names
from parleqd.protocol.names import Mode, Reason

Instance = Annotated[str, msgspec.Meta(min_length=1, max_length=names.MAX_INSTANCE_CHARACTERS)]
SessionId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Message(msgspec.Struct, frozen=True):
    """Base of all that crosses the wire."""


class Nothing(Message, frozen=True):
    """No parameters, or an empty result."""


class SessionContext(Message, frozen=True):
    """Where the text will go: chooses mode, vocabulary and punctuation. Neither logged nor sent anywhere."""

    app: str = ""
    window_class: str = ""
    title: str = ""
    file_type: str = ""
    language: str = ""


class SessionRef(Message, frozen=True):
    session_id: SessionId


class ModeUsed(Message, frozen=True):
    asked: Mode
    used: Mode


class Fallback(Message, frozen=True):
    """Why the asked cleanup mode was not used."""

    reason: Reason
    message: str
    hint: str = ""
    target: str = ""


class EditRecord(Message, frozen=True):
    """One change of the Instant engine."""

    stage: str
    before: str
    after: str
