"""Budgets: from the key to the recording, and from the finished text to the window, on a private X server.

All parts are real: the key goes down by XTest, `parleq-hotkey` watches it, a private PulseAudio speaks, and a Tk
program tells when the text stands in its field. All moments are of the system's monotonic clock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import monotonic

from parleq_client import Connection
from parleqd._tools.bench.figures import Budget, Figure, percentile
from parleqd._tools.bench.first_frame import wait_until_prepared
from parleqd._tools.demo_recording import RECORDING
from parleqd._tools.private_audio import NoAudioError, PrivateAudio, private_audio
from parleqd._tools.private_daemon import PrivateDaemon, private_daemon
from parleqd._tools.private_x import NoDisplayError, PrivateX, private_x
from parleqd.protocol.names import Phase

KEY_BUDGET = Budget("key-down → recording announced, p95", 150, "ms")
TEXT_BUDGET = Budget("text ready → text in the window, p95", 50, "ms")
ROUNDS = 12
KEY = "F9"
_READY = ("keys are watched by", "texts are inserted by")
_PYTHON_WITH_TK = "/usr/bin/python3"
_FIELD = """
import time, tkinter
root = tkinter.Tk()
root.title("field")
field = tkinter.Text(root)
field.pack()
field.focus_force()
def changed(_):
    if field.edit_modified():
        print(time.monotonic(), flush=True)
        field.edit_modified(False)
field.bind("<<Modified>>", changed)
root.mainloop()
"""


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Dictations of one short sentence, each with its own key press; the very first counts like any other."""
    try:
        with private_audio() as audio, private_x() as desktop, private_daemon(environment=audio.env) as daemon:
            daemon.wait_for_answer()
            with daemon.connect() as observer, _field(desktop) as field, _hotkey(desktop, daemon):
                observer.initialize("parleqd-bench", instance=str(uuid.uuid4()), partials=False)
                wait_until_prepared(observer)
                observer.call("events/subscribe", {"topics": ["state"]})
                took = [_dictate(audio, desktop, observer, field) for _ in range(rounds)]
    except (NoAudioError, NoDisplayError, OSError) as problem:
        return [Figure(one.what, 0.0, one.unit, f"not measured: {problem}") for one in (KEY_BUDGET, TEXT_BUDGET)]
    keys, texts = zip(*took, strict=True)
    return [
        KEY_BUDGET.figure(percentile(keys, 0.95), f"{rounds} presses, median {median(keys):.0f} ms"),
        TEXT_BUDGET.figure(percentile(texts, 0.95), f"{rounds} texts, median {median(texts):.0f} ms, Tk on X11"),
    ]


def _dictate(
    audio: PrivateAudio, desktop: PrivateX, observer: Connection, field: subprocess.Popen[str]
) -> tuple[float, float]:
    """Milliseconds to the recording, and from the text to the window."""
    began = monotonic()
    desktop.run("xdotool", "keydown", KEY)
    recording = _moment(observer, "session/state", Phase.RECORDING)
    audio.play(RECORDING)
    desktop.run("xdotool", "keyup", KEY)
    ready = _moment(observer, "session/final")
    assert field.stdout is not None
    there = float(field.stdout.readline())
    _moment(observer, "session/state", Phase.ENDED)
    return (recording - began) * 1000, max(0.0, there - ready) * 1000


def _moment(observer: Connection, method: str, phase: Phase | None = None) -> float:
    while True:
        told, params = observer.next_notification()
        if told == method and phase in (None, params.get("phase")):
            return monotonic()


@contextmanager
def _field(desktop: PrivateX) -> Iterator[subprocess.Popen[str]]:
    """A Tk text field with the focus, which prints the moment of each change."""
    command = [_PYTHON_WITH_TK, "-c", _FIELD]
    with subprocess.Popen(command, env=dict(desktop.env), stdout=subprocess.PIPE, text=True) as program:
        try:
            desktop.until(lambda: bool(desktop.run("xdotool", "search", "--onlyvisible", "--name", "^field$")), "no Tk")
            desktop.focus(desktop.run("xdotool", "search", "--onlyvisible", "--name", "^field$").split()[-1])
            yield program
        finally:
            program.terminate()


@contextmanager
def _hotkey(desktop: PrivateX, daemon: PrivateDaemon) -> Iterator[None]:
    """The hotkey client, ready."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "parleq_hotkey", "--socket", str(daemon.socket_path), "--log-level", "info"]
        environment = {**desktop.env, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        with log.open("wb") as errors, subprocess.Popen(command, env=environment, stderr=errors) as program:
            try:
                desktop.until(lambda: all(said in log.read_text("utf-8") for said in _READY), "parleq-hotkey not ready")
                yield
            finally:
                program.terminate()
