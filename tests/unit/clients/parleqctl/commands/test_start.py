from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from signal import SIGINT

import anyio
import pytest
from anyio.abc import Process

from tests.fakes.command_line import parleqctl_at, parleqctl_process
from tests.fakes.daemon import RESULT, FakeDaemon, Object, Peer, Refusal, never, running_daemon


class Recording:
    """A microphone session as a daemon has it: heard at once, over when somebody stops it."""

    def __init__(self) -> None:
        self.owner: Peer | None = None

    async def start(self, peer: Peer, params: Object) -> Object:
        self.owner = peer
        await self.phase("recording")
        return {"session_id": "s1"}

    async def stop(self, peer: Peer, params: Object) -> Object:
        await self.phase("transcribing")
        return {"session_id": "s1"}

    async def phase(self, phase: str) -> None:
        assert self.owner is not None
        note = {"session_id": "s1", "phase": phase, "source": "microphone", "deliver": "return"}
        await self.owner.notify("session/state", note)


@asynccontextmanager
async def waiting(daemon: FakeDaemon) -> AsyncIterator[Process]:
    """``parleqctl start --wait``, once it records."""
    command, variables = parleqctl_process()
    environment = {**os.environ, **variables, "PARLEQ_SOCKET": daemon.path}
    async with await anyio.open_process([*command, "start", "--wait"], env=environment) as process:
        await daemon.until_asked("session/start")
        yield process


@pytest.mark.asyncio
async def test_it_returns_while_the_recording_goes_on() -> None:
    recording = Recording()
    async with running_daemon({"session/start": recording.start}) as daemon:
        quiet = await parleqctl_at(daemon, "start")
        terminal = await parleqctl_at(daemon, "start", terminal=True)
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert "opening the microphone…" in terminal.err
    assert terminal.err.endswith("recording; `parleqctl stop` ends it\n")
    assert daemon.asked("session/stop") == daemon.asked("session/result") == []


@pytest.mark.asyncio
async def test_a_busy_microphone_names_its_owner() -> None:
    busy = Refusal("microphone_busy", "the microphone is recording for nvim", "stop that first")
    async with running_daemon({"session/start": busy}) as daemon:
        outcome = await parleqctl_at(daemon, "start")
    assert outcome.code == 4
    assert "recording for nvim [microphone_busy]" in outcome.err


@pytest.mark.asyncio
async def test_waiting_shows_level_and_text_on_a_terminal_and_prints_the_text() -> None:
    recording = Recording()

    async def start(peer: Peer, params: Object) -> Object:
        answer = await recording.start(peer, params)
        await peer.notify("session/level", {"session_id": "s1", "dbfs": -30.0})
        await peer.notify("session/partial", {"session_id": "s1", "revision": 1, "stable": "hello", "provisional": "w"})
        await recording.phase("transcribing")  # somebody else stopped it
        await peer.notify("session/level", {"session_id": "s1", "dbfs": 0.0})
        return answer

    async with running_daemon({"session/start": start}) as daemon:
        outcome = await parleqctl_at(daemon, "start", "--wait", terminal=True)
    assert (outcome.code, outcome.out) == (0, "Hello world.\n")
    assert "[#####-----]" in outcome.err
    assert "hello w [#####-----]" in outcome.err
    assert "[##########]" not in outcome.err
    assert daemon.asked("events/subscribe") == [{"topics": ["level"]}]
    assert daemon.asked("session/start") == [{"source": "microphone", "deliver": "return"}]
    assert len(daemon.asked("session/acknowledge")) == 1


@pytest.mark.asyncio
async def test_without_a_terminal_nothing_is_shown() -> None:
    recording = Recording()

    async def start(peer: Peer, params: Object) -> Object:
        answer = await recording.start(peer, params)
        await recording.phase("transcribing")
        return answer

    async with running_daemon({"session/start": start}) as daemon:
        outcome = await parleqctl_at(daemon, "start", "--wait", "--json")
    assert (outcome.json, outcome.err) == ([RESULT], "")
    assert daemon.asked("events/subscribe") == []
    assert daemon.asked("initialize")[0]["capabilities"]["partials"] is False


@pytest.mark.asyncio
async def test_ctrl_c_ends_the_recording_and_prints_what_there_is() -> None:
    recording = Recording()
    async with running_daemon({"session/start": recording.start, "session/stop": recording.stop}) as daemon:
        async with waiting(daemon) as process:
            process.send_signal(SIGINT)
            assert process.stdout is not None
            assert await process.stdout.receive() == b"Hello world.\n"
            assert await process.wait() == 0
    assert daemon.asked("session/stop") == [{"session_id": "s1"}]
    assert daemon.asked("session/cancel") == []


@pytest.mark.asyncio
async def test_a_second_ctrl_c_ends_the_waiting_and_the_text_stays_pending() -> None:
    recording = Recording()
    replies = {"session/start": recording.start, "session/stop": recording.stop, "session/result": never}
    async with running_daemon(replies) as daemon, waiting(daemon) as process:
        process.send_signal(SIGINT)
        await daemon.until_asked("session/result")
        process.send_signal(SIGINT)
        assert await process.wait() == 130
        assert process.stderr is not None
        assert b"stays pending" in await process.stderr.receive()
    assert daemon.asked("session/cancel") == []
