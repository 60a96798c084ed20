"""What a capture held. Speech is never suppressed by doubt: only what is surely none goes undecoded.

The voice detector decides, never loudness: keyboards and breath are loud, and a real word can be very quiet.
"""

from __future__ import annotations

from parleqd.protocol.names import Verdict

MIN_AUDIO_S = 0.20
"""Shorter than any word: a slip of the finger."""
DEAD_FROM_S = 0.5
"""Some devices begin with zeros: a shorter recording of nothing else says nothing of them."""
MIN_VOICED_S = 0.10
"""The shortest single words that were measured have 0.26 s of voice; noise has none."""
VOICED_UNKNOWN = -1.0
"""The voice detector failed."""


def capture_verdict(audio_seconds: float, voiced_seconds: float, peak: int, *, live: bool) -> Verdict:
    """``peak`` is the largest absolute sample; ``live``: from a device, which is never flat zero while it works."""
    if audio_seconds < MIN_AUDIO_S:
        return Verdict.TOO_SHORT
    if voiced_seconds == VOICED_UNKNOWN or voiced_seconds >= MIN_VOICED_S:
        return Verdict.SPEECH
    if live and peak == 0:
        return Verdict.DEAD_INPUT if audio_seconds >= DEAD_FROM_S else Verdict.TOO_SHORT
    return Verdict.SILENCE
