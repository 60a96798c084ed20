"""The speech worker before a real speech server: its texts, and its answer to what it does not know.

Its death: tests/e2e/test_speech_server.py. Every other way of failing: tests/unit/speech_worker/served.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleqd.adapters.speech.worker import WorkerFactory
from parleqd.core.speech import messages as m
from parleqd.core.speech.repeats import words_of
from parleqd.core.speech.transcript import join
from tests import clips
from tests.fakes.log import MemoryLog
from tests.speech_server import SpeechServer, running_speech_server

pytestmark = pytest.mark.timeout(120)
SAID = set(words_of("so the garden party is on friday sorry i mean saturday and we need chairs and two long tables"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpeechServer]:
    with running_speech_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(autouse=True)
def recording() -> bytes:
    """Read before the event loop runs."""
    return clips.demo()


@asynccontextmanager
async def asked(load: m.Load) -> AsyncIterator[Asked]:
    """A worker that was told to load this."""
    with anyio.fail_after(90):
        async with WorkerFactory(MemoryLog()).start() as worker:
            worker.send(load)
            yield Asked(worker.send, worker.events())


class Asked:
    """A worker, one utterance after the other."""

    def __init__(self, send: Callable[[m.Command], None], events: AsyncIterator[m.Event]) -> None:
        self._send = send
        self._events = events
        self.said: list[m.Event] = []

    async def dictate(self, utterance: str, hotwords: tuple[str, ...] = ()) -> str:
        """The text of the recording, from whoever decodes."""
        self._send(m.Open(utterance, hotwords=hotwords))
        self._send(m.Audio(utterance, clips.demo()))
        self._send(m.Finish(utterance))
        async for event in self._events:
            self.said.append(event)
            if isinstance(event, m.Final | m.Failed) and event.utterance == utterance:
                break
        return join(e.text for e in self.said if isinstance(e, m.Segment) and e.utterance == utterance)

    def loaded(self) -> list[tuple[str, bool]]:
        """Who decoded, in turn, and whether there was a problem."""
        return [(event.name, bool(event.problem)) for event in self.said if isinstance(event, m.Loaded)]


@pytest.mark.asyncio
async def test_the_server_decodes(server: SpeechServer) -> None:
    async with asked(m.Load("tiny.en", "", server.url, server.model)) as worker:
        assert set(words_of(await worker.dictate("u", ("Gutenberg", "Noirtier")))) >= SAID
        assert worker.loaded() == [(server.model, False)]


@pytest.mark.asyncio
async def test_a_model_that_the_server_does_not_have_is_told_and_nothing_is_made_up(server: SpeechServer) -> None:
    async with asked(m.Load("tiny.en", "", server.url, "no-such-model")) as worker:
        assert await worker.dictate("u") == ""
        (failed,) = (event for event in worker.said if isinstance(event, m.Failed))
        assert "no such model" in failed.message
        assert worker.loaded() == [("no-such-model", True)]
