"""Cleanup of a raw text: raw, or on the device. Whatever fails, a text comes back."""

from __future__ import annotations

import anyio.to_thread

from parleqd.core.session.outcome import Cleaned, Problem
from parleqd.core.text import instant
from parleqd.protocol.names import Mode, Reason

INLINE_CHARACTERS = 4_000
"""Longer texts are cleaned in a thread: the Instant engine takes about 20 µs a word, and nobody else may wait."""

_LONG_TEXTS = anyio.CapacityLimiter(2)
"""How many are cleaned at the same time: more threads would only take the interpreter from the event loop."""

_NO_TARGET = Problem(
    Reason.NOT_CONFIGURED,
    "no cleanup target is configured, so the text was cleaned on this device",
    "add a [[cleanup.target]] to the settings, or set cleanup.mode to instant",
)


async def clean(raw: str, mode: Mode, language: str = "en") -> Cleaned:
    """Clean ``raw`` in the asked mode, or in the best that can be had, with the reason. Never fails."""
    if mode is Mode.RAW:
        return Cleaned(raw, Mode.RAW)
    if len(raw) > INLINE_CHARACTERS:
        done = await anyio.to_thread.run_sync(
            lambda: instant.clean(raw, language=language), abandon_on_cancel=True, limiter=_LONG_TEXTS
        )
    else:
        done = instant.clean(raw, language=language)
    fallback = _NO_TARGET if mode is Mode.POLISHED else None
    return Cleaned(done.text, Mode.INSTANT, tuple(done.edits), fallback)
