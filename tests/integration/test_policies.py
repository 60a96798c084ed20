"""An administrator's policy and rules by application, in a running daemon that clients speak to."""

from __future__ import annotations

import base64

import pytest

from parleqd.adapters.journal.memory import MemoryEntry, MemoryJournal
from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.text import instant
from tests.fakes.chat import FakeChat, streamed
from tests.fakes.client import Client
from tests.fakes.cloud import cloud
from tests.fakes.engine import SECOND
from tests.integration.daemon import running_daemon

PCM = base64.b64encode(SECOND).decode()
RAW = "um we meet at five on Monday in the garden"
CLEAN = "We meet at five on Monday in the garden."
SETTINGS = """
[insertion]
trailing_space = true
[history]
keep = 50
[cleanup]
mode = "polished"
[[cleanup.target]]
name = "east"
provider = "azure-openai"
auth = "api-key"
resource = "east"
deployment = "gpt-4o-mini"
[[app]]
name = "private"
title = "*Diary*"
mode = "instant"
"""
DIARY = {"app": "canary-editor", "title": "My Diary canary", "window_class": "canary-class"}


def answering(*texts: str) -> FakeChat:
    return FakeChat(*(streamed(text) for text in texts))


async def dictated(client: Client, **params: object) -> dict[str, object]:
    session_id = (await client.call("session/start", source="stream", **params))["session_id"]
    await client.call("session/audio", session_id=session_id, pcm=PCM)
    await client.call("session/stop", session_id=session_id)
    result: dict[str, object] = await client.call("session/result", session_id=session_id)
    return result


class Noted(MemoryJournal):
    """A journal that shows what was noted in it."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[MemoryEntry] = []

    def open(self, session_id: str) -> MemoryEntry:
        self.entries.append(super().open(session_id))
        return self.entries[-1]


@pytest.mark.asyncio
async def test_what_is_said_into_a_private_window_stays_on_this_machine() -> None:
    chat, journal = answering(CLEAN), Noted()
    daemon_of = running_daemon(
        SETTINGS,
        recognisers=ScriptedFactory([RAW, RAW]),
        cloud=cloud(chat, environment={"AZURE_OPENAI_API_KEY": "k"}),
        journal=journal,
    )
    async with daemon_of as daemon, daemon.client("alice") as client:
        private = await dictated(client, context=DIARY)
        assert (private["mode"], private["text"]) == (
            {"asked": "instant", "used": "instant"},
            instant.clean(RAW).text,
        )
        assert chat.requests == []
        assert [live.asked for live in daemon.engine.sessions.driver.live.values()] == [None]
        assert (await dictated(client))["mode"] == {"asked": "polished", "used": "polished"}
        assert len(chat.requests) == 1
        assert "canary" not in str(daemon.engine.log.records)
        assert "canary" not in str(await client.call("history/list"))
        assert journal.entries
        assert "canary" not in str([vars(entry) for entry in journal.entries])


@pytest.mark.asyncio
async def test_the_inserting_client_says_where_a_text_goes_and_it_is_cleaned_for_that() -> None:
    chat = answering()
    daemon_of = running_daemon(
        SETTINGS,
        recognisers=ScriptedFactory([RAW, RAW]),
        cloud=cloud(chat, environment={"AZURE_OPENAI_API_KEY": "k"}),
    )
    async with daemon_of as daemon, daemon.client("hotkey", insert=True) as client:
        for context, behind in ((DIARY, " "), ({"app": "kitty"}, "")):
            session_id = (await client.call("session/start", source="stream", deliver="insert"))["session_id"]
            await client.call("session/audio", session_id=session_id, pcm=PCM)
            await client.call("session/stop", session_id=session_id)
            prepare = await client.asked("insert/prepare")
            await client.answer_with(prepare, {"target": "w", "context": context})
            request = await client.asked("text/insert")
            assert request["params"]["text"] == instant.clean(RAW).text + behind
            assert daemon.engine.live(session_id).asked is None
            await client.answer_with(request, {"status": "sent"})
        assert chat.requests == []


@pytest.mark.asyncio
async def test_a_policy_that_comes_is_obeyed_and_one_that_goes_gives_everything_back() -> None:
    chat = answering(CLEAN, CLEAN)
    daemon_of = running_daemon(
        SETTINGS,
        recognisers=ScriptedFactory([RAW] * 3),
        cloud=cloud(chat, environment={"AZURE_OPENAI_API_KEY": "k"}),
    )
    async with daemon_of as daemon, daemon.client("alice") as client:
        await dictated(client)
        policy = await daemon.engine.write_policy('[limit]\nauth = ["azure-cli"]\n[pin.history]\nkeep = 0\n')
        assert await client.call("daemon/reload") == {"problems": []}
        status = await client.call("status/get")
        assert status["config"]["managed_by"] == str(policy)
        assert [target["state"] for target in status["cleanup"]["targets"]] == ["withheld"]
        kept = await dictated(client, mode="polished")
        assert kept["mode"] == {"asked": "polished", "used": "instant"}
        fallback = kept["fallback"]
        assert isinstance(fallback, dict)
        assert fallback["reason"] == "managed"
        assert (await client.call("history/list"))["entries"] == []
        refused = await client.refused("settings/set", key="history.keep", value="9")
        assert (refused.reason, str(policy) in str(refused)) == ("managed", True)
        draft = {"name": "west", "provider": "azure-openai", "resource": "west", "deployment": "d", "auth": "api-key"}
        assert (await client.refused("targets/test", target=draft)).reason == "managed"
        assert (await client.refused("targets/add", target=draft, secret="k")).reason == "managed"
        await policy.unlink()
        await client.call("daemon/reload")
        assert (await dictated(client))["mode"] == {"asked": "polished", "used": "polished"}
        shown = (await client.call("settings/get", key="history.keep"))["settings"]
        assert (shown[0]["value"], "managed" in shown[0]["origin"]) == (50, False)
        assert len(chat.requests) == 2


@pytest.mark.asyncio
async def test_a_policy_that_cannot_be_believed_lets_nothing_out_and_keeps_nothing() -> None:
    chat = answering()
    daemon_of = running_daemon(
        SETTINGS,
        recognisers=ScriptedFactory([RAW]),
        cloud=cloud(chat, environment={"AZURE_OPENAI_API_KEY": "k"}),
    )
    async with daemon_of as daemon, daemon.client("alice") as client:
        await daemon.engine.write_policy("[limit]\n", mode=0o666)
        await client.call("daemon/reload")
        status = await client.call("status/get")
        assert status["config"]["state"] == "config_invalid"
        assert "is not believed" in status["config"]["problems"][0]
        done = await dictated(client, mode="polished")
        assert done["mode"] == {"asked": "polished", "used": "instant"}
        assert (await client.call("history/list"))["entries"] == []
        refined = await client.call("text/refine", text="We meet.", instruction="say when", mode="polished")
        assert (refined["text"], refined["fallback"]["reason"]) == ("We meet.", "managed")
        assert chat.requests == []
