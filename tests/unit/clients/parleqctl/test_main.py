from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import anyio
import pytest
from anyio.to_thread import run_sync

from parleqctl.console import Console
from parleqctl.main import run
from tests.fakes.command_line import MemoryStream, Outcome, parleqctl, parleqctl_at, parleqctl_process
from tests.fakes.daemon import FakeDaemon, Object, Refusal, never, running_daemon


@pytest.mark.asyncio
@pytest.mark.parametrize("json", [(), ("--json",)])
@pytest.mark.parametrize(
    ("reason", "code"), [("queue_full", 4), ("config_invalid", 4), ("cancelled", 4), ("of_the_future", 4)]
)
async def test_a_refusal_is_told_on_stderr_and_as_json(reason: str, code: int, json: tuple[str, ...]) -> None:
    async with running_daemon({"status/get": Refusal(reason, "it\x1b is so", "try")}) as daemon:
        outcome = await parleqctl_at(daemon, "status", *json)
    assert outcome.code == code
    assert f"parleqctl: error: it  is so [{reason}]\n  hint: try\n" == outcome.err
    assert outcome.json == ([{"error": {"reason": reason, "message": "it\x1b is so", "hint": "try"}}] if json else [])


@pytest.mark.parametrize(
    "argv",
    [
        ["status"],
        ["status", "--watch"],
        ["dictate", "a.wav", "b.wav"],
        ["clean", "x"],
        ["events"],
        ["last"],
        ["recover"],
        ["cancel"],
        ["history", "list"],
        ["models", "install", "x"],
        ["config", "set", "speech.model", "x"],
        ["secret", "set", "x"],
        ["metrics"],
        ["bridge"],
    ],
)
def test_without_a_daemon_every_command_ends_with_3_and_says_how_to_start_it(argv: list[str], tmp_path: Path) -> None:
    json = [] if argv[0] == "bridge" else ["--json"]
    outcome = parleqctl(*argv, *json, "--socket", str(tmp_path / "none"))
    assert outcome.code == 3
    assert f"start it with `parleqd --socket {tmp_path}/none`" in outcome.err
    assert not json or outcome.reason == "daemon_unreachable"


@pytest.mark.parametrize(
    "argv", [["frobnicate", "--json"], ["dictate", "--json"], ["clean", "--mode", "loud", "x", "--json"]]
)
def test_wrong_usage_ends_with_2(argv: list[str]) -> None:
    outcome = parleqctl(*argv)
    assert outcome.code == 2
    assert outcome.reason == "usage"
    assert outcome.err.startswith("usage: parleqctl")
    assert parleqctl(*argv[:-1]).out == ""


def test_a_socket_path_too_long_is_unreachable() -> None:
    outcome = parleqctl("status", "--json", "--socket", "/" + "x" * 200)
    assert (outcome.code, outcome.reason) == (3, "socket_unusable")


class InterruptedInput(MemoryStream):
    """Ctrl-C comes instead of the input."""

    @property
    def buffer(self) -> BinaryIO:
        raise KeyboardInterrupt


def test_an_interrupt_ends_with_130() -> None:
    out = MemoryStream()
    code = run(["clean", "--json"], Console(InterruptedInput(), out, MemoryStream(), {}))
    assert (code, Outcome(code, out.written, "").reason) == (130, "cancelled")


@pytest.fixture
def deleted_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory, which is there no more."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()


@pytest.mark.asyncio
@pytest.mark.usefixtures("deleted_folder")
async def test_what_the_system_refuses_is_an_error_not_a_crash() -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "dictate", "a", "--json")
    assert (outcome.code, outcome.reason) == (4, "internal")


@pytest.mark.asyncio
async def test_output_that_cannot_be_written_ends_with_4() -> None:
    async with running_daemon() as daemon:
        err = MemoryStream()
        console = Console(None, None, err, {"PARLEQ_SOCKET": daemon.path})
        assert await run_sync(run, ["status", "--json"], console) == 4
    assert "standard output is closed [output_closed]" in err.written


@pytest.mark.asyncio
async def test_a_reader_that_has_seen_enough_is_no_word_worth() -> None:
    async with running_daemon() as daemon:
        code, _, err = await shell(daemon, "exec 3>&1; { $PARLEQCTL status; echo $? >&3; } | true")
    assert err == ""
    assert code == 0


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("$PARLEQCTL status > /dev/null", 0),
        ("$PARLEQCTL status > /dev/full", 4),
        ("$PARLEQCTL status >&-", 4),
        ("$PARLEQCTL status 2>&-", 0),
        ("$PARLEQCTL clean --json $(printf 'a\\377') <&-", 4),
        ("LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 $PARLEQCTL clean x", 0),
    ],
)
async def test_the_program_in_a_shell_never_shows_a_traceback(script: str, code: int) -> None:
    async with running_daemon() as daemon:
        daemon.replies["text/clean"] = {**USUAL_CLEAN, "text": "日本"}
        ended, _, err = await shell(daemon, script)
    assert ended == code, err
    assert "Traceback" not in err
    assert "Exception ignored" not in err


@pytest.mark.asyncio
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_a_waiting_command_cleanly(number: signal.Signals) -> None:
    command, variables = parleqctl_process()
    async with running_daemon({"text/clean": never}) as daemon:
        environment = {**os.environ, **variables, "PARLEQ_SOCKET": daemon.path}
        with not_ignored(number):
            process = await anyio.open_process([*command, "clean", "x"], env=environment)
        async with process:
            await daemon.until_asked("text/clean")
            process.send_signal(number)
            assert await process.wait() == 130
            assert process.stderr is not None
            assert await process.stderr.receive() == b"parleqctl: error: interrupted [cancelled]\n"
        await daemon.until_asked("$/cancelRequest")


@contextmanager
def not_ignored(number: signal.Signals) -> Iterator[None]:
    """What a child inherits: these tests may run under nohup, which has SIGHUP ignored."""
    before = signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(number, before)


USUAL_CLEAN: Object = {
    "mode": {"asked": "raw", "used": "raw"},
    "fallback": None,
    "edits": [],
    "timings_ms": {"cleanup": 0.0},
}


async def shell(daemon: FakeDaemon, script: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a shell in which $PARLEQCTL is the real program."""
    command, variables = parleqctl_process()
    environment = {**os.environ, **variables, "PARLEQ_SOCKET": daemon.path, "PARLEQCTL": " ".join(command)}
    done = await anyio.run_process(["sh", "-c", script], env=environment, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode()
