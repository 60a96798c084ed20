"""A run of ``parleqctl`` inside the test: in-memory streams in, exit code and output out."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from anyio.to_thread import run_sync

from parleqctl.console import Console
from parleqctl.main import run
from tests.parts import ROOT


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> list[Any]:
        """The objects on stdout. Raises ValueError when there is anything else."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def reason(self) -> str:
        """The reason of the one error that ``--json`` printed."""
        (printed,) = self.json
        assert set(printed) >= {"error"}
        assert set(printed["error"]) == {"reason", "message", "hint"}
        return str(printed["error"]["reason"])


class MemoryStream(io.TextIOWrapper):
    """A text stream over memory that can pass for a terminal."""

    def __init__(self, data: bytes = b"", *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", errors="backslashreplace", newline="")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    @property
    def written(self) -> str:
        self.flush()
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode()


NO_DESKTOP = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
"""For `doctor`, which would look at those of tests that run beside this one."""


class Listening(Protocol):
    """A daemon, scripted or real."""

    @property
    def path(self) -> str | Path:
        """Its socket."""


def parleqctl(
    *argv: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None, terminal: bool = False
) -> Outcome:
    """Runs a command to its end. ``terminal``: stderr passes for one."""
    out, err = MemoryStream(), MemoryStream(terminal=terminal)
    console = Console(MemoryStream(stdin), out, err, {**NO_DESKTOP, **(environment or {})})
    code = run(list(argv), console)
    return Outcome(code, out.written, err.written)


async def parleqctl_at(
    daemon: Listening,
    *argv: str,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    terminal: bool = False,
) -> Outcome:
    """The same against a daemon, beside the event loop that the daemon runs in."""
    there = {"PARLEQ_SOCKET": str(daemon.path), **(environment or {})}
    return await run_sync(partial(parleqctl, *argv, stdin=stdin, environment=there, terminal=terminal))


def parleqd_that(source: str, folder: Path) -> dict[str, str]:
    """The variables under which ``python -m parleqd`` is this program, which is put into ``folder``."""
    return _program_that("parleqd", source, folder)


def parleq_hotkey_that(source: str, folder: Path) -> dict[str, str]:
    """The same for ``python -m parleq_hotkey``; in one folder both can stand in."""
    return _program_that("parleq_hotkey", source, folder)


def _program_that(module: str, source: str, folder: Path) -> dict[str, str]:
    package = folder / "stand_in" / module
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(source)
    return {"PYTHONPATH": str(package.parent)}


def parleqctl_process() -> tuple[list[str], dict[str, str]]:
    """The command and the variables that run the real program from this checkout."""
    return [sys.executable, "-m", "parleqctl"], {"PYTHONPATH": f"{ROOT}:{ROOT / 'clients'}"}
