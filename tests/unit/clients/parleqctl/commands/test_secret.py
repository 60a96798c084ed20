from __future__ import annotations

import os
import pty
import subprocess
from functools import partial

import pytest
from anyio.to_thread import run_sync

from tests.fakes.command_line import Listening, Outcome, parleqctl, parleqctl_at, parleqctl_process
from tests.fakes.daemon import Object, Refusal, Reply, running_daemon

KEY = "k3y-of-the-test"


def entry(name: str, auth: str, state: str, **more: str) -> Object:
    return {"name": name, "auth": auth, "state": state, **more}


STORED = entry("eastus", "api-key", "stored")
LOCKED = {"reason": "keyring_locked", "message": "the keyring is locked", "hint": "unlock it"}
ALL: Object = {
    "secrets": [
        STORED,
        entry("mine", "api-key", "environment", variable="OPENAI_API_KEY"),
        entry("west", "azure-cli", "not_needed"),
        entry("north", "token", "missing"),
    ]
}
TABLE = """\
eastus  api-key    in the keyring
mine    api-key    from OPENAI_API_KEY
west    azure-cli  not needed
north   token      missing
"""
REPLIES: dict[str, Reply] = {"secrets/status": ALL, "secrets/set": STORED, "secrets/delete": STORED}


@pytest.mark.asyncio
async def test_targets_are_a_table_that_says_where_keys_come_from() -> None:
    async with running_daemon(REPLIES) as daemon:
        table = await parleqctl_at(daemon, "secret", "list")
        json = await parleqctl_at(daemon, "secret", "list", "eastus", "--json")
    assert (table.code, table.out, table.err) == (0, TABLE, "store one with `parleqctl secret set NAME`\n")
    assert (json.code, json.json) == (0, [ALL])
    assert daemon.asked("secrets/status") == [{}, {"name": "eastus"}]


@pytest.mark.asyncio
async def test_a_keyring_that_cannot_be_read_is_told_once() -> None:
    unknown = [entry(name, "api-key", "unknown", **LOCKED) for name in ("a", "b")]
    async with running_daemon({"secrets/status": {"secrets": unknown}}) as daemon:
        outcome = await parleqctl_at(daemon, "secret", "list")
    assert outcome.code == 0
    assert outcome.out.count("unknown: the keyring cannot be read") == 2
    assert outcome.err == "parleqctl: warning: the keyring is locked [keyring_locked]; unlock it\n"


@pytest.mark.asyncio
async def test_without_targets_there_is_nothing_to_list() -> None:
    async with running_daemon({"secrets/status": {"secrets": []}}) as daemon:
        outcome = await parleqctl_at(daemon, "secret", "list")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "no cleanup target is configured\n")


@pytest.mark.asyncio
async def test_a_key_comes_from_standard_input_and_is_not_printed() -> None:
    async with running_daemon(REPLIES) as daemon:
        said = await parleqctl_at(daemon, "secret", "set", "eastus", stdin=f"{KEY}\n".encode())
        json = await parleqctl_at(daemon, "secret", "set", "eastus", "--json", stdin=KEY.encode())
    assert (said.code, said.out, said.err) == (0, "the key of eastus is in the keyring\n", "")
    assert (json.code, json.json, json.err) == (0, [STORED], "")
    assert daemon.asked("secrets/set") == [{"name": "eastus", "secret": KEY}] * 2


@pytest.mark.asyncio
async def test_a_key_that_nothing_uses_is_told() -> None:
    unused = entry("west", "azure-cli", "not_needed")
    async with running_daemon({**REPLIES, "secrets/set": unused}) as daemon:
        outcome = await parleqctl_at(daemon, "secret", "set", "west", stdin=b"k")
    assert outcome.code == 0
    assert outcome.err == "parleqctl: warning: west signs in with azure-cli, which uses no key\n"


