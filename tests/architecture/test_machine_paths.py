"""The project reads the same everywhere: no file that git keeps names this machine or a package index."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture import tree
from tests.parts import ROOT

# Written so that this file does not match itself. Invented homes ("/home/u") are fine as examples.
FORBIDDEN = {
    "this home directory": re.compile(re.escape(f"{Path.home()}/")),
    "this checkout": re.compile(re.escape(f"{ROOT}/")),
    "a package index": re.compile(r"(?:pypi|pythonhosted|npmjs|debian)\.(?:org|net|com)\b|index[-]url"),
    "a download address": re.compile(r'"resolved": ["]http|/packages/[0-9a-f]{2}/[0-9a-f]{2}[/]'),
}
BINARY = {".flac", ".wav", ".png"}


def tracked() -> list[Path]:
    """Every file that git keeps or would keep."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("no git checkout, so nothing says which files are the project's")
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def test_no_file_names_a_machine() -> None:
    tree.expect_none(
        f"{path.relative_to(ROOT)}:{number} names {what}: {line.strip()[:80]}"
        for path in tracked()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    )
