"""`kill -9` of the daemon in the middle of a dictation: the next daemon has its text, once, and asks before it acts."""

from __future__ import annotations

import json
import random
import uuid
from base64 import b64encode
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from parleq_client.connection import Connection
from parleq_client.dictation import Dictation
from parleqd._tools.private_audio import PrivateAudio
from parleqd.protocol.names import SAMPLE_RATE
from tests.e2e.microphone import Notices, dictate, hearing, missing_words, wait_listening
from tests.e2e.programs import Daemon, eventually, pause, running_daemon
from tests.e2e.recordings import clips, part, samples, seconds, wav
from tests.parts import PROVING, need, scale

pytestmark = pytest.mark.alone

LONGEST_S = 900.0 if PROVING else 20.0
STREAMS, MICROPHONES = scale(1, 40), scale(1, 10)
LOST_S = 0.2
"""So much audio may be lost with the daemon."""
PLAYER_STARTS_S = 0.3
SPOKEN = "utt-LJ001-0014.flac"
CHUNKS = (320, 3200, 16_000, 64_000, 320_000)
"""Samples in one ``session/audio``, in turn: small ones as a live client's, large ones as a catching-up one's."""


def speech(length_s: float) -> bytes:
    """So much continuous speech with short pauses."""
    gap = bytes(2 * SAMPLE_RATE // 2)
    once = b"".join(samples(clip["file"]) + gap for clip in clips("utterance") if "LJ" in clip["file"])
    return (once * int(length_s / seconds(once) + 1))[: 2 * round(length_s * SAMPLE_RATE)]


class Crash(NamedTuple):
    """When the daemon is killed: at ``at_s`` of the audio, or (``stopped``) while it makes the text of all of it."""

    at_s: float
    stopped: bool
    worker_too: bool
    deliver: str
    cleaned: bool


def crashes(count: int) -> list[Crash]:
    """Random moments."""
    return [
        Crash(
            random.uniform(0.5, LONGEST_S - 5),
            stopped=number % 4 == 1,
            worker_too=bool(number % 2),
            deliver=("return", "insert")[number % 3 == 2],
            cleaned=number % 5 == 4,
        )
        for number in range(count)
    ]


@pytest.mark.timeout(7200)
def test_all_that_was_pushed_is_there_after_a_kill_at_any_moment() -> None:
    need("embedded-model")
    audio = speech(LONGEST_S)
    with running_daemon(f"[audio]\nmax_minutes = {LONGEST_S / 60 + 1}") as daemon:
        daemon.wait_ready()
        reference = streamed(daemon, audio)["segments"]
        for crash in crashes(STREAMS):
            kept_s = _killed_while_streaming(daemon, audio, crash)
            daemon.start_again()
            result = resumed(daemon)
            assert kept_s <= result["audio_seconds"] <= kept_s + seconds(bytes(2 * max(CHUNKS))) + 0.01, crash
            said = " ".join(segment["text"] for segment in reference if segment["end"] <= kept_s - LOST_S)
            assert missing_words(said, result["raw"]) == 0, (crash, said, result["raw"])


def streamed(daemon: Daemon, audio: bytes) -> dict[str, Any]:
    """What an undisturbed daemon makes of it."""
    with daemon.connect() as connection:
        connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
        dictation = Dictation(connection)
        dictation.start_stream(mode="raw")
        dictation.feed(audio)
        dictation.stop()
        result = dictation.result()
        dictation.acknowledge("sent")
    return result


def _killed_while_streaming(daemon: Daemon, audio: bytes, crash: Crash) -> float:
    """Push audio, then kill the daemon while more is on its way; how many seconds it had promised to keep."""
    promised = 0
    with daemon.connect() as connection:
        connection.initialize("test", instance=str(uuid.uuid4()), partials=random.random() < 0.5)
        mode = "instant" if crash.cleaned else "raw"
        start = {"source": "stream", "mode": mode, "deliver": crash.deliver, "on_disconnect": "continue"}
        session_id = connection.call("session/start", start)["session_id"]
        until = len(audio) if crash.stopped else 2 * round(crash.at_s * SAMPLE_RATE)
        while promised < until:
            chunk = audio[promised : min(until, promised + 2 * random.choice(CHUNKS))]
            connection.call("session/audio", _audio(session_id, chunk))
            promised += len(chunk)
        if crash.stopped:
            connection.call("session/stop", {"session_id": session_id})
        elif more := audio[promised : promised + 2 * random.choice(CHUNKS)]:
            request = {"jsonrpc": "2.0", "id": "more", "method": "session/audio", "params": _audio(session_id, more)}
            connection.detach().sendall(json.dumps(request).encode() + b"\n")  # its answer is not waited for
        daemon.crash(worker_too=crash.worker_too)
    return promised / 2 / SAMPLE_RATE


def _audio(session_id: str, pcm: bytes) -> dict[str, str]:
    return {"session_id": session_id, "pcm": b64encode(pcm).decode()}


def resumed(daemon: Daemon, *, announced: bool = True) -> dict[str, Any]:
    """The one dictation that the daemon found: announced once it is done, pending, taken once, never inserted."""
    asked: list[str] = []

    def insert(method: str, params: dict[str, Any]) -> dict[str, Any]:
        asked.append(method)
        return {"status": "verified"} if method == "text/insert" else {}

    with daemon.connect() as client, Notices(daemon) as notices:
        client.on_request = insert
        client.initialize("inserting", instance=str(uuid.uuid4()), insert=True)
        eventually(lambda: pending(client), "the text is pending", patience=300)
        (waiting,) = pending(client)
        assert waiting["state"] == "ready"
        assert not announced or notices.reasons() >= {"resumed"}
        assert daemon.status()["pending"] == 1
        session_id = {"session_id": waiting["session_id"]}
        client.call("session/claim", session_id)
        result = client.call("session/result", session_id)
        client.call("session/acknowledge", {**session_id, "receipt": {"status": "read", "detail": ""}})
        assert pending(client) == []
        assert not asked, "it was inserted unasked"
    return result


def pending(connection: Connection) -> list[dict[str, Any]]:
    """What waits, whosever it is."""
    sessions: list[dict[str, Any]] = connection.call("session/pending", {"all": True})["sessions"]
    return sessions


@pytest.mark.timeout(1800)
def test_all_that_was_said_is_there_after_a_kill_at_any_moment(tmp_path: Path) -> None:
    pcm = samples(SPOKEN)
    path = wav(tmp_path, "spoken", pcm)
    with hearing() as (audio, daemon):
        for number in range(MICROPHONES):
            moment = random.uniform(1.5, seconds(pcm))
            said = part(pcm, 0, moment - PLAYER_STARTS_S - LOST_S)
            expected = dictate(daemon, str(wav(tmp_path, "said", said)))
            _killed_while_listening(audio, daemon, path, moment, worker_too=bool(number % 2))
            daemon.start_again()
            result = resumed(daemon)
            assert result["audio_seconds"] >= seconds(said)
            assert missing_words(expected, result["raw"]) == 0, (moment, expected, result["raw"])


def _killed_while_listening(
    audio: PrivateAudio, daemon: Daemon, path: Path, moment: float, *, worker_too: bool
) -> None:
    assert daemon.ctl("start", "--mode", "raw").returncode == 0
    wait_listening(daemon)
    player = audio.start_playing(path)
    pause(moment)
    daemon.crash(worker_too=worker_too)
    player.kill()
    player.wait()


@pytest.mark.timeout(120)
def test_a_text_that_nobody_had_taken_is_there_after_a_kill_and_gone_once_it_is_taken() -> None:
    need("embedded-model")
    clip = next(clip for clip in clips("utterance") if clip["file"] == "utt-spk1_snt4.flac")
    with running_daemon() as daemon:
        daemon.wait_ready()
        with daemon.connect() as connection:
            connection.initialize("test", instance=str(uuid.uuid4()))
            start = {"source": "file", "path": clip["path"], "pace": "fast", "mode": "raw"}
            connection.call("session/start", start)
            eventually(lambda: pending(connection), "the text is there")
        daemon.crash()
        daemon.start_again()
        # It was done before: those who come find it among what is pending, and nobody need be told later.
        assert missing_words(clip["text"], resumed(daemon, announced=False)["raw"], cut=0) == 0
        daemon.crash()
        daemon.start_again()
        with daemon.connect() as connection:
            assert pending(connection) == []
