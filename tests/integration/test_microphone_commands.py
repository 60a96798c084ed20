"""`start`, `stop`, `toggle` and `cancel` over a daemon in this process, whose microphone the test speaks into."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.errors import OutsideError
from parleqd.core.ports import MicrophoneStatus
from parleqd.protocol.names import MicrophoneState, Reason
from tests.fakes.command_line import Outcome, parleqctl_at
from tests.fakes.engine import SECOND
from tests.fakes.microphone import FakeMicrophone
from tests.integration.daemon import Daemon, running_daemon


@asynccontextmanager
async def listening(*texts: str) -> AsyncIterator[tuple[Daemon, FakeMicrophone]]:
    """A daemon whose microphone hears two seconds at once; it must be closed in the end."""
    microphone = FakeMicrophone(SECOND, SECOND)
    async with running_daemon(microphone=microphone, recognisers=ScriptedFactory(texts)) as daemon:
        yield daemon, microphone
        await microphone.until_closed()


@pytest.mark.asyncio
async def test_a_dictation_is_begun_and_printed() -> None:
    async with listening("hello there", "once more") as (daemon, microphone):
        started = await parleqctl_at(daemon, "start", "--json")
        assert microphone.open == 1
        assert (await parleqctl_at(daemon, "status", "--json")).json[0]["microphone"]["state"] == "listening"
        stopped = await parleqctl_at(daemon, "stop", "--print", "--json")
        assert (started.code, stopped.code) == (0, 0)
        assert stopped.json[0]["session_id"] == started.json[0]["session_id"]
        assert stopped.json[0]["raw"] == "hello there"
        await parleqctl_at(daemon, "toggle")
        assert (await parleqctl_at(daemon, "toggle", "--print")).out.strip().lower().startswith("once more")
        assert (await parleqctl_at(daemon, "status", "--json")).json[0]["pending"] == 0


@pytest.mark.asyncio
async def test_without_an_inserting_client_the_text_waits_and_that_is_told() -> None:
    async with listening("hello there") as (daemon, _):
        await parleqctl_at(daemon, "start")
        stopped = await parleqctl_at(daemon, "stop", "--json")
        assert (stopped.code, stopped.reason) == (4, "no_insert_client")
        assert "parleqctl last" in stopped.err
        assert "hello there" in (await parleqctl_at(daemon, "last", "--raw")).out


@pytest.mark.asyncio
async def test_an_inserting_client_gets_the_text_and_stop_waits_for_it() -> None:
    async with listening("hello there") as (daemon, _), daemon.client("hotkey", insert=True) as hotkey:
        outcomes: list[Outcome] = []

        async def dictate() -> None:
            await parleqctl_at(daemon, "start")
            outcomes.append(await parleqctl_at(daemon, "stop", "--json"))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(dictate)
            await hotkey.answer_with(await hotkey.asked("insert/prepare"), {"target": "window 7"})
            insert = await hotkey.asked("text/insert")
            assert outcomes == []
            await hotkey.answer_with(insert, {"status": "verified"})
        assert (outcomes[0].code, outcomes[0].json[0]["end"]) == (0, "delivered")


@pytest.mark.asyncio
async def test_nothing_said_is_exit_code_5() -> None:
    async with listening() as (daemon, _):
        await parleqctl_at(daemon, "start")
        assert (await parleqctl_at(daemon, "stop", "--json")).code == 5
        await parleqctl_at(daemon, "start")
        printed = await parleqctl_at(daemon, "stop", "--print", "--json")
        assert (printed.code, printed.json[0]["text"]) == (5, "")


@pytest.mark.asyncio
async def test_cancelling_gives_it_up_and_recover_brings_it_back() -> None:
    async with listening("hello there", "hello there") as (daemon, _):
        await parleqctl_at(daemon, "start")
        assert (await parleqctl_at(daemon, "cancel")).code == 0
        assert (await parleqctl_at(daemon, "cancel", "--json")).reason == "unknown_session"
        assert (await parleqctl_at(daemon, "recover", "--json")).json[0]["raw"] == "hello there"


@pytest.mark.asyncio
async def test_a_second_start_is_refused_and_changes_nothing() -> None:
    async with listening("hello there") as (daemon, microphone):
        await parleqctl_at(daemon, "start")
        assert (await parleqctl_at(daemon, "start", "--json")).reason == "microphone_busy"
        assert (microphone.open, microphone.opened) == (1, 1)
        assert (await parleqctl_at(daemon, "stop", "--print")).code == 0


@pytest.mark.asyncio
async def test_of_two_toggles_at_once_exactly_one_begins() -> None:
    async with listening("hello there") as (daemon, microphone):
        outcomes: list[Outcome] = []

        async def toggle() -> None:
            outcomes.append(await parleqctl_at(daemon, "toggle", "--json"))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(toggle)
            tasks.start_soon(toggle)
        assert microphone.opened == 1
        # The other was told so, or came late enough to end what the first had begun (and nobody inserts here).
        assert sorted(outcome.code for outcome in outcomes) == [0, 4]
        if microphone.open:
            assert (await parleqctl_at(daemon, "stop", "--print")).code == 0


@pytest.mark.asyncio
async def test_waiting_prints_the_text_once_somebody_stops_it() -> None:
    async with listening("hello there") as (daemon, microphone):
        outcomes: list[Outcome] = []

        async def wait() -> None:
            outcomes.append(await parleqctl_at(daemon, "start", "--wait", terminal=True))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await microphone.until_open()
            assert (await parleqctl_at(daemon, "stop", "--no-wait")).code == 0
        assert outcomes[0].code == 0
        assert outcomes[0].out.strip().lower().startswith("hello there")


@pytest.mark.asyncio
async def test_a_device_that_goes_costs_nothing_that_was_said() -> None:
    async with listening("hello there") as (daemon, microphone):
        await parleqctl_at(daemon, "start")
        microphone.unplug()
        await microphone.until_closed()
        gone = await parleqctl_at(daemon, "stop", "--json")
        assert (gone.code, gone.reason) == (4, "unknown_session")
        assert "hello there" in (await last_text(daemon))


async def last_text(daemon: Daemon) -> str:
    """The text of the last dictation, once there is one."""
    async with daemon.client("watcher", topics=["state"]) as watcher:
        if daemon.engine.sessions.busy():
            await watcher.note("session/final")
    return (await parleqctl_at(daemon, "last", "--raw")).out


@pytest.mark.asyncio
async def test_a_microphone_that_cannot_be_opened_says_why_and_leaves_nothing_behind() -> None:
    async with listening() as (daemon, microphone):
        microphone.failure = OutsideError(Reason.NO_MICROPHONE, "the system has no microphone", "plug one in")
        outcome = await parleqctl_at(daemon, "start", "--json")
        assert (outcome.code, outcome.reason) == (4, "no_microphone")
        assert outcome.json[0]["error"]["hint"] == "plug one in"
        assert (await parleqctl_at(daemon, "status", "--json")).json[0]["sessions"] == 0


@pytest.mark.asyncio
async def test_the_result_says_what_the_microphone_went_through() -> None:
    lost = MicrophoneStatus(MicrophoneState.RECOVERING, "Desk", Reason.DEVICE_LOST, "Desk is gone", "plug it in")
    microphone = FakeMicrophone(b"\x10\0" * 16_000)
    async with running_daemon(microphone=microphone, recognisers=ScriptedFactory(["one", "two"])) as daemon:
        await parleqctl_at(daemon, "start")
        microphone.become(lost)
        microphone.become(MicrophoneStatus(MicrophoneState.LISTENING, "Desk"))
        stopped = await parleqctl_at(daemon, "stop", "--print", "--json")
        assert [warning["reason"] for warning in stopped.json[0]["warnings"]] == ["device_lost"]
        await parleqctl_at(daemon, "start")
        assert (await parleqctl_at(daemon, "stop", "--print", "--json")).json[0]["warnings"] == []


@pytest.mark.asyncio
async def test_a_toggle_right_after_a_stop_begins_the_next_dictation() -> None:
    loud = FakeMicrophone(b"\0\x20" * 16_000)
    async with running_daemon(microphone=loud, recognisers=ScriptedFactory(["one", "two"])) as daemon:
        async with daemon.client("hotkey") as client:
            first = await client.call("session/start", source="microphone")
            await client.note("session/state", phase="recording")
            await client.call("session/stop")
            assert (await client.refused("session/stop")).reason == "unknown_session"
            second = await client.call("session/start", source="microphone")
            assert first != second
            await client.call("session/stop")
            await loud.until_closed()