@pytest.mark.asyncio
async def test_a_key_is_forgotten_and_what_takes_its_place_is_told() -> None:
    other = entry("eastus", "api-key", "environment", variable="OPENAI_API_KEY")
    async with running_daemon({"secrets/delete": other}) as daemon:
        said = await parleqctl_at(daemon, "secret", "delete", "eastus")
        json = await parleqctl_at(daemon, "secret", "delete", "eastus", "--json")
    assert (said.code, said.out) == (0, "the keyring has no key of eastus any more\n")
    assert "from OPENAI_API_KEY now" in said.err
    assert (json.code, json.json) == (0, [other])


@pytest.mark.parametrize("action", ["set", "delete", "list"])
@pytest.mark.asyncio
async def test_an_unknown_target_is_refused_before_a_key_is_read(action: str) -> None:
    refusal = Refusal("not_configured", "no cleanup target has that name", "did you mean eastus?")
    async with running_daemon({"secrets/status": refusal, "secrets/delete": refusal}) as daemon:
        outcome = await parleqctl_at(daemon, "secret", action, "eastsu", "--json", stdin=KEY.encode())
    assert (outcome.code, outcome.reason) == (4, "not_configured")
    assert "hint: did you mean eastus?" in outcome.err
    assert daemon.asked("secrets/set") == []


@pytest.mark.asyncio
async def test_what_the_keyring_refuses_is_told_with_its_hint() -> None:
    refusal = Refusal("keyring_missing", "no keyring answers", "install gnome-keyring")
    async with running_daemon({**REPLIES, "secrets/set": refusal}) as daemon:
        outcome = await parleqctl_at(daemon, "secret", "set", "eastus", "--json", stdin=KEY.encode())
    assert (outcome.code, outcome.reason) == (4, "keyring_missing")
    assert "hint: install gnome-keyring" in outcome.err
    assert KEY not in outcome.out + outcome.err


@pytest.mark.parametrize("surplus", [[KEY], [KEY, "--json"], ["--json", KEY], [f"--key={KEY}"], ["--key", KEY]])
def test_a_key_as_an_argument_is_wrong_usage_and_not_repeated(surplus: list[str]) -> None:
    outcome = parleqctl("secret", "set", "eastus", *surplus)
    assert outcome.code == 2
    assert "read from standard input" in outcome.err
    assert KEY not in outcome.out + outcome.err


@pytest.mark.asyncio
async def test_at_a_terminal_the_key_is_asked_for_and_not_shown() -> None:
    async with running_daemon(REPLIES) as daemon:
        outcome, shown = await run_sync(partial(_typed, daemon, KEY.encode() + b"\n"))
        ended, _ = await run_sync(partial(_typed, daemon, b"\x04"))
    assert (outcome.code, outcome.out) == (0, "the key of eastus is in the keyring\n")
    assert outcome.err == "Key of eastus (not shown): \n"
    assert KEY not in shown
    assert ended.code == 0
    assert [params["secret"] for params in daemon.asked("secrets/set")] == [KEY, ""]


def _typed(daemon: Listening, typed: bytes) -> tuple[Outcome, str]:
    """`secret set eastus` at a terminal where this is typed at the prompt; what the terminal showed."""
    command, variables = parleqctl_process()
    master, terminal = pty.openpty()
    with os.fdopen(terminal) as theirs, os.fdopen(master, "r+b", buffering=0) as ours:
        process = subprocess.Popen(
            [*command, "secret", "set", "eastus", "--socket", str(daemon.path)],
            env={**os.environ, **variables}, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,  # no /dev/tty: what is asked is asked on standard error
        )  # fmt: skip
        assert process.stderr is not None
        prompt = process.stderr.read(len("Key of eastus (not shown): "))
        ours.write(typed)
        out, err = process.communicate(timeout=10)
        os.set_blocking(master, False)
        shown = ours.read() or b""
    return Outcome(process.returncode, out.decode(), (prompt + err).decode()), shown.decode()
