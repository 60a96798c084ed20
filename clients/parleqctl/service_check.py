"""How the login service is, as a check of doctor. Who has none installed is told nothing: the daemon runs without."""

from __future__ import annotations

import sys

from parleq_client import ClientError
from parleqd.protocol.names import CheckVerdict, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from parleqctl.service.keeper import Keeper

_INSTALL = "`parleqctl service install` mends it"
_AGAIN = "the system's log says why (`journalctl --user`); `parleqctl service install` starts it again"


def examine_service(environment: Mapping[str, str], socket: str, platform: str = sys.platform) -> list[dict[str, Any]]:
    """One check, as ``doctor/run`` has them, or none."""
    from parleqctl.service.installing import Service, keeper_here
    from parleqctl.service.programs import installed

    keeper = keeper_here(environment, platform)
    if not _is_installed(keeper):
        return []
    try:
        status = Service(keeper, installed(environment), socket).status()
    except ClientError as error:
        return [_check(CheckVerdict.WARNING, error.message, error.hint, error.reason)]
    if not (status["installed"] and status["up_to_date"]):
        return [_check(CheckVerdict.WARNING, "the units are not those of this version", _INSTALL, Reason.UNIT_CHANGED)]
    if not status["enabled"]:
        return [_check(CheckVerdict.WARNING, "it is not started at login", _INSTALL, Reason.SERVICE_FAILED)]
    for unit in status["units"]:
        if "failed" in unit["detail"]:
            message = f"{unit['unit']}: {unit['detail']}"
            return [_check(CheckVerdict.WARNING, message, _AGAIN, Reason.SERVICE_FAILED)]
    return [_check(CheckVerdict.OK, f"{keeper.name} starts parleqd at login")]


def _is_installed(keeper: Keeper) -> bool:
    return (keeper.folder / keeper.daemon).exists()


def _check(verdict: CheckVerdict, message: str, hint: str = "", reason: str | None = None) -> dict[str, Any]:
    found = str(reason) if reason is not None else None
    return {"check": "service", "verdict": str(verdict), "message": message, "hint": hint, "reason": found}
