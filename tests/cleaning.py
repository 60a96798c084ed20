"""The daemon's cleanup over real HTTP, at targets and with a clock of a test's choosing."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import anyio

from parleqd.adapters.chat.answer import HttpAnswer
from parleqd.adapters.chat.client import HttpChat
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.ports import ChatRequest
from parleqd.core.session.outcome import Cleaned, Problem
from parleqd.core.settings import Auth, Provider, Strategy, Target
from parleqd.engine.asking import Line, Reports
from parleqd.engine.bus import Bus
from parleqd.engine.cleanup import Cleanup
from parleqd.engine.metrics import Metrics
from parleqd.engine.polishing import Polisher
from parleqd.engine.targets import Targets
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol.names import Mode, Reason
from tests.fakes.cloud import cloud
from tests.fakes.log import MemoryLog
from tests.fakes.vocabulary import MemoryVocabulary

RAW = "um so the the meeting is on friday"
POLISHED = "So, the meeting is on Friday."
"""What the models of these tests make of it: other than the cleanup on the device."""


class KnownSecret:
    """Fills the port ``Credential``: a key or token that is always at hand."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.absence = Problem(Reason.KEY_MISSING, "there is always one")
        self.problem = None

    async def settle(self, *, patient: bool) -> None:
        """It is known already."""

    def want(self) -> None:
        """Nothing to do."""

    async def replace(self, refused: str, scope: str = "") -> str | None:
        """There is no other."""
        return None

    async def run(self) -> None:
        """Nothing to keep."""


class RecordingChat(HttpChat):
    """The real one, which remembers what was sent."""

    def __init__(self) -> None:
        super().__init__(ssl.create_default_context)
        self.requests: list[ChatRequest] = []

    @asynccontextmanager
    async def send(self, request: ChatRequest) -> AsyncIterator[HttpAnswer]:
        """Send it, and remember it."""
        self.requests.append(request)
        async with super().send(request) as answer:
            yield answer


class Cleaner:
    """``now``: what the polisher takes for the time, in seconds."""

    def __init__(
        self, chat: RecordingChat, targets: Sequence[Target], strategy: Strategy, budget_s: float, secret: str
    ) -> None:
        self.now = 1_700_000_000.0
        self.log = MemoryLog()
        self.chat = chat
        lines = [
            Line(
                RequestSpec(target, endpoint_of(target.resource, target.provider), target.predict), KnownSecret(secret)
            )
            for target in targets
        ]
        self.polisher = Polisher(
            lines, strategy, chat, self.log, budget_s=budget_s, reports=Reports(lambda _: None), clock=lambda: self.now
        )
        using = Targets(cloud(chat), Bus(), self.log)
        using.polisher = self.polisher
        self._cleanup = Cleanup(using, Metrics(), Vocabulary(MemoryVocabulary(), MemoryLog()))

    async def clean(self, raw: str = RAW) -> Cleaned:
        """A dictation's text, polished if that can be had. Fails a test whose budget does not hold."""
        with anyio.fail_after(2 * self.polisher.budget_s + 5):
            return await self._cleanup.clean(raw, Mode.POLISHED)

    async def instant(self, raw: str = RAW) -> str:
        """What this device makes of it."""
        return (await self._cleanup.clean(raw, Mode.INSTANT)).text

    async def until_probed(self, later_s: float = 3600.0) -> None:
        """So much later all targets are healthy again, as the probes find."""
        self.now += later_s
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.polisher.run)
            with anyio.fail_after(5):
                while any(one.last for one in self.polisher.health()):
                    await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()


@asynccontextmanager
async def cleaning(
    *targets: Target, strategy: Strategy = Strategy.SINGLE, budget_s: float = 4.0, secret: str = "k1"
) -> AsyncIterator[Cleaner]:
    """A cleanup with these targets, over connections of its own, which are open already: so they are after key-down."""
    chat = RecordingChat()
    try:
        for target in targets:
            await chat.warm(endpoint_of(target.resource, target.provider).base)
        yield Cleaner(chat, targets, strategy, budget_s, secret)
    finally:
        await chat.close()


def azure(resource: str, api_version: str = "v1", auth: Auth = Auth.API_KEY, deployment: str = "gpt-4o-mini") -> Target:
    """A target of Azure's kind, named after its deployment."""
    return Target(deployment, Provider.AZURE_OPENAI, auth, resource, deployment, api_version)
