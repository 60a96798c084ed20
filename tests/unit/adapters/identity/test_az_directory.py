"""What ``az`` is asked, word for word. (What the real one answers: ``tests/contract/test_azure_directory.py``.)"""

from __future__ import annotations

import os
from pathlib import Path

import anyio
import pytest

from parleqd.adapters.identity.az_directory import AzDirectory
from parleqd.core.errors import OutsideError
from parleqd.protocol.messages import AzureSubscription
from parleqd.protocol.names import Reason


async def directory(folder: Path, script: str) -> AzDirectory:
    path = anyio.Path(folder / "az")
    await path.write_text(f"#!/bin/sh\n{script}\n")
    await path.chmod(0o755)
    return AzDirectory(environment={"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"}, places=())


@pytest.mark.asyncio
async def test_az_is_asked_for_each_list(tmp_path: Path) -> None:
    answer = '[{"id": "s", "name": "Work", "tenantId": "t", "isDefault": true}]'
    asked = await directory(tmp_path, f'printf "%s\\n" "$*" >> "{tmp_path}/asked"\necho \'{answer}\'')
    assert await asked.subscriptions() == [AzureSubscription("s", "Work", "t", current=True)]
    assert await asked.resources("s") == []
    assert [one.name for one in await asked.deployments("s", "a group", "$(r)")] == ["Work"]
    assert (await anyio.Path(tmp_path / "asked").read_text()).splitlines() == [
        "account list --output json",
        "cognitiveservices account list --subscription=s --output json",
        "cognitiveservices account deployment list --subscription=s --resource-group=a group --name=$(r) --output json",
    ]


@pytest.mark.asyncio
async def test_more_than_a_megabyte_may_be_listed(tmp_path: Path) -> None:
    many = await directory(tmp_path, "echo '['; head -c 2000000 /dev/zero | tr '\\0' ' '; echo '{\"id\": \"s\"}]'")
    assert [one.id for one in await many.subscriptions()] == ["s"]


@pytest.mark.asyncio
async def test_a_failure_names_the_command(tmp_path: Path) -> None:
    failing = await directory(tmp_path, "echo 'ERROR: odd' >&2; exit 1")
    with pytest.raises(OutsideError) as caught:
        await failing.deployments("s", "g", "r")
    assert caught.value.reason is Reason.TOKEN_FAILED
    assert caught.value.hint == "run `az cognitiveservices account deployment list` by hand and see"
