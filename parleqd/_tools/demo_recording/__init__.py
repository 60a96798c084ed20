"""The demo's recording: a sentence of our own, spoken by espeak-ng, with a filler, a repair and a number in it."""

from __future__ import annotations

from pathlib import Path

RECORDING = Path(__file__).with_name("demo.flac")
SENTENCE = (
    "So, um, the garden party is on Friday, sorry, I mean Saturday, "
    "and um, we need thirty five chairs and two long tables."
)
