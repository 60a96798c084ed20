"""Two editors, an inserting client and parleqctl dictate at random together: each text reaches its owner exactly once.

The editors lose their connections where it hurts most: while the text is made, and between its arrival and its
acknowledgement. As real ones do, they know by the session's id what they have put into a buffer already.
"""

from __future__ import annotations

import base64
import json
import os
import random
import uuid
from collections import Counter
from typing import Any

import anyio
import pytest
from anyio import run_process

from parleq_client.asynchronous import AsyncConnection
from parleqd._tools.demo_recording import RECORDING
from parleqd.adapters.speech.scripted import ScriptedFactory
from tests.fakes.command_line import parleqctl_process
from tests.fakes.engine import SECOND
from tests.integration.daemon import Daemon, running_daemon
from tests.parts import PROVING, scale

Object = dict[str, Any]
FILE: Object = {"source": "file", "path": "/speech.flac", "pace": "fast"}
PCM = base64.b64encode(SECOND).decode()
DICTATIONS = scale(20, 1000)
SEED = random.SystemRandom().getrandbits(32) if PROVING else 9
LOSES_CONNECTION = 0.2
"""How often an editor does so, at each of the two places."""


class Owner:
    """``started``: ids of its sessions, in order. ``texts``: what has reached it, by session, in order."""

    def __init__(self, daemon: Daemon, chance: random.Random) -> None:
        self.daemon = daemon
        self.chance = chance
        self.started: list[str] = []
        self.texts: list[tuple[str, str]] = []


class Editor(Owner):
    """Starts one to three dictations, then puts their texts into its buffer one by one."""

    async def dictate(self, times: int) -> None:
        self.instance = str(uuid.uuid4())
        left = times
        while left:
            burst = min(left, self.chance.randint(1, 3))
            left -= burst
            waiting: list[str] = []
            async with AsyncConnection.open(str(self.daemon.path)) as connection:
                await connection.initialize("editor", instance=self.instance)
                waiting.extend([await self._start(connection) for _ in range(burst)])
            while waiting:
                waiting = await self._fetch(waiting)

    async def _start(self, connection: AsyncConnection) -> str:
        params = FILE if self.chance.random() < 0.5 else {"source": "stream"}
        session_id = str((await connection.call("session/start", params))["session_id"])
        self.started.append(session_id)
        if params is not FILE:
            for _ in range(self.chance.randint(1, 2)):
                await connection.call("session/audio", {"session_id": session_id, "pcm": PCM})
            if self.chance.random() < 0.5:  # else the loss of the connection stops it
                await connection.call("session/stop", {"session_id": session_id})
        return session_id

    async def _fetch(self, waiting: list[str]) -> list[str]:
        """Over one connection, which may be lost; what is still to be fetched, or to be acknowledged."""
        async with AsyncConnection.open(str(self.daemon.path)) as connection:
            await connection.initialize("editor", instance=self.instance)
            while waiting:
                if self.chance.random() < LOSES_CONNECTION:
                    break
                result = await connection.call("session/result", {"session_id": waiting[0]}, timeout=None)
                if (waiting[0], result["raw"]) not in self.texts:
                    self.texts.append((waiting[0], result["raw"]))
                if self.chance.random() < LOSES_CONNECTION:
                    break
                await connection.call("session/acknowledge", {"session_id": waiting[0]})
                waiting = waiting[1:]
        return waiting


class Inserting(Owner):
    """A client that puts texts into the focused window; it dictates on while up to two texts are on their way."""

    async def dictate(self, times: int) -> None:
        async with AsyncConnection.open(str(self.daemon.path)) as connection:
            self._ended = 0
            self._changed = anyio.Event()
            connection.on_request = self._asked
            connection.on_notification = self._told
            await connection.initialize("hotkey", instance=str(uuid.uuid4()), insert=True)
            for _ in range(times):
                session_id = (await connection.call("session/start", {**FILE, "deliver": "insert"}))["session_id"]
                self.started.append(session_id)
                await self._until_ended(len(self.started) - self.chance.randint(0, 2))
            await self._until_ended(times)

    async def _until_ended(self, times: int) -> None:
        while self._ended < times:
            await self._changed.wait()
            self._changed = anyio.Event()

    def _told(self, method: str, params: Object) -> None:
        if method == "session/state" and params["phase"] == "ended":
            assert params["end"] == "delivered"
            self._ended += 1
            self._changed.set()

    async def _asked(self, method: str, params: Object) -> Object:
        target = f"window of {params['session_id']}"
        if method == "insert/prepare":
            return {"target": target, "context": {}}
        assert params["target"] == target
        self.texts.append((params["session_id"], params["raw"]))
        return {"status": "sent"}


class CommandLine(Owner):
    """``parleqctl dictate`` as a process."""

    async def dictate(self, times: int) -> None:
        command, variables = parleqctl_process()
        environment = {**os.environ, **variables, "PARLEQ_SOCKET": str(self.daemon.path)}
        for _ in range(times):
            done = await run_process([*command, "dictate", "--json", str(RECORDING)], env=environment)
            result = json.loads(done.stdout)
            self.started.append(result["session_id"])
            self.texts.append((result["session_id"], result["raw"]))


@pytest.mark.timeout(scale(60, 1200))
@pytest.mark.asyncio
async def test_each_text_reaches_its_owner_once_and_in_order() -> None:
    chance = random.Random(SEED)
    shares = Counter(chance.choices([0, 1, 2, 3], weights=[4, 4, 4, 1], k=DICTATIONS))
    recognisers = ScriptedFactory([f"text number {number}" for number in range(DICTATIONS)])
    async with running_daemon(recognisers=recognisers) as daemon:
        kinds = (Editor, Editor, Inserting, CommandLine)
        owners = [kind(daemon, random.Random(chance.getrandbits(32))) for kind in kinds]
        async with anyio.create_task_group() as tasks:
            for number, owner in enumerate(owners):
                tasks.start_soon(owner.dictate, shares[number])
        async with daemon.client("anybody") as client:
            assert (await client.call("session/pending", all=True))["sessions"] == []
    said = Counter(text for owner in owners for _, text in owner.texts)
    assert said == Counter(f"text number {number}" for number in range(DICTATIONS)), f"seed {SEED}"
    for owner in owners:
        assert [session_id for session_id, _ in owner.texts] == owner.started
        assert all(" ".join(recognisers.said(session_id)) == text for session_id, text in owner.texts)
