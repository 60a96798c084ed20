"""A recogniser that follows a script instead of listening: for tests of everything that stands behind the port.

It is told beforehand what is said in each utterance, a word a second, hears only whether there is any sound
at all, and dies, hangs or fails where its script says so.
"""

from __future__ import annotations

import array
import math
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

import anyio

from parleqd.core.speech import messages as speech
from parleqd.core.speech.transcript import join
from parleqd.protocol.names import SAMPLE_BYTES


class At(NamedTuple):
    """The moment when the ``nth`` command of a kind arrives, counted from 1."""

    command: type[speech.Command]
    nth: int = 1


@dataclass(frozen=True)
class Life:
    """What happens in one recogniser's life, besides recognising.

    ``dies``: it is gone. ``hangs``: nothing is answered any more, pings neither. ``fails``: that utterance
    fails. ``gate``: no utterance is finished before this event.
    """

    dies: At | None = None
    hangs: At | None = None
    fails: At | None = None
    gate: anyio.Event | None = None
    load_failed: speech.LoadFailed | None = None


class ScriptedFactory:
    """Fills the ``RecogniserFactory`` port.

    ``texts``: what is said in each utterance that has any sound, in the order of their first ``Open``;
    afterwards nothing. ``lives``: of each recogniser that is started, in turn; the later ones live without
    incident. ``commit_s``: how many seconds of audio make a segment.
    """

    def __init__(self, texts: Sequence[str] = (), lives: Sequence[Life] = (), commit_s: float = math.inf) -> None:
        self.started: list[ScriptedRecogniser] = []
        self.commit_s = commit_s
        self._texts = iter(texts)
        self._lives = iter(lives)
        self._said: dict[str, list[str]] = {}

    @asynccontextmanager
    async def start(self) -> AsyncIterator[ScriptedRecogniser]:
        """Start a recogniser; it is gone when the block is left."""
        recogniser = ScriptedRecogniser(next(self._lives, Life()), self)
        self.started.append(recogniser)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(recogniser.live)
            try:
                with recogniser.answers:
                    yield recogniser
            finally:
                recogniser.kill()

    def said(self, utterance: str) -> list[str]:
        """The words of an utterance, the same in every life."""
        if utterance not in self._said:
            self._said[utterance] = next(self._texts, "").split()
        return self._said[utterance]


class ScriptedRecogniser:
    """Fills the ``Recogniser`` port."""

    def __init__(self, life: Life, script: ScriptedFactory) -> None:
        self.received: list[speech.Command] = []
        """Every command, for tests to look at."""
        self._life = life
        self._script = script
        self._utterances: dict[str, _Utterance] = {}
        self._counts: Counter[type[speech.Command]] = Counter()
        self._hung = False
        self._scope = anyio.CancelScope()
        self._commands, self._inbox = anyio.create_memory_object_stream[speech.Command](math.inf)
        self._outbox, self.answers = anyio.create_memory_object_stream[speech.Event](math.inf)
        self._gone = anyio.Event()

    def send(self, command: speech.Command) -> None:
        """Queue a command; a ping is answered at once."""
        if self._scope.cancel_called or self._gone.is_set():
            return
        self.received.append(command)
        if isinstance(command, speech.Ping):
            if not self._hung:
                self._outbox.send_nowait(speech.Pong(command.number, step_seconds=0.0))
        else:
            self._commands.send_nowait(command)

    async def events(self) -> AsyncIterator[speech.Event]:
        """What it answers, until it is gone."""
        async for event in self.answers:
            yield event

    def kill(self) -> None:
        """End it, hanging or not."""
        self._scope.cancel()

    async def close(self) -> None:
        """End it."""
        self.kill()
        await self._gone.wait()

    async def live(self) -> None:
        """Obey commands until the script, or somebody else, ends it."""
        try:
            with self._commands, self._inbox, self._outbox, self._scope:
                async for command in self._inbox:
                    self._counts[type(command)] += 1
                    now = At(type(command), self._counts[type(command)])
                    if now == self._life.dies:
                        break
                    if now == self._life.hangs:
                        self._hung = True
                        await anyio.sleep_forever()
                    if isinstance(command, speech.Finish) and self._life.gate is not None:
                        self._outbox.send_nowait(speech.Working(command.utterance))
                        await self._life.gate.wait()
                    for event in self._obey(command, fails=now == self._life.fails):
                        self._outbox.send_nowait(event)
                    if isinstance(command, speech.Load) and self._life.load_failed:
                        break
        finally:
            self._gone.set()

    def _obey(self, command: speech.Command, *, fails: bool) -> Iterator[speech.Event]:
        match command:
            case speech.Load():
                loaded = speech.Loaded(command.name, compute_type="scripted", load_ms=0.0)
                yield self._life.load_failed or loaded
            case speech.Open():
                words = self._script.said(command.utterance)
                self._utterances[command.utterance] = _Utterance(command, words, self._script.commit_s)
            case speech.Discard():
                self._utterances.pop(command.utterance, None)
            case speech.Audio() | speech.Finish() if utterance := self._utterances.get(command.utterance):
                yield speech.Working(command.utterance)
                if fails:
                    del self._utterances[command.utterance]
                    yield speech.Failed(command.utterance, "the script says so")
                elif isinstance(command, speech.Audio):
                    yield from utterance.hear(command.pcm, command.rate)
                else:
                    del self._utterances[command.utterance]
                    yield from utterance.finish()
                yield speech.Working(None)


