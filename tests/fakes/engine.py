"""The whole engine as `app.wiring` puts it together, with a recogniser that the test plays by hand."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import msgspec
from anyio import to_thread
from msgspec import Raw

from parleqd.adapters.audio.scripted import ScriptedSource
from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.adapters.vocabulary.file import NAME, FileVocabulary
from parleqd.app.config import ConfigStore
from parleqd.app.config_managed import PolicyPlace
from parleqd.app.whole_file import replace_file
from parleqd.app.wiring import Parts, wire
from parleqd.core.ports import AudioSource, Calibrations, Journal, Microphone, RecogniserFactory
from parleqd.core.session.states import Delivering, Transcribing
from parleqd.engine.live import LiveSession
from parleqd.engine.recognition import LIMITS, Limits
from parleqd.engine.sessions import Sessions
from parleqd.engine.targets import Cloud
from parleqd.protocol.messages import ClientCapabilities, Message
from parleqd.protocol.methods import Method, Notification, P
from parleqd.protocol.names import SAMPLE_RATE, ModelState, Source, Topic
from parleqd.rpc import (
    dispatch,
    handlers,  # noqa: F401 - importing it enters the handlers
)
from parleqd.rpc.services import Call, Services
from tests.fakes.cloud import no_cloud
from tests.fakes.dictations import spec
from tests.fakes.log import MemoryLog
from tests.fakes.models import MemoryCalibrations, MemoryModelStore
from tests.fakes.peers import Ear, FakePeer
from tests.fakes.recogniser import DEADLINE, PuppetFactory

POLICY = "managed.toml"
SECOND = b"\1\0" * SAMPLE_RATE


class Engine:
    """The engine's parts, and what a test holds on to. Everything told goes to ``ear``."""

    def __init__(self, services: Services, config: Path, log: MemoryLog, puppets: PuppetFactory) -> None:
        self.services = services
        self.config = config
        self.log = log
        self.puppets = puppets
        self.ear = Ear()
        services.bus.join(self.ear)

    @property
    def sessions(self) -> Sessions:
        return self.services.sessions

    def connect(self, owner: str, insert: bool = False) -> FakePeer:
        """A client comes."""
        peer = FakePeer(owner, insert)
        self.services.peers.join(peer)
        return peer

    def disconnect(self, peer: FakePeer) -> None:
        """A client goes, as a connection that ends tells it."""
        if self.services.peers.leave(peer):
            self.sessions.owner_left(peer.owner)

    def live(self, session_id: str) -> LiveSession:
        return self.sessions.driver.live[session_id]

    async def until(self, live: LiveSession, kind: type[object]) -> None:
        """Wait for a session to come to a state."""
        with anyio.fail_after(DEADLINE):
            while not isinstance(live.state, kind):
                await live.changed()

    async def dictated(self, text: str = "hello there", **fields: object) -> LiveSession:
        """A session of alice's, but for ``fields``, whose text is there."""
        live = self.live(self.sessions.start(spec(**fields)))
        if live.spec.source is Source.STREAM:
            await self.sessions.audio(live.id, live.spec.owner, SECOND * 2)
            self.sessions.stop(live.id, live.spec.owner, redirect=False)
        await self.until(live, Transcribing)
        (await self.puppets.life(1)).answer(live.id, text, seconds=2.0)
        await self.until(live, Delivering)
        return live

    async def until_model(self, state: ModelState) -> None:
        """Wait for the speech model to come to a state."""
        with anyio.fail_after(DEADLINE):
            while self.services.recognition.model.state is not state:
                await anyio.lowlevel.checkpoint()

    async def write_policy(self, text: str, mode: int = 0o644) -> anyio.Path:
        """An administrator's policy, for the next reload."""
        policy = anyio.Path(self.config.with_name(POLICY))
        await policy.write_text(text)
        await policy.chmod(mode)
        return policy

    async def write_config(self, text: str) -> None:
        await to_thread.run_sync(self.config.write_text, text)


@asynccontextmanager
async def wired_engine(
    config: str = "",
    *,
    files: AudioSource | None = None,
    microphone: Microphone | None = None,
    journal: Journal | None = None,
    cloud: Cloud | None = None,
    recognisers: RecogniserFactory | None = None,
    calibrations: Calibrations | None = None,
    limits: Limits = LIMITS,
) -> AsyncIterator[Engine]:
    """An engine that does not run yet. Its files have two seconds of audio, unless ``files`` says otherwise."""
    async with anyio.TemporaryDirectory(prefix="parleq-") as folder:
        path = Path(folder) / "config.toml"
        await to_thread.run_sync(path.write_text, config)
        log, puppets = MemoryLog(), PuppetFactory()
        policy = PolicyPlace(path.with_name(POLICY), owner=os.getuid())
        parts = Parts(
            files=ScriptedSource([SECOND, SECOND]) if files is None else files,
            microphone=microphone,
            journal=MemoryJournal() if journal is None else journal,
            recognisers=puppets if recognisers is None else recognisers,
            cloud=no_cloud() if cloud is None else cloud,
            models=MemoryModelStore(),
            calibrations=MemoryCalibrations() if calibrations is None else calibrations,
            settings=await to_thread.run_sync(partial(ConfigStore, path, {}, policy=policy)),
            vocabulary=FileVocabulary(path.with_name(NAME), replace_file),
            log=log,
        )
        yield Engine(wire(parts, limits), path, log, puppets)


@asynccontextmanager
async def running_engine(
    config: str = "",
    *,
    files: AudioSource | None = None,
    microphone: Microphone | None = None,
    journal: Journal | None = None,
    cloud: Cloud | None = None,
    recognisers: RecogniserFactory | None = None,
    calibrations: Calibrations | None = None,
) -> AsyncIterator[Engine]:
    """An engine until the block ends."""
    parts = wired_engine(
        config,
        files=files,
        microphone=microphone,
        journal=journal,
        cloud=cloud,
        recognisers=recognisers,
        calibrations=calibrations,
    )
    async with parts as engine:
        async with anyio.create_task_group() as tasks, engine.sessions.running():
            tasks.start_soon(engine.services.recognition.run)
            tasks.start_soon(engine.services.targets.run)
            yield engine
            tasks.cancel_scope.cancel()


class FakeClient:
    """A connection as handlers see it."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.introduced = True
        self.socket = ""
        self.latest_session: str | None = None
        self.topics: frozenset[Topic] | None = None
        self.capabilities: ClientCapabilities | None = None
        self.notes: list[Message] = []

    def introduce(self, instance: str, capabilities: ClientCapabilities) -> None:
        self.owner, self.capabilities = instance, capabilities

    def subscribe(self, topics: frozenset[Topic]) -> None:
        self.topics = topics

    def notify(self, method: Notification[P], params: P) -> None:
        self.notes.append(params)


async def ask(engine: Engine, method: Method[Any, Any], client: FakeClient | None = None, /, **params: object) -> Any:
    """Call a method's handler with these parameters; its result as plain data, as a client would read it."""
    call = Call(engine.services, client or FakeClient("alice"), 1)
    answer = dispatch.begin(call, method, Raw(msgspec.json.encode(params)))
    result = answer if isinstance(answer, Message) else await answer
    return msgspec.json.decode(msgspec.json.encode(result))
