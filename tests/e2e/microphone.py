"""A daemon that hears a private sound server's microphone, and one dictation with it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from parleq_client.connection import Connection
from parleq_client.dictation import Dictation
from parleq_client.errors import RefusedError
from parleqd._tools.private_audio import PrivateAudio, private_audio
from tests.e2e.programs import Daemon, eventually, running_daemon
from tests.e2e.recordings import errors_at_the_beginning, words
from tests.parts import need

UNDER_WAY_S = 0.25
"""What is played may still be on its way to the daemon: a frame in the server, one in PortAudio, one in the ring."""


@contextmanager
def hearing(settings: str = "") -> Iterator[tuple[PrivateAudio, Daemon]]:
    """A sound server and a daemon that hears it, whose model is loaded."""
    need("pulseaudio")
    need("pactl")
    need("portaudio")
    need("embedded-model")
    with private_audio() as audio, running_daemon(settings, environment=dict(audio.env)) as daemon:
        daemon.wait_ready()
        yield audio, daemon


class MicrophoneDictation:
    """One dictation from start to acknowledgement, by a client of its own."""

    def __init__(self, connection: Connection) -> None:
        connection.initialize("test", instance=str(uuid.uuid4()))
        self._dictation = Dictation(connection)

    def start(self) -> str:
        """Start; its id. Returns as soon as the daemon has accepted it."""
        return self._dictation.start("microphone", mode="raw")

    def stop(self) -> None:
        """Stop, if it has not ended by itself."""
        try:
            self._dictation.stop()
        except RefusedError as refused:
            if refused.reason not in ("wrong_phase", "unknown_session"):
                raise

    def result(self) -> dict[str, Any]:
        """Wait for the result, and take it."""
        result = self._dictation.result()
        self._dictation.acknowledge("sent")
        return result


@contextmanager
def dictation(daemon: Daemon) -> Iterator[MicrophoneDictation]:
    """A dictation that is not started yet."""
    with daemon.connect() as connection:
        yield MicrophoneDictation(connection)


def wait_listening(daemon: Daemon) -> None:
    """Until the microphone gives frames."""
    eventually(lambda: daemon.status()["microphone"]["state"] == "listening", "the microphone is heard")


def dictate(daemon: Daemon, path: str) -> str:
    """What the same pipeline makes of a file: what the microphone is held against."""
    with daemon.connect() as connection:
        connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
        reference = Dictation(connection)
        reference.start_file(path, pace="fast", mode="raw")
        text = str(reference.result()["raw"])
        reference.acknowledge("sent")
        return text


def missing_words(said: str, heard: str, *, cut: int = 2) -> int:
    """How many words of what was said the beginning of what was heard lacks, beyond what spelling explains.

    The last ``cut`` words are left out: where a recording is cut in the middle of a word, the model guesses. Of the
    others one in eight may be another one: "wood cutters" are two errors for one woodcutter.
    """
    known = words(said)[: -cut or None]
    return max(0, errors_at_the_beginning(" ".join(known), heard) - max(1, len(known) // 8)) if known else 0


class Notices:
    """Everything that the daemon tells all the world, gathered by a client of its own."""

    def __init__(self, daemon: Daemon) -> None:
        self._connection = daemon.connect()
        self._told: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        self._connection.initialize("observer", instance=str(uuid.uuid4()), partials=False)
        self._connection.on_notification = self._note
        self._connection.call("events/subscribe", {"topics": ["notice"]})
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def reasons(self) -> set[str]:
        """The reasons of what was told so far."""
        self._connection.call("status/get")  # its answer comes behind everything that was told before
        return {str(notice["reason"]) for notice in self._told}

    def forget(self) -> None:
        """Begin anew."""
        self.reasons()
        self._told.clear()

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "daemon/notice":
            self._told.append(params)
