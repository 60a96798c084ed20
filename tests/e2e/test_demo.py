"""`make demo` as a process: a real daemon, a real model, a real recording."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import psutil
import pytest

from tests.parts import need

COMMAND = [sys.executable, "-m", "parleqd._tools.demo"]
# It hears some ten seconds of speech at its pace and loads a model, on whatever machine this is.
pytestmark = pytest.mark.timeout(90)


def test_the_demo_shows_partial_raw_and_clean_text_with_the_time_of_each_stage() -> None:
    need("embedded-model")
    environment = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    demo = subprocess.run(COMMAND, capture_output=True, text=True, check=False, env=environment)
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert demo.stderr == ""
    assert len(re.findall(r"^  … \w", demo.stdout, re.MULTILINE)) >= 2, "partial texts, one on each line"
    for name in ("raw", "text", "edits", "model"):
        assert re.search(rf"^  {name} +\S", demo.stdout, re.MULTILINE), f"no {name} in:\n{demo.stdout}"
    assert len(re.findall(r"\d+(?:\.\d+)? m?s", demo.stdout)) >= 4, "the time of each stage"
    assert "\x1b" not in demo.stdout, "no colours where there is no terminal"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_leaves_nothing_running(number: signal.Signals) -> None:
    need("embedded-model")
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if line.startswith("Listening"):
                break
        left = psutil.Process(demo.pid).children(recursive=True)
        assert left, "a daemon is running"
        demo.send_signal(number)
        assert "stopped" in demo.stdout.read()
    assert demo.returncode == 130
    _, alive = psutil.wait_procs(left, timeout=10)
    assert alive == []
