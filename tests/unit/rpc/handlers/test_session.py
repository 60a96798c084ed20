from __future__ import annotations

from base64 import b64encode

import pytest

from parleqd.core.errors import RefusedError
from parleqd.core.session.states import Delivering
from parleqd.core.text import instant
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.methods import (
    HISTORY_UNDO,
    SESSION_ACKNOWLEDGE,
    SESSION_AUDIO,
    SESSION_CANCEL,
    SESSION_CLAIM,
    SESSION_PENDING,
    SESSION_RECOVER,
    SESSION_RESULT,
    SESSION_START,
    SESSION_STOP,
)
from parleqd.protocol.names import Deliver, ErrorCode, Mode, OnDisconnect, Pace, Reason, Source
from tests.fakes.chat import FakeChat, streamed
from tests.fakes.cloud import cloud
from tests.fakes.engine import Engine, FakeClient, ask, running_engine

PCM = "AQABAA=="  # two samples
QUARTER = b64encode(b"\1\0" * 4000).decode()
"""Of a second."""
FILE = {"source": "file", "path": "/a.flac"}


async def dictated(engine: Engine, client: FakeClient, text: str = "hello", **params: object) -> str:
    """A stream session of the client's whose text waits."""
    session_id: str = (await ask(engine, SESSION_START, client, source="stream", **params))["session_id"]
    live = engine.live(session_id)
    await ask(engine, SESSION_AUDIO, client, session_id=session_id, pcm=QUARTER)
    await ask(engine, SESSION_STOP, client, session_id=session_id)
    (await engine.puppets.life(1)).answer(session_id, text)
    await engine.until(live, Delivering)
    return session_id


# session/start


@pytest.mark.asyncio
async def test_a_session_is_what_was_asked_for() -> None:
    async with running_engine() as engine:
        client = FakeClient("alice")
        answer = await ask(
            engine,
            SESSION_START,
            client,
            **FILE,
            pace="fast",
            mode="raw",
            deliver="insert",
            on_disconnect="continue",
            context={"app": "editor", "language": "de"},
        )
        assert client.latest_session == answer["session_id"]
        made = engine.live(answer["session_id"]).spec
        assert (made.owner, made.source, made.path, made.pace) == ("alice", Source.FILE, "/a.flac", Pace.FAST)
        assert (made.mode, made.deliver, made.language) == (Mode.RAW, Deliver.INSERT, "de")
        assert made.on_disconnect is OnDisconnect.CONTINUE


@pytest.mark.asyncio
async def test_what_was_not_asked_for_is_as_configured() -> None:
    config = "[cleanup]\nmode = 'raw'\n[speech]\nlanguage = 'de'\n"
    async with running_engine(config) as engine:
        made = engine.live((await ask(engine, SESSION_START, **FILE))["session_id"]).spec
        assert (made.mode, made.language) == (Mode.RAW, "de")
        assert (made.deliver, made.pace, made.on_disconnect) == (Deliver.RETURN, Pace.REALTIME, OnDisconnect.STOP)


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({}, "source"),
        ({"source": "radio"}, "$.source"),
        ({"source": "file"}, "path"),
        ({"source": "file", "path": "relative.wav"}, "absolute"),
        ({"source": "file", "path": ""}, "absolute"),
        ({"source": "file", "path": "/a\0b"}, "NUL"),
        ({"source": "stream", "path": "/a.wav"}, "path"),
        ({"source": "stream", "deliver": "post"}, "$.deliver"),
        ({"source": "stream", "mode": "shiny"}, "$.mode"),
    ],
)
@pytest.mark.asyncio
async def test_bad_parameters_are_named_and_start_nothing(params: dict[str, object], says: str) -> None:
    async with running_engine() as engine:
        with pytest.raises(RpcError) as raised:
            await ask(engine, SESSION_START, **params)
        assert raised.value.code == ErrorCode.INVALID_PARAMS
        assert says in raised.value.message
        assert engine.sessions.busy() == []


@pytest.mark.asyncio
async def test_what_cannot_be_had_is_refused() -> None:
    async with running_engine() as engine:
        with pytest.raises(RefusedError) as refused:
            await ask(engine, SESSION_START, source="microphone")
        assert refused.value.reason is Reason.NO_MICROPHONE
        assert engine.sessions.busy() == []


