"""The microphone: PortAudio opens it, the sound server (PulseAudio, PipeWire) tells which ones there are."""

from __future__ import annotations
