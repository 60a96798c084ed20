"""A day of speaking: thousands of dictations of every kind leave nothing behind in the daemon."""

from __future__ import annotations

import os
import sys
import wave
from base64 import b64encode
from typing import NamedTuple

import psutil
import pytest

from parleq_client.dictation import Dictation
from parleqd.app.lifecycle import REST_S
from parleqd.protocol.names import SAMPLE_RATE
from tests.e2e.fault_desk import Desk, fault_desk
from tests.e2e.programs import eventually, pause
from tests.fakes.coded_speech import WORDS, mark, spoken
from tests.parts import scale

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(sys.platform != "linux", reason="limits and small file systems as Linux has them"),
]

EARLY, LATE = scale(20, 1000), scale(120, 5000)
"""After so many sessions it is looked at."""
GROWTH = 3_000_000
"""Bytes, in between. What is bounded (the history, the last thousand measurements) may still fill up."""
SETTLED_S = 30.0


class Held(NamedTuple):
    """What a daemon holds while nothing is under way."""

    descriptors: int
    threads: int
    tasks: int
    sessions: int
    children: int
    entries: int
    """Of the journal: the last audio, which may be redone."""


def held(desk: Desk) -> Held:
    """Now."""
    process, inside = psutil.Process(desk.daemon.pid), desk.daemon.tell("held")
    entries = [name for name in os.listdir(desk.journal) if name != "lock"]
    children = len(process.children(recursive=True))
    return Held(process.num_fds(), process.num_threads(), inside["tasks"], inside["sessions"], children, len(entries))


def memory(desk: Desk) -> int:
    """Its own and its share of what is shared, bytes."""
    return int(psutil.Process(desk.daemon.pid).memory_full_info().pss)


def stream(desk: Desk, words: list[str], mode: str = "instant") -> None:
    """Pushed, fetched and acknowledged."""
    with desk.connect() as connection:
        dictation = Dictation(connection)
        dictation.start_stream(mode=mode)
        for at in range(0, len(words), 2):
            dictation.feed(spoken(words[at : at + 2]))
        dictation.stop()
        assert dictation.result()["raw"].split() == words
        dictation.acknowledge("read")


def polished(desk: Desk, words: list[str]) -> None:
    """The same, by a model."""
    stream(desk, words, "polished")


def file(desk: Desk, words: list[str]) -> None:
    """Decoded by a process of its own."""
    path = desk.home / "soak.wav"
    with wave.open(str(path), "wb") as audio:
        audio.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        audio.writeframes(spoken(words))
    with desk.connect() as connection:
        dictation = Dictation(connection)
        dictation.start_file(str(path), pace="fast")
        assert dictation.result()["raw"].split() == words
        dictation.acknowledge("read")


def cancelled(desk: Desk, words: list[str]) -> None:
    """In the midst."""
    with desk.connect() as connection:
        dictation = Dictation(connection)
        dictation.start_stream()
        dictation.feed(spoken(words))
        dictation.cancel()


def forsaken(desk: Desk, words: list[str]) -> None:
    """Its client leaves; another takes the text."""
    with desk.connect() as connection:
        dictation = Dictation(connection)
        session_id = {"session_id": dictation.start_stream()}
        dictation.feed(spoken(words))
    with desk.connect() as connection:
        eventually(lambda: connection.call("session/pending", {"all": True})["sessions"], "it waits")
        connection.call("session/claim", session_id)
        assert connection.call("session/result", session_id)["raw"].split() == words
        connection.call("session/acknowledge", {**session_id, "receipt": {"status": "read", "detail": ""}})


def inserted(desk: Desk, words: list[str]) -> None:
    """By the key."""
    before = desk.document.stat().st_size
    desk.hotkey.tell("press")
    assert desk.daemon.tell("say", b64encode(spoken(words)).decode())
    desk.hotkey.tell("release")
    eventually(lambda: desk.document.stat().st_size > before, "it is inserted")


OFTEN = [stream, stream, polished, stream, cancelled, stream, forsaken, stream]
KINDS = [*OFTEN, inserted, *OFTEN, inserted, stream, file]


def dictate(desk: Desk, numbers: range) -> None:
    """Every kind in turn, until all is quiet again."""
    for number in numbers:
        KINDS[number % len(KINDS)](desk, [*mark(number), *WORDS[: number % 12]])
    eventually(desk.idle, "all is quiet")
    pause(2 * REST_S)  # it gives memory back when it has rested


def grew(early: Held, late: Held) -> bool:
    """Is more of anything held? Threads, and connections to a model, end when they have been idle for a while."""
    return any(now > then for then, now in zip(early, late, strict=True))


@pytest.mark.timeout(scale(180, 3600))
def test_thousands_of_sessions_leave_nothing_behind() -> None:
    with fault_desk(takes_s=0.0) as desk:
        dictate(desk, range(EARLY))
        early, before = held(desk), memory(desk)
        dictate(desk, range(EARLY, LATE))
        eventually(lambda: not grew(early, held(desk)), f"it held {early}, and now {held(desk)}", SETTLED_S)
        eventually(lambda: memory(desk) - before <= GROWTH, f"{before} bytes became {memory(desk)}", SETTLED_S)
        print(f"{held(desk)}; memory {before / 1e6:.1f}, then {memory(desk) / 1e6:.1f} MB")
        assert early.entries == 1
        assert early.sessions == 0