# session/audio, session/stop, session/cancel


@pytest.mark.asyncio
async def test_frames_are_in_the_journal_when_the_answer_comes() -> None:
    async with running_engine() as engine:
        session_id = (await ask(engine, SESSION_START, source="stream"))["session_id"]
        assert await ask(engine, SESSION_AUDIO, session_id=session_id, pcm=PCM) == {}
        assert engine.live(session_id).entry.read(0, 10) == b"\1\0\1\0"
        with pytest.raises(RpcError, match="half a sample"):
            await ask(engine, SESSION_AUDIO, session_id=session_id, pcm="AQ==")
        assert engine.live(session_id).entry.samples == 2


@pytest.mark.asyncio
async def test_a_session_is_stopped_and_cancelled_by_its_id() -> None:
    async with running_engine() as engine:
        session_id = (await ask(engine, SESSION_START, source="stream"))["session_id"]
        for method in (SESSION_STOP, SESSION_STOP, SESSION_CANCEL, SESSION_CANCEL):
            assert await ask(engine, method, session_id=session_id) == {"session_id": session_id}
        assert engine.sessions.busy() == []


@pytest.mark.parametrize("method", [SESSION_STOP, SESSION_CANCEL])
@pytest.mark.asyncio
async def test_without_an_id_the_microphone_is_meant(method: object) -> None:
    async with running_engine() as engine:
        await ask(engine, SESSION_START, source="stream")
        with pytest.raises(RefusedError, match="microphone") as raised:
            await ask(engine, method)  # type: ignore[arg-type]
        assert raised.value.reason is Reason.UNKNOWN_SESSION


@pytest.mark.asyncio
async def test_a_stop_can_turn_an_insertion_into_an_answer_and_not_the_other_way() -> None:
    async with running_engine() as engine:
        client = FakeClient("alice")
        session_id = (await ask(engine, SESSION_START, client, source="stream", deliver="insert"))["session_id"]
        with pytest.raises(RpcError) as raised:
            await ask(engine, SESSION_STOP, client, session_id=session_id, deliver="insert")
        assert raised.value.code == ErrorCode.INVALID_PARAMS
        client.latest_session = None
        await ask(engine, SESSION_STOP, client, session_id=session_id, deliver="return")
        assert client.latest_session == session_id
        assert engine.live(session_id).spec.deliver is Deliver.RETURN


# session/result, session/acknowledge


@pytest.mark.asyncio
async def test_the_result_of_the_latest_session_needs_no_id() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        client = FakeClient("alice")
        with pytest.raises(RpcError) as raised:
            await ask(engine, SESSION_RESULT, client)
        assert raised.value.reason is Reason.UNKNOWN_SESSION
        session_id = await dictated(engine, client)
        for params in ({}, {"session_id": session_id}):
            result = await ask(engine, SESSION_RESULT, client, **params)
            assert (result["session_id"], result["raw"]) == (session_id, "hello")


@pytest.mark.parametrize("params", [{}, {"receipt": {"status": "verified", "detail": "x"}}])
@pytest.mark.asyncio
async def test_a_result_is_acknowledged_again_and_again(params: dict[str, object]) -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        session_id = await dictated(engine, FakeClient("alice"))
        for _ in range(2):
            assert await ask(engine, SESSION_ACKNOWLEDGE, session_id=session_id, **params) == {}
        with pytest.raises(RefusedError) as raised:
            await ask(engine, SESSION_RESULT, session_id=session_id)
        assert raised.value.reason is Reason.UNKNOWN_SESSION


@pytest.mark.asyncio
async def test_an_unknown_receipt_is_a_bad_parameter() -> None:
    async with running_engine() as engine:
        with pytest.raises(RpcError) as raised:
            await ask(engine, SESSION_ACKNOWLEDGE, session_id="s1", receipt={"status": "perhaps"})
        assert raised.value.code == ErrorCode.INVALID_PARAMS


# session/pending, session/claim, session/recover


