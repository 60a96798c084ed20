"""A recogniser that a test plays by hand: it sees every command and says what the test says, life after life.

For one that answers by itself see ``parleqd.adapters.speech.scripted``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio

from parleqd.core.errors import OutsideError
from parleqd.core.speech import messages as speech

DEADLINE = 10.0


class Puppet:
    """One life. Pings are answered unless it is ``deaf``; ``step_seconds`` goes into the answers."""

    def __init__(self, deaf: bool = False) -> None:
        self.commands: list[speech.Command] = []
        self.deaf = deaf
        self.step_seconds = 0.0
        self.killed = self.closed = self.gone = False
        self._said: deque[speech.Event] = deque()
        self._changed = anyio.Event()

    # The port

    def send(self, command: speech.Command) -> None:
        if isinstance(command, speech.Ping):
            if not self.deaf:
                self.say(speech.Pong(command.number, self.step_seconds))
        else:
            self.commands.append(command)
        self._change()

    async def events(self) -> AsyncIterator[speech.Event]:
        while self._said or not self.gone:
            if self._said:
                yield self._said.popleft()
            else:
                await self._changed.wait()

    def kill(self) -> None:
        self.killed = True
        self.die()

    async def close(self) -> None:
        self.closed = True
        self.die()

    # The test's strings

    def say(self, *events: speech.Event) -> None:
        """Send events."""
        self._said += events
        self._change()

    def load(self) -> None:
        """Say that the model is loaded."""
        self.say(speech.Loaded("tiny.en", "int8", 12.0))

    def answer(self, utterance: str, text: str, seconds: float = 1.0) -> None:
        """A whole text: one segment from the beginning, and the end."""
        self.say(speech.Segment(utterance, 0.0, seconds, text), final(utterance, seconds))

    def die(self) -> None:
        """End as a process does that is killed."""
        self.gone = True
        self._change()

    def audio(self, utterance: str) -> bytes:
        """All audio of an utterance that came."""
        audio = (one for one in self.commands if isinstance(one, speech.Audio))
        return b"".join(one.pcm for one in audio if one.utterance == utterance)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something to become true of it. Raises ``TimeoutError`` after `DEADLINE` seconds."""
        with anyio.fail_after(DEADLINE):
            while not holds():
                await self._changed.wait()

    async def until_told(self, command: speech.Command) -> None:
        """Wait for a command."""
        await self.until(lambda: command in self.commands)

    def _change(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


class PuppetFactory:
    """Starts puppets; ``lives`` holds them all. ``failure`` is raised instead, while it is set."""

    def __init__(self, deaf: bool = False) -> None:
        self.lives: list[Puppet] = []
        self.failure: OutsideError | None = None
        self.attempts = 0
        self._deaf = deaf
        self._started = anyio.Event()

    @asynccontextmanager
    async def start(self) -> AsyncIterator[Puppet]:
        self.attempts += 1
        if self.failure is not None:
            raise self.failure
        puppet = Puppet(self._deaf)
        self.lives.append(puppet)
        self._started.set()
        self._started = anyio.Event()
        try:
            yield puppet
        finally:
            if not puppet.gone:
                puppet.die()

    async def life(self, number: int) -> Puppet:
        """The ``number``-th life, from 1, once it has begun."""
        with anyio.fail_after(DEADLINE):
            while len(self.lives) < number:
                await self._started.wait()
        return self.lives[number - 1]


def final(utterance: str, seconds: float = 1.0, voiced: float = 1.0) -> speech.Final:
    """The end of an utterance."""
    return speech.Final(utterance, audio_seconds=seconds, voiced_seconds=voiced, peak=1000, decode_ms=5.0)
