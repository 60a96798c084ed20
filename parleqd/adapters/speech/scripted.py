"""A recogniser that follows a script instead of listening: for tests of everything that stands behind the port.

It is told beforehand what is said in each utterance, hears only whether there is any sound at all, and dies, hangs or
fails where its script says so.
"""

from __future__ import annotations

import array
import math
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from parleqd.core.speech import messages as speech
from parleqd.core.speech.transcript import join
from parleqd.core.speech.verdict import capture_verdict
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE, Verdict


class At(NamedTuple):
    """The moment when the ``nth`` command of a kind arrives, counted from 1."""

    command: type[speech.Command]
    nth: int = 1


@dataclass(frozen=True)
class Script:
    """One recogniser's life.

    ``texts``: what is said in each utterance with any sound, in the order of ``Open``; after the last, nothing.
    ``commit_s``: a word is committed after so many seconds of audio each; the rest at the end.
    ``gate``: nothing is decoded before this event.
    """

    texts: Sequence[str] = ()
    commit_s: float = math.inf
    gate: anyio.Event | None = None
    load_failed: speech.LoadFailed | None = None
    dies: At | None = None
    hangs: At | None = None
    fails: At | None = None


@dataclass
class _Utterance:
    opened: speech.Open
    words: list[str]
    pcm: bytearray = field(default_factory=bytearray)
    committed: float = 0.0

    @property
    def seconds(self) -> float:
        return self.opened.start + len(self.pcm) / SAMPLE_BYTES / SAMPLE_RATE

    @property
    def peak(self) -> int:
        return max((abs(sample) for sample in array.array("h", bytes(self.pcm))), default=0)


class ScriptedRecogniser:
    """Fills the ``Recogniser`` port."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._texts = list(script.texts)
        self._utterances: dict[str, _Utterance] = {}
        self._counts: Counter[type] = Counter()
        self._life = anyio.CancelScope()
        self._commands, self._inbox = _stream(speech.Command)
        self._outbox, self._events = _stream(speech.Event)