_LEVEL_S = 0.1
_SILENCE_DBFS = -90.0


class _Utterance:
    """Hears audio; the word that is spoken in second N is word N. Whatever is not flat zero is a voice."""

    def __init__(self, opened: speech.Open, words: Sequence[str], commit_s: float) -> None:
        self._opened = opened
        self._words = words
        self._commit_s = commit_s
        self._committed = opened.start
        self._seconds = opened.start
        self._voice_at = opened.start
        self._level_at = opened.start
        self._peak = 0

    def hear(self, pcm: bytes, rate: int) -> Iterator[speech.Event]:
        """The next frames: what was said so far is guessed whenever a new word is over."""
        before, self._seconds = self._seconds, self._seconds + len(pcm) / SAMPLE_BYTES / rate
        loudest = max((abs(sample) for sample in array.array("h", pcm)), default=0)
        self._peak = min(max(self._peak, loudest), 32767)
        if loudest:
            zeros = (len(pcm) - len(pcm.rstrip(b"\0"))) // SAMPLE_BYTES
            self._voice_at = self._seconds - zeros / rate
        if self._opened.urgent and self._seconds >= self._level_at + _LEVEL_S:
            self._level_at = self._seconds
            dbfs = 20 * math.log10(loudest / 32768) if loudest else _SILENCE_DBFS
            yield speech.Level(self._opened.utterance, dbfs, self._seconds - self._voice_at)
        while self._seconds >= self._committed + self._commit_s:
            yield self._segment(self._committed + self._commit_s, self._said(self._committed + self._commit_s))
        if self._opened.partials and int(self._seconds) > int(before) and (said := self._said(self._seconds)):
            yield speech.Partial(self._opened.utterance, stable="", provisional=said)

    def finish(self) -> Iterator[speech.Event]:
        """All that is left, and what the capture held."""
        if rest := self._said(math.inf):
            yield self._segment(self._seconds, rest)
        voiced_seconds = self._seconds if self._peak else 0.0
        yield speech.Final(self._opened.utterance, self._seconds, voiced_seconds, self._peak, decode_ms=0.0)

    def _said(self, until: float) -> str:
        if not self._peak:
            return ""
        return join(self._words[int(self._committed) : None if until == math.inf else int(until)])

    def _segment(self, end: float, text: str) -> speech.Segment:
        start, self._committed = self._committed, end
        return speech.Segment(self._opened.utterance, start, end, text)
