from __future__ import annotations

import os
import pty
import signal
import subprocess
from functools import partial
from typing import IO

import psutil
import pytest
from anyio.to_thread import run_sync

from tests.fakes.command_line import Outcome, parleqctl, parleqctl_at, parleqctl_process
from tests.fakes.daemon import FakeDaemon, Object, Peer, Refusal, Reply, running_daemon
from tests.fakes.setting_up import DATED, ILL, PATH, REPLIES, WELL, settings

KEY = "k3y-of-the-test"
TARGET: Object = {
    "provider": "azure-openai",
    "auth": "api-key",
    "resource": "https://east.openai.azure.com",
    "deployment": "clean",
    "api_version": DATED,
    "family": "standard",
    "name": "east",
}
OPTIONS = ("--provider", "azure-openai", "--auth", "api-key", "--resource", "east", "--deployment", "clean")
UNASKED = (*OPTIONS, "--yes", "--key-from-stdin")
TYPED = f"2\neast\nclean\n\n\n{KEY}\n\n"
"""With a key, up to the name of the target."""
ADDED: Object = {"name": "east", "path": PATH, "replaced": False, "dropped": []}


@pytest.mark.asyncio
async def test_from_questions_to_a_saved_target() -> None:
    async with running_daemon(REPLIES) as daemon:
        outcome = await parleqctl_at(daemon, "setup", stdin=f"{TYPED}\n\n".encode())
    assert (outcome.code, outcome.out) == (0, f"east is saved in {PATH}\n")
    assert daemon.asked("targets/test") == [{"target": TARGET, "secret": KEY}]
    assert daemon.asked("targets/add") == [{"target": TARGET, "secret": KEY, "mode": "polished"}]
    told = outcome.err
    assert told.startswith("This sets up a model that polishes what you dictate.")
    for part in (PATH, "ok       key it opens", "  deployment   clean", f"Save it to {PATH}?", "parleqctl clean 'um"):
        assert part in told
    assert KEY not in told


@pytest.mark.asyncio
async def test_options_answer_a_script() -> None:
    async with running_daemon(REPLIES) as daemon:
        outcome = await parleqctl_at(daemon, "setup", *UNASKED, "--json", stdin=f"{KEY}\n".encode())
        untried = await parleqctl_at(
            daemon, "setup", *UNASKED, "--no-test", "--mode", "keep", "--name", "mine", stdin=KEY.encode()
        )
    assert (outcome.code, outcome.json) == (0, [{**ADDED, "mode": "polished", "test": WELL}])
    assert (untried.code, untried.out) == (0, f"mine is saved in {PATH}\n")
    assert "parleqctl config set cleanup.mode polished" in untried.err
    assert len(daemon.asked("targets/test")) == 1
    assert daemon.asked("targets/add") == [
        {"target": TARGET, "secret": KEY, "mode": "polished"},
        {"target": {**TARGET, "name": "mine"}, "secret": KEY},
    ]


@pytest.mark.asyncio
async def test_what_does_not_work_is_not_saved_unasked() -> None:
    async with running_daemon({**REPLIES, "targets/test": ILL}) as daemon:
        outcome = await parleqctl_at(daemon, "setup", *UNASKED, "--json", stdin=f"{KEY}\n".encode())
    assert (outcome.code, outcome.reason) == (4, "key_rejected")
    assert outcome.json[0]["error"]["message"] == "nothing was saved: key: refused"
    assert outcome.json[0]["error"]["hint"] == "make another"
    assert "failed   key  refused\n" in outcome.err
    assert daemon.asked("targets/add") == []
    assert KEY not in outcome.out + outcome.err


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("more", "code", "saved"),
    [("\n", 4, 0), ("1\n", 4, 0), ("3\n\n\n", 0, 1), ("2\n" + "\n" * 9, 0, 1)],
    ids=["give-up-by-default", "give-up", "save", "change"],
)
async def test_what_does_not_work_may_be_changed_saved_or_given_up(more: str, code: int, saved: int) -> None:
    reports = [ILL, WELL]

    async def test(_: Peer, params: Object) -> Object:
        return reports.pop(0)

    async with running_daemon({**REPLIES, "targets/test": test}) as daemon:
        outcome = await parleqctl_at(daemon, "setup", stdin=f"{TYPED}{more}".encode())
    assert outcome.code == code
    assert daemon.asked("targets/add") == [{"target": TARGET, "secret": KEY, "mode": "polished"}] * saved
    assert "It does not work yet." in outcome.err


