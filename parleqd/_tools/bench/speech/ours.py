"""One dictation as a client with a microphone of its own makes it: pushed as it is spoken, then released."""

from __future__ import annotations

from threading import Event
from time import perf_counter
from typing import Any, NamedTuple

from parleq_client import Connection, Dictation
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE

CHUNK_S = 0.02
"""As the daemon's own microphone hears."""


class Dictated(NamedTuple):
    """The result object of the daemon, and the milliseconds from release until the client had it."""

    at_client: float
    result: dict[str, Any]


def dictate(connection: Connection, pcm: bytes, mode: str) -> Dictated:
    """Push 16 kHz samples at the pace of speech, release with the last of them, take the text, acknowledge it."""
    chunk = int(SAMPLE_RATE * CHUNK_S) * SAMPLE_BYTES
    dictation = Dictation(connection)
    dictation.start_stream(mode=mode)
    speaking, began = Event(), perf_counter()
    for start in range(0, len(pcm), chunk):
        piece = pcm[start : start + chunk]
        spoken = (start + len(piece)) / SAMPLE_BYTES / SAMPLE_RATE
        speaking.wait(max(0.0, began + spoken - perf_counter()))
        dictation.feed(piece)
    released = perf_counter()
    dictation.stop()
    result = dictation.result()
    took = (perf_counter() - released) * 1000
    dictation.acknowledge("read")
    return Dictated(took, result)
