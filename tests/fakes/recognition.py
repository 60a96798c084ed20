"""A recognition with its surroundings, and utterances for it to recognise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.ports import Model
from parleqd.core.session.outcome import Heard, Problem
from parleqd.core.speech import messages as speech
from parleqd.engine.bus import Bus
from parleqd.engine.recognition import LIMITS, Limits, Recognition
from parleqd.engine.utterance import Utterance
from parleqd.protocol.messages import DaemonNotice, DaemonStateNote
from parleqd.protocol.names import SAMPLE_RATE, ModelState, Reason, Source
from tests.fakes.log import MemoryLog
from tests.fakes.peers import Ear
from tests.fakes.recogniser import DEADLINE, PuppetFactory

TINY = Model("tiny.en", "/models/tiny.en", installed=True)
SECOND = b"\1\0" * SAMPLE_RATE


class Reader:
    """Listens to one utterance."""

    def __init__(self) -> None:
        self.partials: list[tuple[str, str]] = []
        self.levels: list[float] = []
        self.heard: list[Heard | None] = []
        self.problems: list[Problem] = []
        self._over = anyio.Event()

    def partial(self, stable: str, provisional: str) -> None:
        self.partials.append((stable, provisional))

    def level(self, dbfs: float, silent_seconds: float) -> None:
        self.levels.append(dbfs)

    def done(self, heard: Heard) -> None:
        self.heard.append(heard)
        self._over.set()

    def failed(self, problem: Problem, heard: Heard | None) -> None:
        self.problems.append(problem)
        self.heard.append(heard)
        self._over.set()

    async def text(self) -> str:
        """The text, which must have come once and without a problem."""
        with anyio.fail_after(DEADLINE):
            await self._over.wait()
        assert self.problems == []
        (heard,) = self.heard
        assert heard is not None
        return heard.raw

    async def failure(self) -> Problem:
        """The problem, which must have come once."""
        with anyio.fail_after(DEADLINE):
            await self._over.wait()
        (problem,) = self.problems
        return problem


class Desk:
    """A recognition with its surroundings."""

    def __init__(
        self, model: Model = TINY, unload_after_s: float = 600.0, deaf: bool = False, limits: Limits = LIMITS
    ) -> None:
        self.factory, self.bus, self.ear, self.log = PuppetFactory(deaf), Bus(), Ear(), MemoryLog()
        self.bus.join(self.ear)
        self.recognition = Recognition(self.factory, model, unload_after_s, self.bus, self.log, limits)

    async def dictate(
        self, name: str = "s1", seconds: int = 1, source: Source = Source.FILE
    ) -> tuple[Utterance, Reader]:
        """An utterance with all of its audio, not finished yet."""
        reader = Reader()
        entry = MemoryJournal().open(name)
        opened = speech.Open(name, urgent=source is not Source.FILE, partials=True)
        utterance = Utterance(opened, entry, reader, live=source is Source.MICROPHONE, keep_s=float("inf"))
        self.recognition.open(utterance)
        for _ in range(seconds):
            await entry.append(SECOND)
            await self.recognition.feed(utterance)
        return utterance, reader

    async def finished(self, name: str = "s1", seconds: int = 1) -> Reader:
        """An utterance with all of its audio, finished."""
        _, reader = await self.dictate(name, seconds)
        self.recognition.finish(name)
        return reader

    async def until(self, state: ModelState) -> None:
        """Wait for the model to come to a state."""
        with anyio.fail_after(DEADLINE):
            while self.recognition.model.state is not state:
                await anyio.lowlevel.checkpoint()

    def notices(self) -> list[Reason]:
        return [note.params.reason for note in self.ear.notes if isinstance(note.params, DaemonNotice)]

    def states(self) -> list[ModelState]:
        return [note.params.model.state for note in self.ear.notes if isinstance(note.params, DaemonStateNote)]


@asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[Desk]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.recognition.run)
        yield desk
        tasks.cancel_scope.cancel()
