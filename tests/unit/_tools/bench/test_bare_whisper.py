from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from parleqd._tools.bench.added_latency import decoded
from parleqd._tools.demo_recording import RECORDING
from tests.parts import need


@pytest.mark.timeout(60)  # it loads a model, on whatever machine this is
def test_a_clip_is_decoded_whole_and_timed(tmp_path: Path) -> None:
    folder = need("embedded-model") / "model"
    clip = decoded(RECORDING, tmp_path)
    answer = subprocess.run(
        [sys.executable, "-m", "parleqd._tools.bench.bare_whisper", str(folder)],
        input=f"{clip}\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    ready, line = answer.stdout.splitlines()
    milliseconds, words = line.split()
    assert ready == "ready"
    assert float(milliseconds) > 0
    assert int(words) > 5
