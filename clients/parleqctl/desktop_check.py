"""How the desktop is, as `parleq-hotkey` finds it from here: keys, insertion and notifications, as checks of doctor."""

from __future__ import annotations

import json
import sys

from parleqctl.display import one_line
from parleqd.protocol.names import CheckVerdict, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

# -P: a folder named parleq_hotkey in the working directory is not what is meant.
PROGRAM = (sys.executable, "-P", "-m", "parleq_hotkey")
_SECONDS = 30.0
_WAYS = {
    "keys": (
        "no key can be watched here",
        "bind a key to `parleqctl toggle` in the desktop's own settings, or mend one",
    ),
    "insertion": ("texts cannot be put into windows here", "`parleqctl last --copy` has each text; or mend one"),
}
"""What it means, and what helps all the same, when no back-end of a kind can be used."""
_NEVER_CHOSEN = ("clipboard",)
"""By "auto": that one overwrites what was copied."""
_SESSION = (
    "run this, and parleq-hotkey, within the desktop session; a service finds it after "
    "`systemctl --user import-environment DISPLAY WAYLAND_DISPLAY XAUTHORITY`"
)


def examine_desktop(environment: Mapping[str, str], program: Sequence[str] = PROGRAM) -> list[dict[str, Any]]:
    """Checks as ``doctor/run`` has them. Nothing of the desktop is more than a warning: the daemon needs none."""
    try:
        found = _back_ends(environment, program)
    except ValueError as error:
        hint = "`parleq-hotkey --list-back-ends` tells more"
        message = f"parleq-hotkey gives no report: {error}"
        return [_check("desktop", CheckVerdict.WARNING, message, hint, Reason.INTERNAL)]
    return _of_session(found)


def _of_session(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ways = [one for one in found if one["kind"] in _WAYS]
    displayless = next((one for one in ways if one.get("reason") == Reason.NO_DISPLAY), None)
    if displayless is not None and not any(one["usable"] for one in ways):
        return [_check("desktop", CheckVerdict.WARNING, displayless["message"], _SESSION, Reason.NO_DISPLAY)]
    checks = [check for kind in _WAYS for check in _of_kind(kind, [one for one in found if one["kind"] == kind])]
    return checks + [_of_one(one) for one in found if one["kind"] not in _WAYS]


def _of_kind(kind: str, ways: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One that works is enough, and the first is the one that is used; where none does, each says why."""
    name = f"desktop: {kind}"
    for one in ways:
        if one["usable"] and one["name"] not in _NEVER_CHOSEN:
            return [_check(name, CheckVerdict.OK, f"{one['name']}: {one['message']}")]
    if not ways:
        return []
    message, hint = _WAYS[kind]
    first = next((one["reason"] for one in ways if one.get("reason")), None)
    return [
        _check(name, CheckVerdict.WARNING, message, hint, first),
        *(
            _check(
                f"{name}: {one['name']}", CheckVerdict.SKIPPED, one["message"], one.get("hint", ""), one.get("reason")
            )
            for one in ways
        ),
    ]


def _of_one(one: dict[str, Any]) -> dict[str, Any]:
    """Something that stands for itself. Only what is on unless it was turned off is missed."""
    name = f"desktop: {one['name']}"
    if one["usable"]:
        return _check(name, CheckVerdict.OK, one["message"])
    verdict = CheckVerdict.WARNING if one["name"] == "notifications" else CheckVerdict.SKIPPED
    return _check(name, verdict, one["message"], one.get("hint", ""), one.get("reason"))


def _check(name: str, verdict: CheckVerdict, message: str, hint: str = "", reason: str | None = None) -> dict[str, Any]:
    found = str(reason) if reason is not None else None
    return {"check": name, "verdict": str(verdict), "message": str(message), "hint": str(hint), "reason": found}


def _back_ends(environment: Mapping[str, str], program: Sequence[str]) -> list[dict[str, Any]]:
    """Raises ValueError, which says why, when there is no such list."""
    from subprocess import SubprocessError, run

    command = [*program, "--list-back-ends", "--json"]
    try:
        done = run(command, capture_output=True, env=dict(environment), timeout=_SECONDS, check=False)
    except (OSError, SubprocessError) as error:
        raise ValueError(str(error)) from error
    try:
        report = json.loads(done.stdout)
        return [
            {**one, **{key: one[key] for key in ("kind", "name", "usable", "message")}} for one in report["back_ends"]
        ]
    except (ValueError, TypeError, KeyError) as error:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise ValueError(f"exit code {done.returncode}{f': {one_line(said[-1])}' if said else ''}") from error
