from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.fakes.hub import (
    MODEL_FILES,
    OLD_REPOSITORY,
    REPOSITORY,
    REVISION,
    WEIGHTS,
    LoopbackHub,
    running_hub,
)

SHA256 = hashlib.sha256(WEIGHTS).hexdigest()
Line = dict[str, Any]


async def fetch(
    hub: LoopbackHub,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    sha256: str = SHA256,
    repository: str = REPOSITORY,
) -> list[Line]:
    """What the child says, run as the store runs it."""
    wanted = [repository, REVISION, sha256, str(folder)]
    command = [sys.executable, "-P", "-m", "parleqd.speech_worker.fetch", *wanted]
    variables = {**os.environ, "HF_ENDPOINT": hub.endpoint, **(environment or {})}
    done = await anyio.run_process(command, env=variables, check=False, stderr=None)
    lines: list[Line] = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == (0 if lines[-1] == {"is": "done"} else 1)
    return lines


async def read(folder: Path, name: str) -> bytes:
    return await anyio.Path(folder / name).read_bytes()


@pytest.mark.asyncio
async def test_only_the_files_of_a_model_are_fetched(tmp_path: Path) -> None:
    async with running_hub() as hub:
        *progress, last = await fetch(hub, tmp_path)
    assert last == {"is": "done"}
    names = {entry.name async for entry in anyio.Path(tmp_path).iterdir()}
    assert names == set(MODEL_FILES) - {"README.md"}
    for name in names:
        assert await read(tmp_path, name) == MODEL_FILES[name]
    total = sum(len(MODEL_FILES[name]) for name in names)
    assert {line["total"] for line in progress} == {total}
    assert progress[-1]["done"] == total


@pytest.mark.asyncio
async def test_a_repository_that_was_renamed_is_followed(tmp_path: Path) -> None:
    async with running_hub() as hub:
        *_, last = await fetch(hub, tmp_path, repository=OLD_REPOSITORY)
    assert last == {"is": "done"}


@pytest.mark.asyncio
async def test_the_hub_hears_no_more_than_it_must(tmp_path: Path) -> None:
    async with running_hub() as hub:
        await fetch(hub, tmp_path, {"HF_TOKEN": ""})
    assert all(request.agent.startswith("parleqd/") for request in hub.requests)
    assert all(f"/{REVISION}" in request.path or "/large/" in request.path for request in hub.requests)
    assert {request.authorization for request in hub.requests} == {""}


@pytest.mark.asyncio
async def test_a_transfer_that_is_cut_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async with running_hub() as hub:
        hub.cut_after = 3 * 1024 * 1024
        *_, last = await fetch(hub, tmp_path)
    assert last == {"is": "done"}
    assert len(set(hub.ranges)) == 1
    assert int(hub.ranges[0].removeprefix("bytes=").removesuffix("-")) >= 1024 * 1024
    assert await read(tmp_path, "model.bin") == WEIGHTS


@pytest.mark.asyncio
async def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    async with running_hub() as hub:
        await fetch(hub, tmp_path)
        hub.requests.clear()
        assert await fetch(hub, tmp_path) == [{"is": "done"}]
    assert len(hub.requests) == 1


@pytest.mark.asyncio
async def test_a_rest_that_is_too_long_is_thrown_away(tmp_path: Path) -> None:
    await anyio.Path(tmp_path / "model.bin.part").write_bytes(bytes(len(WEIGHTS) + 1))
    async with running_hub() as hub:
        *_, last = await fetch(hub, tmp_path)
    assert (last, hub.ranges) == ({"is": "done"}, [])


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["model.bin", "config.json"])
async def test_a_file_that_was_altered_is_not_kept(tmp_path: Path, name: str) -> None:
    async with running_hub() as hub:
        hub.corrupt.add(name)
        *_, last = await fetch(hub, tmp_path)
        assert (last["is"], last["reason"]) == ("failed", "model_damaged")
        assert name in last["message"]
        hub.corrupt.clear()
        *_, last = await fetch(hub, tmp_path)
    assert last == {"is": "done"}


@pytest.mark.asyncio
async def test_other_weights_than_the_pinned_are_not_even_fetched(tmp_path: Path) -> None:
    async with running_hub() as hub:
        (last,) = await fetch(hub, tmp_path, sha256="0" * 64)
    assert last["reason"] == "model_damaged"
    assert len(hub.requests) == 1


@pytest.mark.asyncio
async def test_a_hub_that_promises_nothing_is_checked_against_the_pinned_weights(tmp_path: Path) -> None:
    async with running_hub() as hub:
        names = [name for name in MODEL_FILES if name != "README.md"]
        hub.listing = json.dumps({"id": REPOSITORY, "siblings": [{"rfilename": name} for name in names]}).encode()
        hub.corrupt.add("model.bin")
        *_, last = await fetch(hub, tmp_path)
        assert last["reason"] == "model_damaged"
        hub.corrupt.clear()
        *_, last = await fetch(hub, tmp_path)
    assert last == {"is": "done"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("listing", "message"),
    [
        (b"<html>Please log in</html>", "does not answer like a model hub"),
        (b"[]", "does not answer like a model hub"),
        (b"{}", "does not answer like a model hub"),
        (json.dumps({"id": REPOSITORY, "siblings": []}).encode(), "lists no model.bin"),
        (
            json.dumps({"id": "x", "siblings": [{"rfilename": "model.bin", "size": 10**15}]}).encode(),
            "MB are needed",
        ),
    ],
)
async def test_a_strange_listing_is_told(tmp_path: Path, listing: bytes, message: str) -> None:
    async with running_hub() as hub:
        hub.listing = listing
        (last,) = await fetch(hub, tmp_path)
    assert last["reason"] == "download_failed"
    assert message in last["message"]


@pytest.mark.asyncio
@pytest.mark.parametrize("status", [404, 503])
async def test_a_refused_file_is_told(tmp_path: Path, status: int) -> None:
    async with running_hub() as hub:
        hub.file_status = status
        *_, last = await fetch(hub, tmp_path)
    assert (last["is"], last["reason"]) == ("failed", "download_failed")
    assert f"HTTP {status}" in last["message"]


@pytest.mark.asyncio
async def test_a_token_is_taken_from_the_environment_alone(tmp_path: Path) -> None:
    await anyio.Path(tmp_path / "home").mkdir()
    await anyio.Path(tmp_path / "home" / "token").write_text("left-by-another-tool")
    await anyio.Path(tmp_path / "model").mkdir()
    home = {"HF_HOME": str(tmp_path / "home")}
    async with running_hub() as hub:
        hub.token = "right"
        (last,) = await fetch(hub, tmp_path / "model", {**home, "HF_TOKEN": ""})
        assert "HTTP 401" in last["message"]
        assert {request.authorization for request in hub.requests} == {""}
        *_, last = await fetch(hub, tmp_path / "model", {**home, "HF_TOKEN": "right"})
    assert last == {"is": "done"}


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"HF_ENDPOINT": "http://127.0.0.1:1"}, "127.0.0.1:1 cannot be reached"),
        ({"HF_HUB_OFFLINE": "1"}, "OFFLINE"),
    ],
)
async def test_without_a_route_the_way_out_is_named(tmp_path: Path, environment: dict[str, str], message: str) -> None:
    async with running_hub() as hub:
        (last,) = await fetch(hub, tmp_path, environment)
    assert message in last["message"]
    assert "parleqctl models install /path/to/folder" in last["hint"]
