"""Any command of ``az``; how the process is found, bounded and killed: ``test_az.py``."""

from __future__ import annotations

import os
from pathlib import Path

import anyio
import pytest

from parleqd.adapters.identity.az_process import AzProcess, Printed
from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason


async def az(folder: Path, script: str, **limits: float) -> AzProcess:
    path = anyio.Path(folder / "az")
    await path.write_text(f"#!/bin/sh\n{script}\n")
    await path.chmod(0o755)
    return AzProcess(environment={"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"}, places=(), **limits)  # type: ignore[arg-type]


@pytest.mark.asyncio
async def test_what_is_left_behind_is_told_whatever_the_exit_code(tmp_path: Path) -> None:
    printed = await (await az(tmp_path, 'echo "$@"; echo odd >&2; exit 3')).run("account", "list", "--all")
    assert printed == Printed(3, b"account list --all --output json\n", b"odd\n")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("script", "limits", "reason"),
    [("exec sleep 60", {"timeout_s": 0.2}, Reason.AZ_TIMEOUT), ("exec yes", {"most_bytes": 1000}, Reason.TOKEN_FAILED)],
)
async def test_what_does_not_end_is_to_be_run_by_hand_without_its_options(
    tmp_path: Path, script: str, limits: dict[str, float], reason: Reason
) -> None:
    process = await az(tmp_path, script, **limits)
    with pytest.raises(OutsideError) as caught:
        await process.run("account", "list", "--subscription=s")
    assert caught.value.reason is reason
    assert "`az account list" in caught.value.hint
    assert "subscription" not in caught.value.hint


@pytest.mark.asyncio
async def test_no_az(tmp_path: Path) -> None:
    with pytest.raises(OutsideError) as caught:
        await AzProcess(environment={"PATH": str(tmp_path)}, places=()).run("account", "list")
    assert caught.value.reason is Reason.AZ_MISSING
