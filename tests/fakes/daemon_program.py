"""The real daemon as a process, with what a test wants to break behind its ports in the test's hands.

The socket, the journal's files, the supervision of the worker, az and HTTP are the real ones; the recogniser is a real
process that hears coded speech; microphone and keyring are fakes, which are told what to do on standard input.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from base64 import b64decode
from functools import partial
from pathlib import Path
from typing import Any

import anyio

from parleqd.adapters.speech.worker import WorkerFactory
from parleqd.app.cloud import real_cloud
from parleqd.app.config import ConfigStore
from parleqd.app.config_managed import find_policy
from parleqd.app.lifecycle import run
from parleqd.app.logging import DeferredLog, LogFormat, LogLevel, structlog_sink
from parleqd.app.wiring import JournalTrouble, real_journal, real_parts, wire
from parleqd.core.errors import OutsideError
from parleqd.core.ports import EventLog
from parleqd.engine.recognition import Limits
from parleqd.protocol.names import SAMPLE_BYTES, Reason, Source
from parleqd.rpc.listener import claim
from parleqd.rpc.services import Services
from tests.fakes.microphone import FakeMicrophone
from tests.fakes.models import MemoryModelStore
from tests.fakes.obedience import obey
from tests.fakes.secrets import MemorySecrets

CLOCK = "CLOCK_AHEAD"
"""Names a file that says by how many seconds the wall clock is ahead."""
IMPATIENT = Limits(ping_interval_s=0.3, longest_pause_s=0.4)
"""A worker that hangs is noticed, and one that cannot be started given up, sooner than in a daemon that people use."""


class MoodyKeyring(MemorySecrets):
    """Has a key for every target, unless its ``mood`` is a reason for which it gives none."""

    def __init__(self) -> None:
        super().__init__()
        self.mood: Reason | None = None

    async def get(self, name: str) -> str | None:
        if self.mood is not None:
            raise OutsideError(self.mood, "the keyring does not answer", "mend it")
        return "a-key"


class Deeds:
    """What a test can have done in the daemon."""

    def __init__(self, services: Services, microphone: FakeMicrophone, keyring: MoodyKeyring) -> None:
        self._services = services
        self._microphone = microphone
        self._keyring = keyring

    async def say(self, audio: str) -> bool:
        """Into the microphone, once it is open; is it in the journal?"""
        pcm = b64decode(audio)
        with anyio.move_on_after(2.0):
            await self._microphone.until_open()
            [live] = [one for one in self._services.sessions.busy() if one.spec.source is Source.MICROPHONE]
            before = live.entry.samples
            self._microphone.push(pcm)
            while live.entry.samples < before + len(pcm) // SAMPLE_BYTES:  # noqa: ASYNC110 - nothing tells of it
                await anyio.sleep(0.002)
            return True
        return False

    async def unplug(self, _: None) -> None:
        """The microphone."""
        self._microphone.unplug()

    async def keyring(self, mood: str | None) -> None:
        """From now on it is like that."""
        self._keyring.mood = None if mood is None else Reason(mood)

    async def held(self, _: None) -> dict[str, int]:
        """What this process holds that no look from outside can count."""
        return {"tasks": len(asyncio.all_tasks()), "sessions": len(self._services.sessions.driver.live)}

    def all(self) -> dict[str, Any]:
        """By name."""
        return {deed.__name__: deed for deed in (self.say, self.unplug, self.keyring, self.held)}


def wired(options: argparse.Namespace, store: ConfigStore, log: EventLog, journal: Any) -> tuple[Services, Deeds]:
    """The parts, and what can be done with them."""
    microphone, keyring = FakeMicrophone(), MoodyKeyring()
    parts = real_parts(Path(options.config).with_name("models"), store, log, journal)._replace(
        microphone=microphone,
        recognisers=WorkerFactory(log, program=("-m", "tests.fakes.speech_program")),
        models=MemoryModelStore(),
        cloud=real_cloud(keyring, os.environ),
    )
    services = wire(parts, IMPATIENT)
    return services, Deeds(services, microphone, keyring)


async def serve(options: argparse.Namespace) -> None:
    """As ``parleqd`` does."""
    log = DeferredLog()
    store = ConfigStore(Path(options.config), os.environ, named=True, policy=find_policy(os.environ, sys.platform))
    claimed = claim(Path(options.socket))
    try:
        trouble = JournalTrouble(log)
        journal = await real_journal(claimed.path, store.settings, trouble)
        services, deeds = wired(options, store, log, journal)
        trouble.bus = services.bus
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(obey, deeds.all())
                await run(services, claimed, log, partial(structlog_sink, LogFormat.JSON, LogLevel.INFO))
                tasks.cancel_scope.cancel()
        finally:
            journal.close()
    finally:
        claimed.release()


def clock_of(path: str) -> None:
    """Let the wall clock be as far ahead as the file says; what measures durations goes on as it does."""
    true, file = time.time, os.open(path, os.O_RDONLY)  # held: there may be no descriptor left when it is asked

    def moved() -> float:
        return true() + float(os.pread(file, 100, 0))

    time.time = moved


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", required=True)
    parser.add_argument("--config", required=True)
    clock_of(os.environ[CLOCK])
    anyio.run(serve, parser.parse_args())
    os._exit(0)
