"""Is there a voice? Decided from the voice detector's probabilities, frame by frame, in audio time.

A voice begins at a probability of 0.5 and lasts until one under 0.35, so that it does not flicker; both as in
silero-vad's own examples, and far from everything measured (noise at most 0.19, words at least 0.92).
"""

from __future__ import annotations

from collections.abc import Iterable

from parleqd.protocol.names import SAMPLE_RATE

FRAME_SAMPLES = 512
"""The detector judges frames of 32 ms."""
FRAME_S = FRAME_SAMPLES / SAMPLE_RATE
ON = 0.5
OFF = 0.35


class VoiceActivity:
    """Follows one utterance."""

    def __init__(self) -> None:
        self.voiced_frames = 0
        """Frames with a voice so far."""
        self.silent_frames = 0
        """Frames since the last of them, or from the beginning."""
        self.first_voiced: int | None = None
        """The first with a voice, counted from the beginning."""
        self._frames = 0
        self._on = False

    def hear(self, probabilities: Iterable[float]) -> list[bool]:
        """The next frames: which of them hold a voice?"""
        voiced = [self._hear_frame(probability) for probability in probabilities]
        self.voiced_frames += sum(voiced)
        if self.first_voiced is None and True in voiced:
            self.first_voiced = self._frames + voiced.index(True)
        self._frames += len(voiced)
        return voiced

    def _hear_frame(self, probability: float) -> bool:
        self._on = probability >= (OFF if self._on else ON)
        self.silent_frames = 0 if self._on else self.silent_frames + 1
        return self._on
