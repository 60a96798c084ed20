from __future__ import annotations

import base64
from itertools import pairwise
from typing import Any

import anyio
import pytest

from parleqd.adapters.speech.scripted import At, Life, ScriptedFactory
from parleqd.core.speech.messages import Audio
from tests.fakes.client import Client
from tests.fakes.engine import SECOND
from tests.integration.daemon import running_daemon

PCM = base64.b64encode(SECOND).decode()
FILE = {"source": "file", "path": "/speech.flac", "pace": "fast"}


async def notes_until_final(client: Client, session_id: str) -> list[tuple[str, Any]]:
    """What a client hears of a session: methods, and phases of states."""
    await client.note("session/final", session_id=session_id)
    await client.call("status/get")
    return [(note["method"], note["params"].get("phase")) for note in client.notes]


@pytest.mark.asyncio
async def test_partials_reach_those_who_may_see_them_and_finals_carry_no_text() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["one two"])) as daemon:
        async with (
            daemon.client("owner") as owner,
            daemon.client("reader", topics=["partial"]) as reader,
            daemon.client("watcher", topics=["state"]) as watcher,
            daemon.client("stranger") as stranger,
            daemon.connect() as mute,
        ):
            session_id = (await owner.call("session/start", **FILE))["session_id"]
            final = await owner.note("session/final")
            assert final == {"session_id": session_id, "verdict": "speech"}
            partial = await owner.note("session/partial", revision=2)
            assert partial == {"session_id": session_id, "revision": 2, "stable": "", "provisional": "one two"}
            assert await reader.note("session/partial", revision=2) == partial
            phases = ["recording", "transcribing", "cleaning", "delivering"]
            told = await notes_until_final(watcher, session_id)
            assert [phase for method, phase in told if method == "session/state"] == phases
            assert all(method != "session/partial" for method, _ in told)
            for client in (stranger, mute):
                await client.call("status/get")
                assert [note for note in client.notes if "session_id" in note["params"]] == []
            assert all(note["method"] == "session/partial" for note in reader.notes if "session_id" in note["params"])


@pytest.mark.asyncio
async def test_another_window_of_the_same_instance_hears_the_same() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["one two"])) as daemon:
        async with daemon.client("alice") as first, daemon.client("alice") as second:
            session_id = (await first.call("session/start", **FILE))["session_id"]
            for client in (first, second):
                await client.note("session/partial", session_id=session_id)
                await client.note("session/final", session_id=session_id)


@pytest.mark.asyncio
async def test_stable_text_is_only_ever_extended_though_the_recogniser_dies() -> None:
    recognisers = ScriptedFactory(["one two three four"], [Life(dies=At(Audio, 3))], commit_s=2.0)
    async with running_daemon(recognisers=recognisers) as daemon, daemon.client("alice") as client:
        session_id = (await client.call("session/start", source="stream"))["session_id"]
        for _ in range(4):
            await client.call("session/audio", session_id=session_id, pcm=PCM)
        await client.call("session/stop", session_id=session_id)
        assert (await client.call("session/result"))["raw"] == "one two three four"
        stable = [note["params"]["stable"] for note in client.notes if note["method"] == "session/partial"]
        assert {"", "one two"} <= set(stable)
        assert all(later.startswith(earlier) for earlier, later in pairwise(stable))
        assert len(recognisers.started) == 2


@pytest.mark.asyncio
async def test_the_state_of_the_model_and_of_the_settings_is_told_to_those_who_watch() -> None:
    async with running_daemon() as daemon, daemon.client("alice", topics=["state", "notice"]) as client:
        await client.call("models/use", name="/models/mine")
        loaded = {"name": "/models/mine", "compute_type": "scripted", "state": "ready", "detail": ""}
        await client.note("daemon/state", model=loaded)


@pytest.mark.asyncio
async def test_a_client_that_does_not_read_slows_nobody() -> None:
    gate = anyio.Event()
    texts = ["word " * 2000] * 15
    async with running_daemon(recognisers=ScriptedFactory(texts, [Life(gate=gate)])) as daemon:
        async with daemon.client("deaf", topics=["state", "partial", "level"]), daemon.client("alice") as alice:
            gate.set()
            for text in texts:
                await alice.call("session/start", **FILE)
                result = await alice.call("session/result")
                assert result["raw"] == text.strip()
                await alice.call("session/acknowledge", session_id=result["session_id"])


@pytest.mark.asyncio
async def test_who_follows_the_state_is_told_when_settings_change() -> None:
    async with running_daemon() as daemon:
        async with daemon.client("follower", topics=["state"]) as follower, daemon.client("setter") as setter:
            await setter.call("settings/set", key="hotkey.key", value='"F8"')
            await follower.note("settings/changed")
            await setter.call("daemon/reload")
            await follower.note("settings/changed")
            assert "settings/changed" not in [note["method"] for note in setter.notes]
