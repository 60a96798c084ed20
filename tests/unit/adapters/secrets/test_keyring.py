"""The system's keyring: real, locked, absent, and one that never answers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from parleqd.adapters.secrets.keyring import Backend, KeyringSecrets
from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason
from tests.fakes.secrets import Shelf
from tests.keyrings import run_with_keyring
from tests.parts import ROOT

PRINTED = """
import asyncio, sys
from parleqd.adapters.secrets.keyring import system_keyring
from parleqd.core.errors import OutsideError

secrets = system_keyring(sys.platform)

def lock():
    import secretstorage
    connection = secretstorage.dbus_init()
    secretstorage.Collection(connection).lock()

async def main():
    try:
        STEPS
    except OutsideError as error:
        print(error.reason, bool(error.hint))

asyncio.run(main())
"""

USE = """
        print(await secrets.get("a/b"))
        await secrets.set("a/b", "old")
        await secrets.set("a/b", "käse")
        print(await secrets.get("a/b"), await secrets.get("a/c"))
        await secrets.delete("a/b")
        await secrets.delete("a/b")
        print(await secrets.get("a/b"))
        lock()
        await secrets.get("a/b")
"""
GET = 'print(await secrets.get("a"))'


async def reason_of(secrets: KeyringSecrets) -> Reason:
    with pytest.raises(OutsideError) as caught:
        await secrets.get("a")
    return caught.value.reason


def test_a_real_keyring_keeps_replaces_forgets_and_locks(tmp_path: Path) -> None:
    printed = run_with_keyring(tmp_path, PRINTED.replace("STEPS", USE.strip()))
    assert printed.splitlines() == ["None", "käse None", "None", "keyring_locked True"]


def test_a_bus_without_a_keyring(tmp_path: Path) -> None:
    printed = run_with_keyring(tmp_path, PRINTED.replace("STEPS", GET), service=False)
    assert printed.splitlines() == ["keyring_missing True"]


def test_no_bus_at_all(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINTED.replace("STEPS", GET)],
        cwd=ROOT, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=15,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("keyring_missing True\n", "")


@pytest.mark.asyncio
async def test_entries_lie_under_the_services_name() -> None:
    shelf = Shelf()
    await KeyringSecrets(lambda: shelf).set("target/a", "key")
    assert shelf.kept == {("parleq", "target/a"): "key"}


@pytest.mark.asyncio
async def test_one_that_never_answers_is_given_up_and_not_asked_again_meanwhile() -> None:
    answer = threading.Event()
    calls: list[str] = []

    def connect() -> Backend:
        calls.append("connect")
        return Shelf(answer.wait)

    secrets = KeyringSecrets(connect, deadline_s=0.05)
    assert await reason_of(secrets) is Reason.KEYRING_LOCKED
    assert await reason_of(secrets) is Reason.KEYRING_LOCKED
    assert calls == ["connect"]
    answer.set()
    with anyio.fail_after(5):
        while secrets._hangs:
            await anyio.lowlevel.checkpoint()
    assert await secrets.get("a") is None


@pytest.mark.asyncio
async def test_calls_at_once_take_turns() -> None:
    shelf = Shelf()
    secrets = KeyringSecrets(lambda: shelf)
    async with anyio.create_task_group() as tasks:
        for number in range(5):
            tasks.start_soon(secrets.set, f"n{number}", "x")
    assert len(shelf.kept) == 5


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("error", "reason"),
    [("KeyringLocked", Reason.KEYRING_LOCKED), ("NoKeyringError", Reason.KEYRING_MISSING),
     ("InitError", Reason.KEYRING_MISSING), ("PasswordSetError", Reason.KEYRING_MISSING)],
)  # fmt: skip
async def test_what_the_library_raises_has_a_reason_here(error: str, reason: Reason) -> None:
    def connect() -> Backend:
        import keyring.errors

        raise getattr(keyring.errors, error)("no text of its own")

    assert await reason_of(KeyringSecrets(connect, deadline_s=10)) is reason
