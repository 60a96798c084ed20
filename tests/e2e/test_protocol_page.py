"""The clients that PROTOCOL.md shows, taken from the page as they stand there, dictate a file."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from parleqd._tools.demo_recording import RECORDING
from tests.e2e.programs import running_daemon
from tests.parts import ROOT, need

PAGE = (ROOT / "PROTOCOL.md").read_text(encoding="utf-8")
CLIENTS = {
    "bash": ("nc", "jq"),
    "python": (),
    "lua": ("neovim",),
    "javascript": ("node",),
}
"""The language of each block, and the parts that running it needs."""
RUN = {"bash": ["bash"], "python": ["python3"], "lua": ["-l"], "javascript": ["node"]}


def block(language: str) -> str:
    """The one block of that language on the page."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    return str(found)


def command(language: str) -> list[str]:
    parts = [str(need(name)) for name in CLIENTS[language]]
    return [*parts, "-l"] if language == "lua" else RUN[language]


@pytest.mark.parametrize("language", CLIENTS)
@pytest.mark.timeout(120)
def test_a_client_of_the_page_dictates_a_file(language: str, tmp_path: Path) -> None:
    need("embedded-model")
    script = tmp_path / f"dictate.{language}"
    script.write_text(block(language), encoding="utf-8")
    with running_daemon() as daemon:
        environment = {**os.environ, "PARLEQ_SOCKET": str(daemon.socket), "HOME": str(tmp_path)}
        done = subprocess.run(
            [*command(language), str(script), str(RECORDING)],
            capture_output=True, text=True, env=environment, timeout=90, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "garden party" in done.stdout
        with daemon.connect() as connection:
            assert connection.call("session/pending", {"all": True})["sessions"] == []


@pytest.mark.parametrize("language", CLIENTS)
@pytest.mark.timeout(120)
def test_a_client_of_the_page_tells_what_was_refused(language: str, tmp_path: Path) -> None:
    script = tmp_path / f"dictate.{language}"
    script.write_text(block(language), encoding="utf-8")
    with running_daemon() as daemon:
        environment = {**os.environ, "PARLEQ_SOCKET": str(daemon.socket), "HOME": str(tmp_path)}
        done = subprocess.run(
            [*command(language), str(script), str(tmp_path / "absent.flac")],
            capture_output=True, text=True, env=environment, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode != 0
    assert "absent.flac" in done.stderr
