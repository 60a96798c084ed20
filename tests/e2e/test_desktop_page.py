"""What docs/desktop.md shows works: its commands are ones, its snippets give what the status bars want."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys

import pytest

from parleqctl.parser import parse
from tests.e2e.programs import Daemon, running_daemon
from tests.parts import ROOT, need

PAGE = (ROOT / "docs" / "desktop.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\w*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = sorted(set(re.findall(r"parleqctl [a-z][^\n`\"';#)]*", PAGE)))


def test_there_is_something_to_try() -> None:
    assert len(BLOCKS) >= 6
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_is_one(command: str) -> None:
    words = [word for word in shlex.split(command)[1:] if word != "…"]
    parse(words)


@pytest.mark.timeout(60)
def test_the_snippets_for_status_bars_give_what_these_read() -> None:
    need("embedded-model")
    waybar = json.loads(f"{{{next(block for block in BLOCKS if 'custom/parleq' in block)}}}")["custom/parleq"]
    blocks = next(block for block in BLOCKS if "[parleq]" in block)
    tmux = next(block for block in BLOCKS if "status-right" in block)
    with running_daemon() as daemon:
        assert waybar["return-type"] == "json"
        shown = json.loads(_first_line(daemon, waybar["exec"]))
        assert set(shown) == {"text", "alt", "class", "tooltip"}
        i3blocks = re.search(r"parleqctl [^;]*", blocks)
        assert i3blocks is not None
        assert "full_text" in json.loads(_first_line(daemon, i3blocks[0]))
        line = re.search(r"#\((parleqctl [^)]*)\)", tmux)
        assert line is not None
        assert "{" not in _first_line(daemon, line[1])


def _first_line(daemon: Daemon, command: str) -> str:
    """What a bar's program prints first."""
    program = [sys.executable, "-m", "parleqctl", *shlex.split(command)[1:], "--socket", str(daemon.socket)]
    with subprocess.Popen(program, env=daemon.environment, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        line = watching.stdout.readline()
        watching.terminate()
    return line
