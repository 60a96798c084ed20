"""The settings without a daemon: ``parleqd --check-config --json``, run and read."""

from __future__ import annotations

import json
import sys

from parleq_client import LocalError
from parleqctl.display import one_line
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# -P: a folder named parleqd in the working directory is not what is meant.
PROGRAM = (sys.executable, "-P", "-m", "parleqd")
_SECONDS = 30.0


def check_by_daemon(environment: Mapping[str, str], path: str | None = None) -> dict[str, Any]:
    """``{"path", "settings": [{key, value, origin}], "problems": [{file, line, key, message, hint}]}``.

    ``path`` is the file to check instead of the usual one. Raises LocalError when parleqd gives no such
    answer.
    """
    from subprocess import SubprocessError, run

    command = [*PROGRAM, "--check-config", "--json", *(("--config", path) if path else ())]
    try:
        done = run(command, capture_output=True, env=dict(environment), timeout=_SECONDS, check=False)
    except (OSError, SubprocessError) as error:
        raise _failed(str(error)) from error
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = None
    if not isinstance(report, dict) or not {"file", "settings", "problems"} <= report.keys():
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise _failed(f"exit code {done.returncode}{f': {one_line(said[-1])}' if said else ''}")
    return {"path": report["file"], "settings": report["settings"], "problems": report["problems"]}


def problem_line(problem: dict[str, Any]) -> str:
    """``FILE:LINE: KEY: what is wrong; what would be right``, as far as it is known."""
    place = str(problem.get("file") or "settings")
    if problem.get("line"):
        place = f"{place}:{problem['line']}"
    said = ": ".join(str(part) for part in (place, problem.get("key"), problem.get("message")) if part)
    return f"{said}; {problem['hint']}" if problem.get("hint") else said


def _failed(why: str) -> LocalError:
    return LocalError(Reason.INTERNAL, f"`parleqd --check-config` failed: {why}", "try `parleqd --check-config`")
