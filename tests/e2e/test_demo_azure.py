"""`make demo-azure` as a process: a real daemon, a real recording, a real model at an Azure-shaped URL."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.parts import need

COMMAND = [sys.executable, "-m", "parleqd._tools.demo_azure"]
# It hears ten seconds of speech at its pace, and a model reads its instructions on whatever processor this is.
pytestmark = pytest.mark.timeout(120)


def test_a_spoken_recording_becomes_polished_text() -> None:
    need("embedded-model")
    need("local-model")
    demo = subprocess.run(COMMAND, capture_output=True, text=True, check=False)
    shown = demo.stdout
    assert demo.returncode == 0, shown + demo.stderr
    assert demo.stderr == ""
    assert len(re.findall(r"^  … \w", shown, re.MULTILINE)) >= 2, "partial texts, one on each line"
    assert re.search(r"http://127\.0\.0\.1:\d+/openai/v1/chat/completions$", shown, re.MULTILINE)
    for name in ("raw", "text", "times", "model"):
        assert re.search(rf"^  {name} +\S", shown, re.MULTILINE), f"no {name} in:\n{shown}"
    assert re.search(r"^  mode +polished asked, polished used$", shown, re.MULTILINE), shown
    assert re.search(r"^  target +local: SmolLM2", shown, re.MULTILINE), shown
    assert re.search(r"^  tokens +[1-9]\d+ in, \d+ of them cached, [1-9]\d* out$", shown, re.MULTILINE), shown
    assert "first token" in shown


def test_an_interrupted_demo_leaves_neither_daemon_nor_model_running() -> None:
    need("embedded-model")
    need("local-model")
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if line.startswith("Listening"):
                break
        left = psutil.Process(demo.pid).children(recursive=True)
        assert len(left) >= 2, "a daemon and a model are running"
        demo.send_signal(signal.SIGINT)
        assert "stopped" in demo.stdout.read()
    assert demo.returncode == 130
    _, alive = psutil.wait_procs(left, timeout=10)
    assert alive == []


def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    need("local-model")
    weights = tmp_path / "notes.txt"
    weights.write_text("no weights", encoding="utf-8")
    demo = subprocess.run([*COMMAND, weights], capture_output=True, text=True, check=False)
    assert demo.returncode == 1
    assert f"demo: llama.cpp cannot use {weights}" in demo.stdout
    assert demo.stderr == ""
