"""What `parleqd` itself says where no daemon answers: its settings, and how its parts are."""

from __future__ import annotations

import json
import sys

from parleq_client import LocalError
from parleqctl.display import one_line
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

# -P: a folder named parleqd in the working directory is not what is meant.
PROGRAM = (sys.executable, "-P", "-m", "parleqd")
_CHECK_SECONDS = 30.0
EXAMINE_SECONDS = 600.0
"""Every part may take its time, and has a limit of its own."""


def check_by_daemon(
    environment: Mapping[str, str],
    path: str | None = None,
    program: Sequence[str] = PROGRAM,
    context: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """``{"path", "settings": [{key, value, origin}], "problems": [{file, line, key, message, hint}]}``.

    ``path`` is the file to check instead of the usual one. With a ``context``, as in ``session/start``, there is
    ``behaviour`` too, which is as ``settings``. Raises LocalError when parleqd gives no such answer.
    """
    options = ("--config", path) if path else ()
    if context is not None:
        options = (*options, "--context", json.dumps(context))
    wanted = {"file", "settings", "problems"}
    report = _answer(program, "--check-config", options, environment, wanted, seconds=_CHECK_SECONDS)
    behaviour = {} if context is None else {"behaviour": report.get("behaviour", [])}
    return {"path": report["file"], "settings": report["settings"], "problems": report["problems"], **behaviour}


def examine_by_daemon(
    environment: Mapping[str, str], socket: str | None = None, program: Sequence[str] = PROGRAM
) -> dict[str, Any]:
    """``{"verdict", "checks": [{check, verdict, message, hint, reason}]}``, as ``doctor/run`` has it.

    ``socket`` is that of the daemon instead of the usual one. Raises LocalError when parleqd gives no such answer.
    """
    options = ("--socket", socket) if socket else ()
    return _answer(program, "--doctor", options, environment, {"verdict", "checks"}, seconds=EXAMINE_SECONDS)


def report_by_daemon(
    environment: Mapping[str, str], socket: str | None = None, program: Sequence[str] = PROGRAM
) -> dict[str, Any]:
    """As ``report/get``, without metrics and events; otherwise as `examine_by_daemon`."""
    options = ("--socket", socket) if socket else ()
    return _answer(program, "--report", options, environment, {"settings", "checks"}, seconds=EXAMINE_SECONDS)


def problem_line(problem: dict[str, Any]) -> str:
    """``FILE:LINE: KEY: what is wrong; what would be right``, as far as it is known."""
    place = str(problem.get("file") or "settings")
    if problem.get("line"):
        place = f"{place}:{problem['line']}"
    said = ": ".join(str(part) for part in (place, problem.get("key"), problem.get("message")) if part)
    return f"{said}; {problem['hint']}" if problem.get("hint") else said


def _answer(
    program: Sequence[str],
    task: str,
    options: tuple[str, ...],
    environment: Mapping[str, str],
    wanted: set[str],
    *,
    seconds: float,
) -> dict[str, Any]:
    """The object, with at least the keys ``wanted``, that ``parleqd TASK --json`` prints."""
    from subprocess import SubprocessError, run

    command = [*program, task, "--json", *options]
    try:
        done = run(command, capture_output=True, env=dict(environment), timeout=seconds, check=False)
    except (OSError, SubprocessError) as error:
        raise _failed(task, str(error)) from error
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = None
    if not isinstance(report, dict) or not wanted <= report.keys():
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise _failed(task, f"exit code {done.returncode}{f': {one_line(said[-1])}' if said else ''}")
    return report


def _failed(task: str, why: str) -> LocalError:
    return LocalError(Reason.INTERNAL, f"`parleqd {task}` failed: {why}", f"try `parleqd {task}`")
