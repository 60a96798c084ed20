"""An hour of speech: the daemon's memory and its journal stay as they are, and no sentence is missing."""

from __future__ import annotations

import os
import sys
import uuid
import wave
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from parleq_client.dictation import Dictation
from parleqd.adapters.journal.place import folder_name
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.protocol.place import memory_folders
from tests.e2e.programs import Daemon, eventually, pause, running_daemon
from tests.e2e.recordings import clips, samples, words
from tests.parts import PROVING, need

pytestmark = pytest.mark.alone

MINUTES = 60 if PROVING else 2
REST_S = 0.7
SHIFT = 60
"""Words by which a round may have moved in the text."""
SETTINGS = "[audio]\nmax_minutes = 70\n"
LEAST_MEMORY = 60_000_000
"""A daemon that takes no more than this after a dictation is within its budget, however it got there."""
GROWTH = 8_000_000
"""From the first fifth on. An hour's audio is 115 MB: whoever leaks a fourteenth of it is found."""
FILE_JOURNAL_S, LIVE_JOURNAL_S = 600.0, 1800.0
"""Audio that the journal may hold. Of a file: what waits for the recogniser, and what `recover` may want. Of a
recording: the 20 minutes that `recover` may want, and what waits when they are over, here up to three blocks of the
recogniser and a round that comes at once."""


def sentences() -> list[dict[str, Any]]:
    """One round: the sentences that are spoken again and again."""
    return [clip for clip in clips("utterance") if "LJ" in clip["file"]]


def one_round() -> bytes:
    """Their audio, with pauses."""
    return b"".join(samples(clip["file"]) + bytes(2 * round(REST_S * SAMPLE_RATE)) for clip in sentences())


def rounds() -> int:
    """How many of them the hour has."""
    return max(1, round(MINUTES * 60 * SAMPLE_RATE * 2 / len(one_round())))


class Watch:
    """Looks at the daemon's memory and journal while a task runs."""

    def __init__(self, daemon: Daemon) -> None:
        self.memory: list[int] = []
        self.journal: list[int] = []
        self._process = psutil.Process(daemon.process.pid)
        self._daemon = daemon

    def during(self, task: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Run it; what it gave."""
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(task)
            while not running.done():
                self.memory.append(self._process.memory_info().rss)
                self.journal.append(journal_bytes(self._daemon))
                pause(0.1)
            return running.result()

    def judge(self, journal_s: float) -> None:
        """Flat memory, bounded journal."""
        early, peak = max(self.memory[: len(self.memory) // 5 + 1]), max(self.memory)
        print(f"memory {early / 1e6:.1f}, then at most {peak / 1e6:.1f} MB; journal {max(self.journal) / 1e6:.1f} MB")
        assert peak <= max(LEAST_MEMORY, early + GROWTH)
        assert 0 < max(self.journal) <= journal_s * SAMPLE_RATE * 2


def journal_bytes(daemon: Daemon) -> int:
    """What the journal's folder takes."""
    total = 0
    for parent in memory_folders(daemon.environment, os.getuid(), sys.platform):
        for file in (Path(parent) / folder_name(str(daemon.socket))).rglob("*"):
            try:
                total += file.stat().st_blocks * 512
            except FileNotFoundError:
                continue  # it has just been let go
    return total


def own_words() -> list[set[str]]:
    """Of each sentence the words that no other one has."""
    spoken = [set(words(clip["text"])) for clip in sentences()]
    return [said - set().union(*(spoken[:at] + spoken[at + 1 :])) for at, said in enumerate(spoken)]


def complete(raw: str) -> None:
    """Every sentence of every round is there, in its place.

    Of its own words a third must be heard: names and numbers are written in many ways.
    """
    heard, length = words(raw), sum(len(words(clip["text"])) for clip in sentences())
    assert len(heard) == pytest.approx(rounds() * length, rel=0.03)
    lost = []
    for number in range(rounds()):
        at = round(number * len(heard) / rounds())
        window = set(heard[max(0, at - SHIFT) : at + length + SHIFT])
        lost += [(number, own) for own in own_words() if len(own & window) < len(own) / 3]
    assert not lost, lost


@pytest.mark.timeout(3600)
def test_a_file(tmp_path: Path) -> None:
    need("embedded-model")
    path = tmp_path / "hour.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        for _ in range(rounds()):
            file.writeframes(one_round())
    with running_daemon(SETTINGS) as daemon:
        daemon.wait_ready()
        watch = Watch(daemon)

        def dictate() -> dict[str, Any]:
            with daemon.connect() as connection:
                connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
                dictation = Dictation(connection)
                dictation.start_file(str(path), pace="fast", mode="raw")
                return dictation.result()

        complete(watch.during(dictate)["raw"])
        watch.judge(FILE_JOURNAL_S)


@pytest.mark.timeout(3600)
def test_a_recording() -> None:
    """As fast as the journal takes it: to the daemon a stream is a microphone that a client holds."""
    need("embedded-model")
    with running_daemon(SETTINGS) as daemon:
        daemon.wait_ready()
        watch = Watch(daemon)

        def dictate() -> dict[str, Any]:
            with daemon.connect() as connection:
                connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
                dictation = Dictation(connection)
                dictation.start_stream(mode="raw")
                for _ in range(rounds()):
                    dictation.feed(one_round())
                    behind(daemon)
                dictation.stop()
                return dictation.result()

        complete(watch.during(dictate)["raw"])
        watch.judge(LIVE_JOURNAL_S)


def behind(daemon: Daemon) -> None:
    """A real microphone never runs ahead of the recogniser by more than it says in a while."""
    (worker,) = daemon.children("parleqd.speech_worker")
    eventually(lambda: worker.cpu_percent(0.2) < 50, "the recogniser has caught up")
