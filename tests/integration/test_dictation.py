from __future__ import annotations

import base64
from typing import Any

import anyio
import pytest

from parleqd.adapters.audio.scripted import ScriptedSource
from parleqd.adapters.speech.scripted import Life, ScriptedFactory
from parleqd.core.errors import OutsideError
from parleqd.core.text import instant
from parleqd.protocol.framing import Framing
from parleqd.protocol.names import Reason
from tests.fakes.client import AnsweredError, Client
from tests.fakes.engine import SECOND
from tests.integration.daemon import running_daemon

FILE = {"source": "file", "path": "/speech.flac", "pace": "fast"}


async def stream(client: Client, *frames: bytes, **params: Any) -> str:
    """A stream session with these frames, stopped."""
    session_id: str = (await client.call("session/start", source="stream", **params))["session_id"]
    for frame in frames:
        await client.call("session/audio", session_id=session_id, pcm=base64.b64encode(frame).decode())
    await client.call("session/stop", session_id=session_id)
    return session_id


@pytest.mark.parametrize("framing", list(Framing))
@pytest.mark.asyncio
async def test_a_file_goes_in_and_clean_text_comes_out(framing: Framing) -> None:
    async with running_daemon(recognisers=ScriptedFactory(["um hello there"])) as daemon:
        async with daemon.client("alice", framing=framing) as client:
            started = await client.call("session/start", **FILE)
            result = await client.call("session/result")
            assert result["session_id"] == started["session_id"]
            assert (result["verdict"], result["raw"]) == ("speech", "um hello there")
            assert result["text"] == instant.clean("um hello there").text
            assert result["audio_seconds"] == 2.0
            assert await client.call("session/acknowledge", session_id=started["session_id"]) == {}
            assert (await client.call("status/get"))["pending"] == 0


@pytest.mark.asyncio
async def test_a_shell_one_liner_drives_a_whole_dictation() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello there"])) as daemon:
        async with daemon.connect() as client:
            await client.send_raw(
                b'{"jsonrpc":"2.0","id":1,"method":"session/start",'
                b'"params":{"source":"file","path":"/a.flac","pace":"fast"}}\n'
                b'{"jsonrpc":"2.0","id":2,"method":"session/result"}\n'
            )
            await client.say_no_more()
            assert (await client.answer(2))["raw"] == "hello there"
            assert client.notes == []
            await client.end()


@pytest.mark.asyncio
async def test_a_stream_goes_in_and_clean_text_comes_out() -> None:
    recognisers = ScriptedFactory(["one two three"])
    async with running_daemon(recognisers=recognisers) as daemon, daemon.client("alice") as client:
        session_id = await stream(client, SECOND, SECOND[:5000], SECOND)
        result = await client.call("session/result", session_id=session_id)
        assert (result["raw"], result["audio_seconds"]) == ("one two three", 2.15625)


@pytest.mark.asyncio
async def test_audio_that_comes_while_the_model_loads_is_recognised() -> None:
    recognisers = ScriptedFactory(["hello"])
    async with running_daemon("[speech]\nunload_after_s = 0\n", recognisers=recognisers) as daemon:
        async with daemon.client("alice") as client:
            for text in ("hello", ""):
                session_id = await stream(client, SECOND)
                assert (await client.call("session/result", session_id=session_id))["raw"] == text
            assert len(recognisers.started) == 2


@pytest.mark.parametrize(
    ("frames", "verdict"), [([], "too_short"), ([bytes(1000)], "too_short"), ([bytes(len(SECOND))], "silence")]
)
@pytest.mark.asyncio
async def test_nothing_said_is_a_result_with_an_empty_text(frames: list[bytes], verdict: str) -> None:
    async with running_daemon() as daemon, daemon.client("alice") as client:
        session_id = await stream(client, *frames)
        result = await client.call("session/result", session_id=session_id)
        assert (result["verdict"], result["raw"], result["text"]) == (verdict, "", "")
        assert (await client.call("session/pending"))["sessions"] == []
        await client.call("session/acknowledge", session_id=session_id)
        assert (await client.call("history/list"))["entries"] == []


@pytest.mark.asyncio
async def test_a_file_that_is_no_audio_fails_and_one_that_breaks_off_warns() -> None:
    def daemon_with(*frames: bytes, reason: Reason) -> Any:
        source = ScriptedSource(frames, failure=OutsideError(reason, "no", "convert it"))
        return running_daemon(recognisers=ScriptedFactory(["hello"]), files=source)

    async with daemon_with(reason=Reason.AUDIO_UNREADABLE) as daemon, daemon.client("alice") as client:
        await client.call("session/start", **FILE)
        assert (await client.refused("session/result")).reason == "audio_unreadable"
        assert (await client.refused("session/recover")).reason == "no_capture"
    async with daemon_with(SECOND, reason=Reason.AUDIO_INCOMPLETE) as daemon, daemon.client("alice") as client:
        await client.call("session/start", **FILE)
        result = await client.call("session/result")
        assert (result["raw"], result["warnings"][0]["reason"]) == ("hello", "audio_incomplete")