@pytest.mark.asyncio
async def test_a_draft_that_the_daemon_refuses_is_a_part_that_failed() -> None:
    refusal = Refusal("config_invalid", "name: must be one word", "letters and digits")
    async with running_daemon({**REPLIES, "targets/test": refusal}) as daemon:
        outcome = await parleqctl_at(daemon, "setup", stdin=f"{TYPED}\n".encode())
    assert outcome.code == 4
    assert "failed   settings name: must be one word" in outcome.err


@pytest.mark.asyncio
async def test_what_the_daemon_will_not_save_is_told() -> None:
    refusal = Refusal("keyring_missing", "nothing was saved: no keyring answers", "put it into AZURE_OPENAI_API_KEY")
    async with running_daemon({**REPLIES, "targets/add": refusal}) as daemon:
        outcome = await parleqctl_at(daemon, "setup", *UNASKED, "--json", stdin=f"{KEY}\n".encode())
    assert (outcome.code, outcome.reason) == (4, "keyring_missing")
    assert "AZURE_OPENAI_API_KEY" in outcome.err


@pytest.mark.asyncio
async def test_whoever_says_no_at_the_end_saves_nothing() -> None:
    async with running_daemon(REPLIES) as daemon:
        outcome = await parleqctl_at(daemon, "setup", stdin=f"{TYPED}\nn\n".encode())
    assert outcome.code == 4
    assert "nothing was saved [cancelled]" in outcome.err
    assert daemon.asked("targets/add") == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("told", "asked", "mode"),
    [
        (settings(mode="polished"), False, None),
        (settings(mode="raw"), True, None),
        (settings("west", mode="instant"), True, None),
    ],
)
async def test_the_mode_is_asked_for_where_it_is_not_polished_yet(told: Object, asked: bool, mode: str | None) -> None:
    answers = f"{TYPED}{'2' if asked else ''}\n\n"
    async with running_daemon({**REPLIES, "settings/get": told}) as daemon:
        prefix = "1\n" if len(told["settings"]) > 1 else ""
        outcome = await parleqctl_at(daemon, "setup", stdin=(prefix + answers).encode())
    assert outcome.code == 0, outcome.err
    assert ("How shall dictations be cleaned?" in outcome.err) is asked
    assert daemon.asked("targets/add")[0].get("mode") == mode
    assert ("it works beside west" in outcome.err) is bool(prefix)


@pytest.mark.asyncio
async def test_a_target_of_the_environment_is_none_to_replace() -> None:
    there = settings("azure", origin="environment AZURE_OPENAI_ENDPOINT")
    async with running_daemon({**REPLIES, "settings/get": there}) as daemon:
        outcome = await parleqctl_at(daemon, "setup", stdin=f"{TYPED}\n\n".encode())
    assert outcome.code == 0
    assert "There is a target already." not in outcome.err


@pytest.mark.asyncio
async def test_settings_with_a_problem_are_to_be_mended_first() -> None:
    wrong: Reply = settings(problems=("config.toml:3: history.keep: must be a number",))
    async with running_daemon({**REPLIES, "settings/get": wrong}) as daemon:
        outcome = await parleqctl_at(daemon, "setup", "--json")
    assert (outcome.code, outcome.reason) == (4, "config_invalid")
    assert "parleqctl config edit" in outcome.err


@pytest.mark.asyncio
async def test_a_problem_of_the_environment_is_no_hindrance() -> None:
    half = settings(problems=("environment AZURE_OPENAI_ENDPOINT: cleanup.target: makes no target",))
    async with running_daemon({**REPLIES, "settings/get": half}) as daemon:
        outcome = await parleqctl_at(daemon, "setup", *UNASKED, stdin=KEY.encode())
    assert (outcome.code, outcome.out) == (0, f"east is saved in {PATH}\n")


