"""What is decided about a microphone: which one, whether it still hears, and what to try when it does not."""

from __future__ import annotations
