from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from parleqd._tools import local_model_server
from parleqd._tools.local_model import PEER, packaged_weights
from tests.parts import need

pytestmark = pytest.mark.timeout(60)  # a model is loaded, on whatever machine this is


def test_it_says_where_it_answers_and_ends_with_its_standard_input() -> None:
    need("local-model")
    command: list[str | Path] = [
        PEER / "bin" / "python",
        local_model_server.__file__,
        packaged_weights(PEER),
        "a-name",
        "1",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert re.fullmatch(rb"ready http://127\.0\.0\.1:\d+\n", server.stdout.readline())
        server.stdin.close()
        assert server.wait(timeout=20) == 0
