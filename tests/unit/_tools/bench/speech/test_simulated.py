"""A dictation on a virtual clock (with the real model)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from parleqd._tools.bench.speech import program
from parleqd._tools.bench.speech.accuracy import words
from parleqd._tools.bench.speech.clips import Clip, ClipMaker
from parleqd._tools.bench.speech.recordings import demo_utterances
from parleqd._tools.bench.speech.simulated import PACES, Clock, SimulatedModel, dictate
from tests.parts import ROOT, need

PACE = PACES["tiny.en"]


@pytest.fixture(scope="module")
def clip() -> Clip:
    return ClipMaker(demo_utterances(), seed=1, release_s=0.05).make(10.0)


@pytest.fixture(scope="module")
def folder() -> Path:
    return need("embedded-model") / "model"


def test_it_is_the_same_each_time(folder: Path, clip: Clip) -> None:
    clock = Clock()
    model = SimulatedModel(folder, clock, PACE)
    heard, latency_s = dictate(clip, model, clock)
    assert abs(len(words(heard)) - len(words(clip.text))) <= 2
    assert (heard, latency_s) == dictate(clip, model, clock)


def test_what_is_waited_for_is_what_a_decode_takes(folder: Path, clip: Clip) -> None:
    clock = Clock()
    slow = PACE._replace(each=PACE.each + 1.0)
    latencies = [dictate(clip, SimulatedModel(folder, clock, pace), clock)[1] for pace in (PACE, slow)]
    assert PACE.each < latencies[0] < 1.0 < latencies[1]


@pytest.mark.parametrize("option", [["--plot", "a.svg"], ["--partials"]])
def test_what_needs_a_daemon_is_refused(
    option: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert program.main(["--simulated", "--lengths", "3", "--clips", "1", *option]) == program.EXIT_FAILED
    assert capsys.readouterr().err == "bench: --plot and --partials need a daemon: leave --simulated out\n"


@pytest.mark.parametrize(("options", "plots"), [("", True), ("--lengths 3 --simulated", False)])
def test_make_asks_for_a_plot_where_there_can_be_one(options: str, plots: bool) -> None:
    command = [str(need("make")), "-n", "bench-speech", "MODEL=", f"BENCH_ARGS={options}"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # `make test`'s own flags
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=True)
    assert ("--plot" in done.stdout) is plots
