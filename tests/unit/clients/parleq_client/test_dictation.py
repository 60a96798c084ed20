from __future__ import annotations

import base64

import anyio
import pytest
from anyio import from_thread
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


def phase(phase: str, **more: str) -> Object:
    return {"session_id": "s1", "phase": phase, "source": "microphone", "deliver": "return", **more}


@pytest.mark.asyncio
async def test_a_microphone_is_waited_for_until_it_hears_and_until_it_is_over() -> None:
    gate = anyio.Event()
    levels: list[float] = []
    phases: list[str] = []

    async def start(peer: Peer, params: Object) -> Object:
        tasks.start_soon(go_on, peer)
        return {"session_id": "s1"}

    async def go_on(peer: Peer) -> None:
        await peer.notify("session/state", phase("recording"))
        await peer.notify("session/level", {"session_id": "s1", "dbfs": -20.0})
        await peer.notify("session/level", {"session_id": "other", "dbfs": -1.0})
        await gate.wait()
        await peer.notify("session/state", phase("transcribing"))

    def dictate(path: str) -> None:
        with Connection.open(path) as connection:
            dictation = Dictation(connection, on_level=levels.append)
            dictation.start_microphone(mode="raw", on_disconnect="continue")
            dictation.until_heard()
            phases.append(dictation.phase)
            from_thread.run_sync(gate.set)
            dictation.while_recording()
            phases.append(dictation.phase)

    async with running_daemon({"session/start": start}) as daemon, anyio.create_task_group() as tasks:
        await run_sync(dictate, daemon.path)
    assert (phases, levels) == (["recording", "transcribing"], [-20.0])
    assert daemon.asked("session/start") == [
        {"source": "microphone", "deliver": "return", "mode": "raw", "on_disconnect": "continue"}
    ]


@pytest.mark.asyncio
async def test_a_microphone_that_heard_nothing_says_why() -> None:
    async def start(peer: Peer, params: Object) -> Object:
        await peer.notify("session/state", phase("ended", end="failed", reason="no_microphone"))
        return {"session_id": "s1"}

    def dictate(path: str) -> None:
        with Connection.open(path) as connection:
            dictation = Dictation(connection)
            dictation.start_microphone(deliver="insert")
            dictation.until_heard()

    refusal = Refusal("no_microphone", "no microphone", "plug one in")
    async with running_daemon({"session/start": start, "session/result": refusal}) as daemon:
        with pytest.raises(RefusedError, match="no microphone") as error:
            await run_sync(dictate, daemon.path)
    assert error.value.hint == "plug one in"


@pytest.mark.asyncio
async def test_the_microphone_session_is_taken_over() -> None:
    def dictate(path: str) -> Object:
        with Connection.open(path) as connection:
            dictation = Dictation(connection)
            assert dictation.take_over() == "s1"
            return dictation.result()

    async with running_daemon() as daemon:
        assert await run_sync(dictate, daemon.path) == RESULT
    assert daemon.asked("session/stop") == [{"deliver": "return"}]