@pytest.mark.asyncio
async def test_texts_are_delivered_in_the_order_in_which_their_sessions_started() -> None:
    recognisers = ScriptedFactory(["first", "second", "third"])
    async with running_daemon(recognisers=recognisers) as daemon, daemon.client("alice") as client:
        started = [(await client.call("session/start", **FILE))["session_id"] for _ in range(3)]
        waiting = [await client.request("session/result", session_id=one) for one in reversed(started)]
        for request in waiting:
            await client.answer(request)
        finals = [note["params"]["session_id"] for note in client.notes if note["method"] == "session/final"]
        assert finals == started


@pytest.mark.asyncio
async def test_sessions_are_bounded_in_number() -> None:
    async with running_daemon() as daemon, daemon.client("alice") as client:
        daemon.engine.sessions.hearing.sessions_at_once = 3
        started = [(await client.call("session/start", source="stream"))["session_id"] for _ in range(3)]
        assert (await client.refused("session/start", source="stream")).reason == "queue_full"
        assert (await client.refused("session/start", **FILE)).reason == "queue_full"
        await client.call("session/cancel", session_id=started[0])
        await client.call("session/start", source="stream")


@pytest.mark.asyncio
async def test_a_dictation_can_be_cancelled_in_every_phase() -> None:
    gate = anyio.Event()
    recognisers = ScriptedFactory(["a", "b", "c"], [Life(gate=gate)])
    async with running_daemon(recognisers=recognisers) as daemon, daemon.client("alice") as client:
        recording = (await client.call("session/start", source="stream"))["session_id"]
        transcribing = await stream(client, SECOND)
        for session_id in (recording, transcribing):
            waiting = await client.request("session/result", session_id=session_id)
            await client.call("session/cancel", session_id=session_id)
            with pytest.raises(AnsweredError) as raised:
                await client.answer(waiting)
            assert raised.value.reason == "cancelled"
        gate.set()
        delivering = await stream(client, SECOND)
        await client.note("session/final", session_id=delivering)
        await client.call("session/cancel", session_id=delivering)
        assert (await client.call("session/pending"))["sessions"] == []
        assert (await client.call("status/get"))["sessions"] == 0


@pytest.mark.asyncio
async def test_where_nothing_is_kept_a_text_waits_until_it_is_delivered_and_no_longer() -> None:
    recognisers = ScriptedFactory(["secret words"])
    async with running_daemon("[history]\nkeep = 0\n", recognisers=recognisers) as daemon:
        async with daemon.client("alice") as client:
            session_id = await stream(client, SECOND)
            assert (await client.call("session/result", session_id=session_id))["raw"] == "secret words"
            assert (await client.call("history/last"))["result"]["raw"] == "secret words"
            await client.call("session/acknowledge", session_id=session_id)
            assert (await client.refused("history/last")).reason == "unknown_session"
            assert (await client.refused("session/recover")).reason == "no_capture"
            assert (await client.call("history/list"))["entries"] == []


@pytest.mark.asyncio
async def test_no_word_that_was_said_is_logged() -> None:
    recognisers = ScriptedFactory(["um canary secret"])
    async with running_daemon(recognisers=recognisers) as daemon, daemon.client("alice") as client:
        session_id = await stream(client, SECOND, context={"title": "canary"})
        await client.call("session/result", session_id=session_id)
        await client.call("text/clean", text="um canary")
        assert daemon.engine.log.records
        assert "canary" not in str(daemon.engine.log.records).lower()


@pytest.mark.asyncio
async def test_metrics_count_what_was_done_and_hold_no_text() -> None:
    recognisers = ScriptedFactory(["canary words"])
    async with running_daemon(recognisers=recognisers) as daemon, daemon.client("alice") as client:
        session_id = await stream(client, SECOND)
        await client.call("session/result", session_id=session_id)
        await client.call("session/acknowledge", session_id=session_id)
        metrics = await client.call("metrics/get")
        counted = ("verdict_speech", "mode_instant", "session_delivered", "receipt_read")
        assert metrics["counts"] == dict.fromkeys(counted, 1)
        assert metrics["stages"]["release_to_text"]["count"] == 1
        assert "canary" not in str(metrics)


@pytest.mark.asyncio
async def test_the_last_capture_is_redone_on_request() -> None:
    recognisers = ScriptedFactory(["first try", "second try"])
    async with running_daemon(recognisers=recognisers) as daemon, daemon.client("alice") as client:
        first = await stream(client, SECOND)
        await client.call("session/cancel", session_id=first)
        again = (await client.call("session/recover"))["session_id"]
        result = await client.call("session/result")
        assert (result["session_id"], result["raw"], result["audio_seconds"]) == (again, "second try", 1.0)