@pytest.mark.asyncio
async def test_what_waits_is_listed_and_claimed_without_its_text() -> None:
    async with running_engine() as engine:
        session_id = await dictated(engine, FakeClient("alice"), "secret words")
        bob = FakeClient("bob")
        assert await ask(engine, SESSION_PENDING, bob) == {"sessions": []}
        (listed,) = (await ask(engine, SESSION_PENDING, bob, all=True))["sessions"]
        assert (listed["session_id"], listed["state"], listed["deliver"]) == (session_id, "ready", "return")
        assert "secret" not in str(listed)
        claimed = await ask(engine, SESSION_CLAIM, bob, session_id=session_id)
        assert claimed == listed
        assert bob.latest_session == session_id
        assert (await ask(engine, SESSION_RESULT, bob))["raw"] == "secret words"
        (listed,) = (await ask(engine, SESSION_PENDING, bob))["sessions"]
        assert listed["state"] == "maybe_delivered"


@pytest.mark.asyncio
async def test_the_last_capture_is_redone_as_the_latest_session() -> None:
    async with running_engine() as engine:
        client = FakeClient("alice")
        with pytest.raises(RefusedError) as raised:
            await ask(engine, SESSION_RECOVER, client)
        assert raised.value.reason is Reason.NO_CAPTURE
        first = await dictated(engine, client)
        again = (await ask(engine, SESSION_RECOVER, client))["session_id"]
        assert again == client.latest_session
        assert again != first


# refine


@pytest.mark.asyncio
async def test_what_is_spoken_changes_the_text_of_before() -> None:
    chat = FakeChat(streamed("We meet on Friday."))
    target = (
        "[[cleanup.target]]\nname = 'east'\nprovider = 'azure-openai'\nauth = 'api-key'\n"
        "resource = 'east'\ndeployment = 'gpt-4o-mini'\n"
    )
    async with running_engine(target, cloud=cloud(chat, environment={"AZURE_OPENAI_API_KEY": "k"})) as engine:
        client = FakeClient("alice")
        refine = {"text": "We meet on Monday."}
        session_id = await dictated(engine, client, "um replace monday with friday", refine=refine)
        told = await ask(engine, SESSION_RESULT, client)
        assert (told["text"], told["baseline"]) == ("We meet on Friday.", "We meet on Monday.")
        assert told["raw"] == "um replace monday with friday"
        assert told["mode"] == {"asked": "polished", "used": "polished"}
        await ask(engine, SESSION_ACKNOWLEDGE, client, session_id=session_id)
        undone = await ask(engine, HISTORY_UNDO, session_id=session_id, edits=[1])
        assert undone == {"text": "We meet on Monday.", "edits": []}


@pytest.mark.parametrize(
    ("config", "params", "text", "reason"),
    [
        ("", {}, "Old.", "not_configured"),
        ("[cleanup]\nrefine_mode = 'raw'\n", {}, "Old. um and new", None),
        ("", {"mode": "raw"}, "Old. um and new", None),
        ("[cleanup]\nrefine_mode = 'instant'\n", {}, f"Old. {instant.clean('um and new').text}", None),
        ("[cleanup]\nmode = 'raw'\n", {}, "Old.", "not_configured"),
    ],
)
@pytest.mark.asyncio
async def test_a_text_is_refined_as_the_settings_say_and_kept_where_that_fails(
    config: str, params: dict[str, object], text: str, reason: str | None
) -> None:
    async with running_engine(config) as engine:
        client = FakeClient("alice")
        await dictated(engine, client, "um and new", refine={"text": "Old."}, **params)
        told = await ask(engine, SESSION_RESULT, client)
        assert told["text"] == text
        assert (told["fallback"] or {"reason": None})["reason"] == reason


@pytest.mark.asyncio
async def test_silence_keeps_the_text_and_nothing_waits() -> None:
    async with running_engine() as engine:
        client = FakeClient("alice")
        engine.connect("alice")
        await dictated(engine, client, "", refine={"text": "Old."})
        told = await ask(engine, SESSION_RESULT, client)
        assert (told["text"], told["raw"], told["baseline"], told["fallback"]) == ("Old.", "", "Old.", None)
        assert engine.sessions.pending() == []
        assert engine.services.records.history.latest(10) == []
