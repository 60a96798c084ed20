"""What a session gave: what was heard, and what became of it."""

from __future__ import annotations

import msgspec

from parleqd.core.text.edits import Edit
from parleqd.protocol.names import Mode, Reason, Verdict


class Problem(msgspec.Struct, frozen=True):
    """A reason with a message and a hint: why a session failed, fell back, or may lack something."""

    reason: Reason
    message: str
    hint: str = ""
    target: str = ""


class HeardSegment(msgspec.Struct, frozen=True):
    """A committed piece of the transcript; times in seconds of audio. ``language``: what is spoken, "" if unknown."""

    start: float
    end: float
    text: str
    language: str = ""


class Heard(msgspec.Struct, frozen=True):
    """The raw transcript and what is known of its audio. ``decode_ms`` counts after the last frame.

    ``language``: the code of what was spoken, "" where nobody found out.
    """

    verdict: Verdict
    raw: str
    segments: tuple[HeardSegment, ...]
    audio_seconds: float
    decode_ms: float
    model: str
    compute_type: str
    warnings: tuple[Problem, ...] = ()
    language: str = ""


class Cleaned(msgspec.Struct, frozen=True):
    """What cleanup made of a raw text. ``fallback`` says why ``used`` is not the asked mode."""

    text: str
    used: Mode
    edits: tuple[Edit, ...] = ()
    fallback: Problem | None = None


class Outcome(msgspec.Struct, frozen=True):
    """The result of a session. Times in milliseconds, from release (the end of the recording).

    ``baseline``: the text that what was heard was to change, where it was an instruction.
    """

    heard: Heard
    cleaned: Cleaned
    asked: Mode
    release_to_raw_ms: float
    cleanup_ms: float
    release_to_text_ms: float
    baseline: str | None = None

    @property
    def news(self) -> bool:
        """Is there a text that somebody waits for? A refinement for which nothing was said only gives back its own."""
        return bool(self.cleaned.text) and (self.baseline is None or bool(self.heard.raw))
