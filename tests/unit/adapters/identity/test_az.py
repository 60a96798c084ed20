"""``az`` as a process: found, asked, bounded, killed. (The real one: ``tests/contract/test_token_source.py``.)"""

from __future__ import annotations

import os
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest

from parleqd.adapters.identity.az import AzTokens
from parleqd.core.errors import ConfigError, OutsideError
from parleqd.core.ports import Token
from parleqd.protocol.names import Reason

SCOPE = "https://cognitiveservices.azure.com/.default"
ANSWER = """echo '{"accessToken": "opaque", "expires_on": 4102444800, "tokenType": "Bearer"}'"""
TOKEN = Token("opaque", 4102444800.0)

Make = Callable[..., Awaitable[AzTokens]]


@pytest.fixture
def az(tmp_path: Path) -> Make:
    """Make a source whose ``az`` is a shell script; further arguments go to the source."""

    async def make(script: str, mode: int = 0o755, **arguments: Any) -> AzTokens:
        await write(tmp_path / "az", script, mode)
        path = f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin"
        return AzTokens(**{"environment": {"PATH": path, "OUT": str(tmp_path / "out")}, "places": (), **arguments})

    return make


async def write(file: Path, script: str, mode: int = 0o755) -> None:
    path = anyio.Path(file)
    await path.parent.mkdir(exist_ok=True)
    await path.write_text(f"#!/bin/sh\n{script}\n")
    await path.chmod(mode)


async def refusal(source: AzTokens) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        await source.mint(SCOPE)
    assert caught.value.hint
    return caught.value


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("chosen", "asked"),
    [({}, []), ({"tenant": "t"}, ["--tenant=t"]), ({"subscription": "a b"}, ["--subscription=a b"])],
)
async def test_az_is_asked_with_nothing_to_read_and_no_shell_between(
    az: Make, tmp_path: Path, chosen: dict[str, str], asked: list[str]
) -> None:
    tell = 'printf "%s\\n" "$@" "$(pwd)" "$AZURE_CORE_NO_COLOR" "$AZURE_CORE_COLLECT_TELEMETRY" "$(cat)" > "$OUT"'
    source = await az(f"{tell}\n{ANSWER}", **chosen)
    assert await source.mint("$(id)") == TOKEN
    told = (await anyio.Path(tmp_path / "out").read_text()).splitlines()
    begin = ["account", "get-access-token", "--scope=$(id)"]
    assert told == [*begin, *asked, "--output", "json", "/", "true", "false", ""]


def test_a_tenant_and_a_subscription_are_one_too_many() -> None:
    with pytest.raises(ConfigError, match="both"):
        AzTokens("t", "s")


@pytest.mark.asyncio
async def test_az_is_found_where_the_path_does_not_lead_and_the_path_goes_first(az: Make, tmp_path: Path) -> None:
    await write(tmp_path / "homebrew" / "az", f'echo elsewhere > "{tmp_path}/out"\n{ANSWER}')
    places = (str(tmp_path / "homebrew"),)
    assert await AzTokens(environment={"PATH": "/usr/bin:/bin"}, places=places).mint(SCOPE) == TOKEN
    assert await anyio.Path(tmp_path / "out").read_text() == "elsewhere\n"
    await (await az(f'echo here > "{tmp_path}/out"\n{ANSWER}', places=places)).mint(SCOPE)
    assert await anyio.Path(tmp_path / "out").read_text() == "here\n"


@pytest.mark.asyncio
async def test_no_az(tmp_path: Path) -> None:
    error = await refusal(AzTokens(environment={"PATH": str(tmp_path)}, places=()))
    assert error.reason is Reason.AZ_MISSING


@pytest.mark.asyncio
async def test_an_az_that_cannot_be_run(az: Make) -> None:
    error = await refusal(await az(ANSWER, mode=stat.S_IRUSR))
    assert (error.reason, error.message) == (Reason.TOKEN_FAILED, "az cannot be started: Permission denied")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1", Reason.AZ_NOT_LOGGED_IN),
        ("echo 'ERROR: AADSTS700082: expired' >&2; exit 1", Reason.TOKEN_FAILED),
        ("echo 'requests.exceptions.ConnectionError: x' >&2; exit 1", Reason.NETWORK_ERROR),
        ("kill -9 $$", Reason.TOKEN_FAILED),
        ("exit 127", Reason.AZ_MISSING),
        ("echo Welcome", Reason.TOKEN_FAILED),
        ("true", Reason.TOKEN_FAILED),
    ],
)
async def test_az_fails(az: Make, script: str, reason: Reason) -> None:
    assert (await refusal(await az(script))).reason is reason


@pytest.mark.asyncio
@pytest.mark.parametrize("stream", ["", ">&2"])
async def test_an_az_that_prints_without_end_is_stopped(az: Make, stream: str) -> None:
    error = await refusal(await az(f"exec yes {stream}", most_bytes=100_000))
    assert (error.reason, error.message) == (
        Reason.TOKEN_FAILED, "az printed more than 100000 bytes and was stopped",
    )  # fmt: skip


@pytest.mark.asyncio
async def test_a_slow_az_is_waited_for(az: Make) -> None:
    assert await (await az(f"sleep 0.3; {ANSWER}")).mint(SCOPE) == TOKEN


@pytest.mark.asyncio
async def test_an_az_that_hangs_is_stopped(az: Make) -> None:
    assert (await refusal(await az("trap '' TERM; sleep 60", timeout_s=0.2))).reason is Reason.AZ_TIMEOUT


@pytest.mark.asyncio
async def test_what_az_leaves_running_does_not_hold_the_token_back(az: Make) -> None:
    assert await (await az(f"sleep 5 &\n{ANSWER}", timeout_s=4)).mint(SCOPE) == TOKEN


@pytest.mark.asyncio
async def test_cancelling_ends_az_and_all_that_it_started(az: Make, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "out")  # its end comes when nobody is left that could write to it
    source = await az('exec 3> "$OUT"\ntrap "" TERM INT\nsleep 60 &\necho ready >&3\nsleep 60')
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(source.mint, SCOPE)
        fifo = await anyio.open_file(tmp_path / "out")
        assert await fifo.readline() == "ready\n"
        tasks.cancel_scope.cancel()
    assert await fifo.read() == ""
    await fifo.aclose()


@pytest.mark.asyncio
async def test_no_token_is_printed_or_logged(
    az: Make, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = '"accessToken": "eyJcanary.canary.canary"'
    with caplog.at_level("DEBUG"):
        await (await az(f"echo '{{{secret}, \"expires_on\": 4102444800}}'")).mint(SCOPE)
        error = await refusal(await az(f"echo 'ERROR: {{{secret}}}' >&2; exit 1"))
    seen = [*capfd.readouterr(), caplog.text, error.message, error.hint, repr(error)]
    assert "canary" not in "".join(seen)
