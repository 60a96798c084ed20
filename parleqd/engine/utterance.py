"""One session's audio on its way through recognition: what was sent, what is committed, how often it went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import anyio
import msgspec

from parleqd.core.ports import JournalEntry, Recogniser
from parleqd.core.session.outcome import Heard, HeardSegment, Problem
from parleqd.core.session.stages import Committed
from parleqd.core.speech import messages as speech
from parleqd.core.speech.transcript import join
from parleqd.core.speech.verdict import capture_verdict
from parleqd.protocol.names import SAMPLE_BYTES, Verdict

UNCOMMITTED_LIMIT_S = 240.0
"""How much audio of a file may be waiting for the recogniser: many segments, and bounded."""


class Listener(Protocol):
    """Who is told what the recogniser makes of an utterance."""

    def partial(self, stable: str, provisional: str) -> None:
        """A hypothesis of the text so far."""

    def level(self, dbfs: float, silent_seconds: float) -> None:
        """How loud it is, and for how long no voice has been heard (-1: unknown)."""

    def done(self, heard: Heard) -> None:
        """The transcript; nothing follows."""

    def failed(self, problem: Problem, heard: Heard | None) -> None:
        """No transcript, or only what had been committed; nothing follows."""


class Utterance:
    """``opened`` is what a recogniser is told first; ``segments`` are committed already.

    ``live``: it is heard through a microphone, whose silence has reasons of its own.
    ``keep_s``: audio up to this length is kept whole, since recover may want it again; of longer audio only what is
    not committed yet.
    """

    def __init__(
        self,
        opened: speech.Open,
        entry: JournalEntry,
        listener: Listener,
        *,
        live: bool,
        keep_s: float,
        segments: Sequence[HeardSegment] = (),
    ) -> None:
        self.id = opened.utterance
        self.listener = listener
        self.urgent = opened.urgent
        self.finished = False
        self.deaths = 0
        self.room = anyio.Event()
        self._entry = entry
        self._opened = opened
        self._live = live
        self._keep_s = keep_s
        self._sent = 0
        self._segments = list(segments)

    @property
    def full(self) -> bool:
        """Is more audio waiting than should be?"""
        committed = self._segments[-1].end if self._segments else 0.0
        return self._entry.seconds - committed > UNCOMMITTED_LIMIT_S

    def replay(self, recogniser: Recogniser) -> None:
        """Tell a fresh recogniser everything from the last committed segment on."""
        start = self._segments[-1].end if self._segments else 0.0
        rate = self._entry.rate
        self._sent = min(round(start * rate), self._entry.samples)
        language = self._language or self._opened.language
        recogniser.send(msgspec.structs.replace(self._opened, language=language, start=self._sent / rate))
        self.send_audio(recogniser)
        if self.finished:
            recogniser.send(speech.Finish(self.id))

    def send_audio(self, recogniser: Recogniser) -> None:
        """Send what the recogniser does not have yet, in frames of at most a second."""
        while self._sent < self._entry.samples:
            pcm = self._entry.read(self._sent, self._entry.rate)
            if not pcm:  # a journal that has lost what it was given
                break
            recogniser.send(speech.Audio(self.id, pcm, self._entry.rate))
            self._sent += len(pcm) // SAMPLE_BYTES

    def commit(self, segment: speech.Segment) -> None:
        """A segment is final: it will never be decoded again."""
        committed = HeardSegment(segment.start, segment.end, segment.text, segment.language)
        self._segments.append(committed)
        self._entry.note(Committed(committed))
        self.deaths = 0  # what killed before was not this audio, or is behind us
        if self._entry.seconds > self._keep_s:
            self._entry.trim(min(round(segment.end * self._entry.rate), self._entry.samples))
        self.make_room()

    def text_with(self, stable: str = "") -> str:
        """All committed text, and what the recogniser says is as good as committed."""
        return join([*(segment.text for segment in self._segments), stable])

    def make_room(self) -> None:
        """Wake whoever waits for room."""
        self.room.set()
        self.room = anyio.Event()

    def heard(self, final: speech.Final | None, model: str, compute_type: str) -> Heard:
        """The transcript as it stands. Without ``final`` the recogniser gave up: what was committed is all."""
        raw = self.text_with()
        seconds = self._entry.seconds
        if raw or final is None:
            verdict = Verdict.SPEECH
        else:
            verdict = capture_verdict(seconds, final.voiced_seconds, final.peak, live=self._live)
        return Heard(
            verdict=verdict,
            raw=raw,
            segments=tuple(segment for segment in self._segments if segment.text),
            audio_seconds=seconds,
            decode_ms=0.0 if final is None else final.decode_ms,
            model=model,
            compute_type=compute_type,
            language=self._language,
        )

    @property
    def _language(self) -> str:
        """What is spoken: the last segment was decoded knowing the most of it."""
        return next((segment.language for segment in reversed(self._segments) if segment.language), "")
