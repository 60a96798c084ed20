from __future__ import annotations

import base64

import pytest
from anyio.to_thread import run_sync

from parleq_client import Connection, Dictation, RefusedError
from tests.fakes.daemon import RESULT, Object, Peer, Refusal, running_daemon


@pytest.mark.asyncio
async def test_a_file_is_dictated_from_start_to_receipt() -> None:
    async def start(peer: Peer, params: Object) -> Object:
        await peer.notify("session/state", {"session_id": "s1", "phase": "recording"})  # before its name is known
        return {"session_id": "s1"}

    async def result(peer: Peer, params: Object) -> Object:
        await peer.notify("session/state", {"session_id": "s1", "phase": "transcribing"})
        await peer.notify("session/partial", {"session_id": "s1", "revision": 1, "stable": "a", "provisional": "b"})
        await peer.notify("session/partial", {"session_id": "other", "revision": 1, "stable": "x", "provisional": ""})
        await peer.notify("session/final", {"session_id": "s1", "verdict": "speech"})
        return RESULT

    phases: list[str] = []
    partials: list[tuple[str, str]] = []

    def dictate(path: str) -> Object:
        with Connection.open(path) as connection:
            dictation = Dictation(connection, on_partial=lambda *texts: partials.append(texts), on_phase=phases.append)
            assert dictation.start_file("/a.flac", pace="fast") == "s1"
            result = dictation.result()
            dictation.acknowledge("sent", "stdout")
            return result

    async with running_daemon({"session/start": start, "session/result": result}) as daemon:
        assert await run_sync(dictate, daemon.path) == RESULT
    assert daemon.received == [
        ("session/start", {"source": "file", "deliver": "return", "path": "/a.flac", "pace": "fast"}),
        ("session/result", {"session_id": "s1"}),
        ("session/acknowledge", {"session_id": "s1", "receipt": {"status": "sent", "detail": "stdout"}}),
    ]
    assert phases == ["recording", "transcribing"]
    assert partials == [("a", "b")]


@pytest.mark.asyncio
async def test_a_stream_is_fed_in_pieces_that_fit_a_message() -> None:
    audio = bytes(range(256)) * 8192  # 2 MiB

    def dictate(path: str) -> None:
        with Connection.open(path) as connection:
            dictation = Dictation(connection)
            dictation.start_stream(mode="raw", on_disconnect="continue")
            dictation.feed(audio)
            dictation.feed(b"")
            dictation.stop()
            dictation.cancel()

    async with running_daemon() as daemon:
        await run_sync(dictate, daemon.path)
    assert daemon.asked("session/start") == [
        {"source": "stream", "deliver": "return", "mode": "raw", "on_disconnect": "continue"}
    ]
    pieces = [base64.b64decode(params["pcm"]) for params in daemon.asked("session/audio")]
    assert len(pieces) == 2
    assert b"".join(pieces) == audio
    assert daemon.asked("session/stop") == daemon.asked("session/cancel") == [{"session_id": "s1"}]


@pytest.mark.asyncio
async def test_the_last_capture_is_recovered() -> None:
    def recover(path: str) -> Object:
        with Connection.open(path) as connection:
            dictation = Dictation(connection)
            dictation.recover()
            return dictation.result()

    async with running_daemon() as daemon:
        assert await run_sync(recover, daemon.path) == RESULT
    assert daemon.asked("session/recover") == [{}]


@pytest.mark.asyncio
async def test_half_a_sample_and_a_session_that_never_began_are_the_caller_s_mistakes() -> None:
    def misuse(path: str) -> None:
        with Connection.open(path) as connection:
            dictation = Dictation(connection)
            with pytest.raises(ValueError, match="not started"):
                dictation.stop()
            with pytest.raises(RefusedError):
                dictation.start_stream()
            with pytest.raises(ValueError, match="whole number"):
                dictation.feed(b"abc")

    async with running_daemon({"session/start": Refusal("queue_full")}) as daemon:
        await run_sync(misuse, daemon.path)
    assert daemon.asked("session/audio") == []
