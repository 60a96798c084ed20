"""The examples of docs/client.md, as they stand there, against a real daemon."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from parleqd._tools.demo_recording import RECORDING
from tests.e2e.programs import running_daemon
from tests.parts import ROOT, need

EXAMPLES: list[str] = re.findall(
    r"^```python\n(.*?)^```$",
    (ROOT / "docs" / "client.md").read_text(encoding="utf-8"),
    flags=re.MULTILINE | re.DOTALL,
)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("example", "says"), [(0, "garden party"), (1, "garden party"), (2, "tiny.en")], ids=["blocking", "async", "typed"]
)
def test_an_example_does_what_it_says(example: int, says: str, tmp_path: Path) -> None:
    need("embedded-model")
    script = tmp_path / "example.py"
    script.write_text(EXAMPLES[example], encoding="utf-8")
    with running_daemon() as daemon:
        environment = {**daemon.environment, "PARLEQ_SOCKET": str(daemon.socket), "PATH": os.environ["PATH"]}
        done = subprocess.run(
            [sys.executable, str(script), str(RECORDING)],
            capture_output=True, text=True, env=environment, timeout=90, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert says in done.stdout
        with daemon.connect() as connection:
            assert connection.call("session/pending", {"all": True})["sessions"] == []


def test_every_example_is_run() -> None:
    assert len(EXAMPLES) == 3
