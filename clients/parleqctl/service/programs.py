"""Programs: where this installation's own are, and how others are run."""

from __future__ import annotations

import os
import shutil
import sys

from parleq_client import LocalError
from parleqctl.display import one_line
from parleqctl.service.units import Programs
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import CompletedProcess

_SECONDS = 90.0
"""More than a service may take to stop and to start."""


def installed(environment: Mapping[str, str], python: str = sys.executable) -> Programs:
    """The programs beside the interpreter (pipx, uv, a venv, a package), else those on PATH.

    Raises LocalError when one is nowhere.
    """
    return Programs(*(_find(name, environment, python) for name in ("parleqd", "parleq-hotkey")))


def run(command: list[str], environment: Mapping[str, str]) -> CompletedProcess[str]:
    """Run it, in plain English. Raises LocalError when it cannot be started, or hangs."""
    from subprocess import SubprocessError
    from subprocess import run as run_process

    plain = {**environment, "LC_ALL": "C", "SYSTEMD_COLORS": "0", "SYSTEMD_PAGER": ""}
    try:
        return run_process(command, capture_output=True, text=True, env=plain, timeout=_SECONDS, check=False)
    except (OSError, SubprocessError) as error:
        raise LocalError(Reason.SERVICE_FAILED, f"`{' '.join(command)}` failed: {error}") from error


def failure(command: list[str], done: CompletedProcess[str]) -> LocalError:
    """A command that ended with a failure, with the last line that it said."""
    said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return LocalError(Reason.SERVICE_FAILED, f"`{' '.join(command)}` failed: {one_line(said[-1])}")


def _find(name: str, environment: Mapping[str, str], python: str) -> str:
    beside = os.path.join(os.path.dirname(python), name)
    if os.access(beside, os.X_OK):
        return beside
    found = shutil.which(name, path=environment.get("PATH", os.defpath))
    if found is None:
        hint = "install parleqd as a whole: `pipx install parleqd`, or `uv tool install parleqd`"
        raise LocalError(Reason.SERVICE_FAILED, f"the program {name} is neither in {beside} nor on PATH", hint)
    return os.path.abspath(found)
