"""A daemon in this process whose targets are failing servers, and what is dictated to it."""

from __future__ import annotations

import random
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import product

import anyio

from parleqd.adapters.chat.client import HttpChat
from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.settings import Strategy
from tests.fakes.client import Client
from tests.fakes.cloud import cloud
from tests.fakes.failing_server import FailingServer, running_failing_server
from tests.integration.daemon import Daemon, running_daemon

DEADLINE = 60.0
NAMES = ("east", "west")
SETTINGS = """
[cleanup]
mode = "polished"
budget_s = {budget_s}
strategy = "{strategy}"
"""
TARGET = """
[[cleanup.target]]
name = "{name}"
provider = "azure-openai"
auth = "api-key"
resource = "{address}"
deployment = "gpt-4o-mini"
weight = {weight}
"""
_THINGS = "lamp parcel letter bottle blanket window ladder hammer kettle mirror pillow basket".split()
_PEOPLE = "kitchen garden office school harbour station library market theatre factory".split()
_SAID = [
    f"um the {one} and the {other} belong to the {people} team"
    for one, other, people in product(_THINGS, _THINGS, _PEOPLE)
]


def said(number: int) -> str:
    """What is said in dictation ``number``, and in no other of about a thousand."""
    return _SAID[number % len(_SAID)]


class LeapingClock:
    """Seconds since some epoch: time as it passes, and the leaps that a test makes."""

    def __init__(self) -> None:
        self._leapt = 1_700_000_000.0

    def __call__(self) -> float:
        return anyio.current_time() + self._leapt

    def leap(self, seconds: float) -> None:
        self._leapt += seconds


class Polishing:
    """A daemon, and its targets' servers in the order of ``NAMES``."""

    def __init__(self, daemon: Daemon, servers: Sequence[FailingServer], clock: LeapingClock) -> None:
        self.daemon = daemon
        self.servers = servers
        self.clock = clock

    async def until(self, client: Client, state: str, name: str = NAMES[0]) -> None:
        """Until its status says so of the target."""
        with anyio.fail_after(DEADLINE):
            while await state_of(client, name) != state:
                await anyio.lowlevel.checkpoint()

    async def until_asked(self, times: int) -> None:
        """Until the first target has had so many requests of dictations."""
        with anyio.fail_after(DEADLINE):
            while len(self.servers[0].transcripts) < times:
                await anyio.lowlevel.checkpoint()


async def state_of(client: Client, name: str = NAMES[0]) -> str:
    """How a target is, as the daemon tells it."""
    targets = (await client.call("status/get"))["cleanup"]["targets"]
    return next(str(target["state"]) for target in targets if target["name"] == name)


@asynccontextmanager
async def running_polishing(
    budget_s: float,
    texts: Sequence[str] = (),
    *,
    seed: str = "",
    weights: Sequence[float] = (1,),
    strategy: Strategy = Strategy.SINGLE,
) -> AsyncIterator[Polishing]:
    """A daemon that hears ``texts``, with a target for each of the ``weights``, until the block ends."""
    clock, chat = LeapingClock(), HttpChat(ssl.create_default_context)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(chat.close)
        settings, servers = SETTINGS.format(budget_s=budget_s, strategy=strategy.value), []
        for name, weight in zip(NAMES, weights, strict=False):
            server = await stack.enter_async_context(running_failing_server(random.Random(f"{name} {seed}"), clock))
            settings += TARGET.format(name=name, address=server.address, weight=weight)
            servers.append(server)
        parts = cloud(chat, environment={"AZURE_OPENAI_API_KEY": "k1"}, clock=clock)
        running = running_daemon(settings, recognisers=ScriptedFactory(texts), cloud=parts)
        yield Polishing(await stack.enter_async_context(running), servers, clock)
