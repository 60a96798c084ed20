"""The ten checks, as SECURITY.md has them: what a reviewer types, and what must come out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.parts import ROOT, need

PATIENCE_S = 100.0
_CHECK = re.compile(r"^### (\d+)\. (.+?)$.*?^```sh\n(.*?)^```\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRAMS = ("nc", "strace", "setpriv", "pgrep")
_NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
_NO_PRIVILEGES = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")


class Check(NamedTuple):
    """One of the page. ``title``: what it shows."""

    number: int
    title: str
    command: str
    expected: str

    def run(self, tree: Path, before: Sequence[str] = (), home: Path | None = None) -> str:
        """What it prints in this checkout, or copy of one, after the words ``before``."""
        for program in _PROGRAMS:
            if re.search(rf"\b{program} ", self.command):
                need(program)
        if "dictate" in self.command:
            need("embedded-model")
        done = subprocess.run(
            [*before, "bash", "-c", self.command],
            cwd=tree,
            env=environment(tree, home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return done.stdout


def environment(tree: Path, home: Path | None = None) -> Mapping[str, str]:
    """Of a shell in a checkout: its code goes before what .venv has installed, which a copy shares."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME", "TMPDIR")}
    private = {} if home is None else {"HOME": str(home), "TMPDIR": str(home)}
    return {**kept, **private, "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'clients'}"}


def checks() -> list[Check]:
    """All of the page's, in its order."""
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    return [Check(int(number), title, command, expected) for number, title, command, expected in _CHECK.findall(page)]


def as_ordinary_user() -> tuple[str, ...]:
    """Before a command of root's: it runs as nobody; or, where this Python is closed to nobody, without privileges."""
    need("setpriv")
    tried = subprocess.run([*_NOBODY, "sh", "-c", f"{sys.executable} --version"], capture_output=True, check=False)
    return _NOBODY if tried.returncode == 0 else _NO_PRIVILEGES
