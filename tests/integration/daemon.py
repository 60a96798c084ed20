"""A daemon in this process, over a real socket: everything is real but the recogniser and what it hears."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from anyio import to_thread

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.app.lifecycle import running
from parleqd.core.ports import AudioSource, Journal, Microphone
from parleqd.engine.recognition import LIMITS, Limits
from parleqd.engine.targets import Cloud
from parleqd.protocol.framing import Framing
from parleqd.rpc.listener import claim
from tests.fakes.client import Client
from tests.fakes.engine import Engine, wired_engine

BUGS = frozenset(
    (
        "capture_failed",
        "cleanup_failed",
        "connection_failed",
        "event_refused",
        "handler_failed",
        "task_failed",
        "worker_supervision_failed",
    )
)
"""What the log never says unless something is wrong inside the daemon."""


class Daemon:
    """A running daemon, and what it is made of."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self.engine = engine

    @asynccontextmanager
    async def connect(self, framing: Framing = Framing.LINES) -> AsyncIterator[Client]:
        """A client that has not said anything yet."""
        async with await anyio.connect_unix(str(self.path)) as stream:
            yield Client(stream, framing)

    @asynccontextmanager
    async def client(
        self, instance: str, topics: list[str] | None = None, framing: Framing = Framing.LINES, **capabilities: bool
    ) -> AsyncIterator[Client]:
        """A client that has introduced itself."""
        async with self.connect(framing) as client:
            await client.initialize(instance, topics, **capabilities)
            yield client


@asynccontextmanager
async def running_daemon(
    config: str = "",
    *,
    recognisers: ScriptedFactory | None = None,
    files: AudioSource | None = None,
    microphone: Microphone | None = None,
    journal: Journal | None = None,
    cloud: Cloud | None = None,
    limits: Limits = LIMITS,
) -> AsyncIterator[Daemon]:
    """A daemon until the block ends, which then must have met no bug. What is said is ``recognisers``' to tell."""
    recognisers = ScriptedFactory() if recognisers is None else recognisers
    async with anyio.TemporaryDirectory(prefix="parleq-") as folder:
        path = Path(folder) / "parleqd.sock"
        parts = wired_engine(
            config,
            files=files,
            microphone=microphone,
            journal=journal,
            cloud=cloud,
            recognisers=recognisers,
            limits=limits,
        )
        async with parts as engine:
            claimed = await to_thread.run_sync(claim, path)
            try:
                async with running(engine.services, claimed):
                    yield Daemon(path, engine)
            finally:
                await to_thread.run_sync(claimed.release)
            assert not BUGS.intersection(engine.log.events()), engine.log.records
