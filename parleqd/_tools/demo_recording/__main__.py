"""``python -m parleqd._tools.demo_recording``: speak the demo's sentence anew (needs espeak-ng)."""

from __future__ import annotations

from parleqd._tools.demo_recording import RECORDING, SENTENCE
from parleqd._tools.demo_recording.synthesis import speak

if __name__ == "__main__":
    speak(SENTENCE, RECORDING)