@pytest.mark.asyncio
async def test_what_was_not_kept_of_the_target_before_is_told() -> None:
    added = {**ADDED, "replaced": True, "dropped": ["trusted_hosts", "scope"]}
    async with running_daemon({**REPLIES, "targets/add": added}) as daemon:
        outcome = await parleqctl_at(daemon, "setup", *UNASKED, stdin=KEY.encode())
    assert outcome.out == f"east is replaced in {PATH}\n"
    assert "not kept, as the target is at another place now: trusted_hosts, scope\n" in outcome.err


@pytest.mark.asyncio
async def test_the_end_of_the_input_names_the_option() -> None:
    async with running_daemon(REPLIES) as daemon:
        outcome = await parleqctl_at(daemon, "setup", "--json", stdin=b"2\n")
    assert (outcome.code, outcome.reason) == (2, "usage")
    assert "which --resource answers" in outcome.err
    assert daemon.asked("targets/add") == []


def test_without_a_daemon_it_says_how_to_start_one() -> None:
    outcome = parleqctl("setup", "--socket", "/nowhere/d.sock", stdin=b"2\n")
    assert outcome.code == 3
    assert "start" in outcome.err
    assert "Which" not in outcome.err


@pytest.mark.parametrize("surplus", [[KEY], [f"--key={KEY}"], ["--key", KEY]])
def test_a_key_as_an_argument_is_wrong_usage_and_not_repeated(surplus: list[str]) -> None:
    outcome = parleqctl("setup", *UNASKED, *surplus)
    assert outcome.code == 2
    assert "--key-from-stdin" in outcome.err
    assert KEY not in outcome.out + outcome.err


@pytest.mark.asyncio
@pytest.mark.parametrize(("typed", "code"), [(KEY.encode() + b"\n", 0), (b"\x03", 130), (b"\x04", 2)])
async def test_at_a_terminal_the_key_is_not_shown_and_control_c_saves_nothing(typed: bytes, code: int) -> None:
    async with running_daemon(REPLIES) as daemon:
        outcome, shown = await run_sync(partial(_typed, daemon, typed))
    assert outcome.code == code, outcome.err
    assert KEY not in shown + outcome.err
    assert [params["secret"] for params in daemon.asked("targets/add")] == ([KEY] if code == 0 else [])
    assert ("nothing was saved" in outcome.err) is (code == 130)


def _typed(daemon: FakeDaemon, typed: bytes) -> tuple[Outcome, str]:
    """`setup` at a terminal where this is typed when the key is asked for; what the terminal showed."""
    command, variables = parleqctl_process()
    rest = ("--api-version", DATED, "--family", "standard", "--name", "east", "--mode", "polished")
    master, terminal = pty.openpty()
    with os.fdopen(terminal) as theirs, os.fdopen(master, "r+b", buffering=0) as ours:
        process = subprocess.Popen(
            [*command, "setup", *OPTIONS, *rest, "--socket", daemon.path],
            env={**os.environ, **variables}, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,  # no /dev/tty: what is asked is asked on standard error
        )  # fmt: skip
        with process:
            try:
                assert process.stderr is not None
                prompts = _until(process.stderr, b"environment): ")
                if typed == b"\x03":  # it has no controlling terminal that would make a signal of it
                    _until_it_waits(process)
                    process.send_signal(signal.SIGINT)
                else:
                    ours.write(typed)
                if typed.endswith(b"\n"):
                    prompts += _until(process.stderr, b"[Y/n] ")
                    ours.write(b"\n")
                out, err = process.communicate(timeout=10)
            finally:
                process.kill()
        os.set_blocking(master, False)
        shown = ours.read() or b""
    return Outcome(process.returncode, out.decode(), (prompts + err).decode()), shown.decode()


def _until_it_waits(process: subprocess.Popen[bytes]) -> None:
    """Python notes a signal that comes before `read` has begun, and then reads on: nobody types as soon as that."""
    while psutil.Process(process.pid).status() != psutil.STATUS_SLEEPING:
        os.sched_yield()


def _until(stream: IO[bytes], ending: bytes) -> bytes:
    read = b""
    while not read.endswith(ending):
        read += stream.read(1) or ending  # at its end, what else there is will tell
    return read
