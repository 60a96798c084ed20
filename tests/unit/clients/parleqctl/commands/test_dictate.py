from __future__ import annotations

import os
from pathlib import Path
from signal import SIGINT

import anyio
import pytest

from parleq_client import LocalError
from parleqctl.commands.dictate import absolute
from tests.fakes.command_line import parleqctl_at, parleqctl_process
from tests.fakes.daemon import RESULT, Object, Peer, Refusal, never, running_daemon


@pytest.mark.asyncio
async def test_a_file_is_dictated_and_its_text_printed() -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "dictate", "/a.flac")
    assert (outcome.code, outcome.out, outcome.err) == (0, "Hello world.\n", "")
    assert daemon.asked("initialize")[0]["capabilities"]["partials"] is False
    assert daemon.asked("session/start") == [{"source": "file", "deliver": "return", "path": "/a.flac"}]


@pytest.mark.asyncio
async def test_pace_and_mode_are_passed_on_and_the_result_is_the_daemon_s_object() -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(
            daemon, "dictate", "--pace", "fast", "--mode", "raw", "--json", "/a", terminal=True
        )
    assert outcome.json == [RESULT]
    assert daemon.asked("session/start")[0] | {"pace": "fast", "mode": "raw"} == daemon.asked("session/start")[0]
    assert daemon.asked("initialize")[0]["capabilities"]["partials"] is True


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["good", "good"], 0),
        (["good", "silent", "good"], 5),
        (["silent", "bad", "good"], 4),
        (["bad"], 4),
    ],
)
async def test_several_files_give_one_object_each_and_the_worst_code(files: list[str], code: int) -> None:
    async def start(peer: Peer, params: Object) -> Object:
        if params["path"].endswith("bad"):
            raise Refusal("audio_unreadable", "no audio", "give audio")
        return {"session_id": Path(params["path"]).name}

    async def result(peer: Peer, params: Object) -> Object:
        silent = {"raw": "", "text": "", "verdict": "silence"} if params["session_id"] == "silent" else {}
        return {**RESULT, **silent, **params}

    async with running_daemon({"session/start": start, "session/result": result}) as daemon:
        outcome = await parleqctl_at(daemon, "dictate", "--json", *files)
    assert outcome.code == code
    told = [line["error"]["reason"] if "error" in line else line["session_id"] for line in outcome.json]
    assert told == ["audio_unreadable" if file == "bad" else file for file in files]
    assert len(daemon.asked("initialize")) == 1
    assert ("error: bad: no audio" in outcome.err) is ("bad" in files and len(files) > 1)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("message", "told"),
    [("nope does not exist", "error: nope does not exist ["), ("no audio", "error: in/nope: no audio [")],
)
async def test_of_several_files_each_is_named_once(message: str, told: str) -> None:
    silent = {**RESULT, "raw": "", "text": "", "verdict": "silence"}

    async def start(peer: Peer, params: Object) -> Object:
        if params["path"].endswith("/in/nope"):
            raise Refusal("audio_unreadable", message, "")
        return {"session_id": "s1"}

    async with running_daemon({"session/start": start, "session/result": silent}) as daemon:
        outcome = await parleqctl_at(daemon, "dictate", "in/nope", "in/hush")
        alone = await parleqctl_at(daemon, "dictate", "in/hush")
    assert told in outcome.err
    assert "nothing was said in hush (silence)" in outcome.err
    assert alone.err == "parleqctl: nothing was said (silence)\n"


@pytest.mark.asyncio
async def test_an_empty_name_is_refused_before_the_daemon_is_asked() -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "dictate", "")
    assert outcome.code == 4
    assert "the name of the file is empty" in outcome.err
    assert daemon.asked("session/start") == []


@pytest.mark.asyncio
async def test_a_daemon_that_goes_stops_everything_at_once() -> None:
    async def die(peer: Peer, params: Object) -> Object:
        await peer.hang_up()
        return RESULT

    async with running_daemon({"session/result": die}) as daemon:
        outcome = await parleqctl_at(daemon, "dictate", "--json", "a", "b", "c")
    assert (outcome.code, outcome.reason) == (3, "daemon_unreachable")
    assert len(daemon.asked("session/start")) == 1


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no /dev/shm here, and so no folder in memory")
@pytest.mark.asyncio
async def test_standard_input_becomes_a_file_in_memory_that_is_gone_afterwards() -> None:
    seen: list[bytes] = []
    paths: list[str] = []

    async def start(peer: Peer, params: Object) -> Object:
        paths.append(params["path"])
        seen.append(await anyio.Path(params["path"]).read_bytes())
        return {"session_id": "s1"}

    async with anyio.TemporaryDirectory(dir="/dev/shm") as runtime:
        async with running_daemon({"session/start": start}) as daemon:
            there = {"XDG_RUNTIME_DIR": runtime}
            outcome = await parleqctl_at(daemon, "dictate", "-", stdin=b"RIFF\xff", environment=there)
        assert paths[0].startswith(f"{runtime}/parleq/stdin-")
        assert not await anyio.Path(paths[0]).exists()
    assert (outcome.code, seen) == (0, [b"RIFF\xff"])


@pytest.mark.asyncio
async def test_an_interrupt_cancels_and_ends_with_130() -> None:
    command, variables = parleqctl_process()
    async with running_daemon({"session/result": never}) as daemon:
        environment = {**os.environ, **variables, "PARLEQ_SOCKET": daemon.path}
        async with await anyio.open_process([*command, "dictate", "--json", "a"], env=environment) as process:
            await daemon.until_asked("session/result")
            process.send_signal(SIGINT)
            assert await process.wait() == 130
            assert process.stdout is not None
            assert b'"reason": "cancelled"' in await process.stdout.receive()
    assert daemon.asked("session/cancel") == [{"session_id": "s1"}]
    assert daemon.asked("$/cancelRequest") == [{"id": 3}]


@pytest.mark.asyncio
async def test_a_text_that_nobody_reads_is_not_acknowledged() -> None:
    command, variables = parleqctl_process()
    async with running_daemon() as daemon:
        environment = {**os.environ, **variables, "PARLEQ_SOCKET": daemon.path, "CTL": " ".join(command)}
        done = await anyio.run_process(["sh", "-c", "$CTL dictate a > /dev/full"], env=environment, check=False)
    assert done.returncode == 4
    assert b"stays pending" in done.stderr
    assert daemon.asked("session/acknowledge") == []


def test_a_path_is_made_absolute_without_being_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("/a/../b") == "/a/../b"
    assert absolute("x/../y") == f"{tmp_path}/x/../y"


def test_a_path_that_is_no_utf_8_is_refused_with_a_way_round() -> None:
    with pytest.raises(LocalError, match="is not UTF-8") as error:
        absolute("/a\udcff")
    assert error.value.reason == "bad_request"
    assert "dictate - <" in error.value.hint
