"""The states of a session. Each carries its own data, so that no impossible combination can be built."""

from __future__ import annotations

import enum

import msgspec

from parleqd.core.session.outcome import Heard, Outcome, Problem
from parleqd.protocol.names import End, Phase


class Offer(enum.Enum):
    """How far the delivery of a finished text is."""

    WAITING = "waiting"
    """An earlier session of the same recipient goes first."""
    READY = "ready"
    """Nobody has been given the text yet."""
    UNDER_WAY = "under_way"
    """An inserting client has the text and has not answered."""
    HELD = "held"
    """An inserting client holds the text back for review."""
    MAYBE_DELIVERED = "maybe_delivered"
    """Somebody was given the text and nobody knows what became of it."""


class Recording(msgspec.Struct, frozen=True):
    """Audio comes in. ``released`` is when the recording was told to stop (seconds, monotonic), if it was."""

    phase = Phase.RECORDING
    released: float | None = None


class Transcribing(msgspec.Struct, frozen=True):
    """All audio is in; the recogniser works on it."""

    phase = Phase.TRANSCRIBING
    released: float
    audio_seconds: float
    warnings: tuple[Problem, ...] = ()


class Cleaning(msgspec.Struct, frozen=True):
    """The raw transcript is there; whatever happens now, at least that is delivered."""

    phase = Phase.CLEANING
    released: float
    heard: Heard
    heard_at: float


class Delivering(msgspec.Struct, frozen=True):
    """The text is there and kept until it is acknowledged."""

    phase = Phase.DELIVERING
    outcome: Outcome
    offer: Offer


class Ended(msgspec.Struct, frozen=True):
    """Over. ``problem`` says why it failed or was cancelled. The text is kept no longer here."""

    phase = Phase.ENDED
    end: End
    problem: Problem | None = None


State = Recording | Transcribing | Cleaning | Delivering | Ended
STATES: tuple[type[State], ...] = (Recording, Transcribing, Cleaning, Delivering, Ended)
