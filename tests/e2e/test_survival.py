"""A dictation survives whatever happens to the processes that work for it: its text arrives, once."""

from __future__ import annotations

import random
import signal
import uuid
from pathlib import Path

import psutil
import pytest

from parleq_client.connection import Connection
from parleq_client.dictation import Dictation
from parleq_client.errors import RefusedError
from tests.e2e.programs import Daemon, eventually, running_daemon
from tests.parts import need, scale, shared_data

WORKER = "parleqd.speech_worker"
DECODER = "parleqd.speech_worker.decode"

# Which process is hit, with what, and in which phase of the dictation; "partial" is in the middle of a recording
# with a decode going on, "loading" before the model is there.
BLOWS = [
    (WORKER, signal.SIGKILL, "loading"),
    (WORKER, signal.SIGKILL, "recording"),
    (WORKER, signal.SIGKILL, "partial"),
    (WORKER, signal.SIGKILL, "transcribing"),
    (DECODER, signal.SIGKILL, "recording"),
    (DECODER, signal.SIGKILL, "partial"),
    (WORKER, signal.SIGSTOP, "transcribing"),
    (WORKER, signal.SIGSTOP, "partial"),
]


class Assailant:
    """Hits one process once, when the dictation reaches a phase."""

    def __init__(self, daemon: Daemon, module: str, blow: signal.Signals, phase: str) -> None:
        self.struck = 0
        self._daemon = daemon
        self._module = module
        self._blow = blow
        self._phase = phase

    def on_phase(self, phase: str) -> None:
        """The session entered a phase."""
        if phase == self._phase:
            self._strike()

    def on_partial(self, *_: str) -> None:
        """There was a partial."""
        if self._phase == "partial":
            self._strike()

    def _strike(self) -> None:
        if self.struck:
            return
        eventually(lambda: self._daemon.children(self._module), f"{self._module} runs")
        for child in self._daemon.children(self._module):
            try:
                child.send_signal(self._blow)
            except psutil.NoSuchProcess:
                continue
            self.struck = child.pid


def dictate(connection: Connection, path: Path, pace: str, assailant: Assailant | None) -> str:
    """One dictation from start to acknowledgement; its raw text."""
    dictation = Dictation(
        connection,
        on_phase=None if assailant is None else assailant.on_phase,
        on_partial=None if assailant is None else assailant.on_partial,
    )
    session_id = dictation.start_file(str(path), pace=pace, mode="raw")
    result = dictation.result()
    assert dictation.result() == result, "the result is repeatable until it is acknowledged"
    dictation.acknowledge("sent")
    assert result["session_id"] == session_id
    return str(result["text"])


@pytest.mark.timeout(900)
def test_every_text_arrives_once_whatever_is_killed_or_stopped() -> None:
    need("embedded-model")
    clip = shared_data("speech") / "utt-LJ001-0001.flac"
    rounds = scale(len(BLOWS), 25)
    kills = [blow for blow in BLOWS if blow[1] == signal.SIGKILL]
    stops = [blow for blow in BLOWS if blow[1] == signal.SIGSTOP]
    plan = (
        BLOWS
        if rounds == len(BLOWS)
        else [kills[i % len(kills)] for i in range(20)] + [stops[i % len(stops)] for i in range(5)]
    )
    random.shuffle(plan)
    with running_daemon() as daemon, daemon.connect() as connection:
        connection.initialize("test", instance=str(uuid.uuid4()))
        daemon.wait_ready()
        expected = dictate(connection, clip, "fast", None)
        assert expected
        for number, (module, blow, phase) in enumerate(plan, 2):
            if phase == "loading":
                _kill_and_forget(daemon)
            else:
                daemon.wait_ready()
            assailant = Assailant(daemon, module, blow, "recording" if phase == "loading" else phase)
            text = dictate(connection, clip, "realtime", assailant)
            assert assailant.struck, (module, blow, phase)
            assert text == expected, (module, blow, phase)
            history = connection.call("history/list")["entries"]
            assert len(history) == number, "each dictation is there once"
        assert connection.call("session/pending", {"all": True})["sessions"] == []


def _kill_and_forget(daemon: Daemon) -> None:
    for child in daemon.children(WORKER):
        child.kill()
    eventually(lambda: daemon.status()["model"]["state"] == "loading", "the worker starts again")


@pytest.mark.timeout(300)
def test_three_deaths_on_the_same_audio_are_a_clear_failure_and_the_audio_is_kept() -> None:
    need("embedded-model")
    clip = shared_data("speech") / "utt-LJ001-0001.flac"
    with running_daemon() as daemon, daemon.connect() as connection:
        connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
        daemon.wait_ready()
        connection.call("session/start", {"source": "file", "path": str(clip), "pace": "fast", "mode": "raw"})
        killed: set[int] = set()

        def killing() -> bool:
            status = daemon.status()
            if status["sessions"] and status["model"]["state"] == "ready":
                for child in daemon.children(WORKER):
                    child.kill()
                    killed.add(child.pid)
            return not status["sessions"]

        eventually(killing, "the session was given up")
        assert len(killed) >= 3
        with pytest.raises(RefusedError) as failed:
            connection.call("session/result")
        assert failed.value.reason == "worker_failed"
        recovered = connection.call("session/recover")["session_id"]
        assert connection.call("session/result", {"session_id": recovered}, timeout=None)["text"]
