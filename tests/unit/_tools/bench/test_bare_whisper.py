from __future__ import annotations

import subprocess
import sys

import pytest

from parleqd._tools.demo import RECORDING
from tests.parts import need


@pytest.mark.timeout(60)  # it loads a model, on whatever machine this is
def test_a_clip_is_decoded_whole_and_timed() -> None:
    folder = need("embedded-model") / "model"
    answer = subprocess.run(
        [sys.executable, "-m", "parleqd._tools.bench.bare_whisper", str(folder)],
        input=f"{RECORDING}\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    ready, line = answer.stdout.splitlines()
    milliseconds, words = line.split()
    assert ready == "ready"
    assert float(milliseconds) > 0
    assert int(words) > 5
