"""What starts fast loads little: ``sys.modules`` of the real programs, looked at from inside."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture import tree
from tests.parts import ROOT

RECOGNISER = {"numpy", "onnxruntime", "av", "ctranslate2", "faster_whisper"}
LATER = {"httpx", "huggingface_hub", "keyring", "sounddevice"}
NOT_IN_THE_COMMAND_LINE = {"msgspec", "asyncio", "anyio", "structlog"} | RECOGNISER | LATER

SCRIPTS: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]

# Runs a program as its script would, and writes down which modules it had loaded when it bound its socket (a
# daemon's) and at its end. Audit hooks are CPython's own; the program knows nothing of this.
PROBE = """
import atexit, json, os, sys
report, module, function = sys.argv[1:4]
del sys.argv[1:4]
seen = {}
def note(when):
    seen.setdefault(when, sorted({name.split(".")[0] for name in sys.modules}))
sys.addaudithook(lambda event, _: note("bind") if event == "socket.bind" else None)
def write():
    note("end")
    with open(report, "w") as file:
        json.dump(seen, file)
atexit.register(write)
at_once = os._exit  # how the daemon ends: what is registered is not called then
def ended(code):
    write()
    at_once(code)
os._exit = ended
sys.exit(getattr(__import__(module, fromlist=["*"]), function)())
"""


def test_every_script_leads_to_a_function() -> None:
    tree.expect_none(
        f"[project.scripts] {script}: {target} does not exist"
        for script, target in SCRIPTS.items()
        if not _exists(*target.split(":"))
    )


def test_a_daemon_loads_nothing_heavy_and_status_next_to_nothing(tmp_path: Path) -> None:
    with running_daemon(tmp_path) as (place, report):
        status = subprocess.run(
            probed("parleqctl", tmp_path / "status.json", "status", "--json", "--socket", str(place)),
            env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=10,
        )  # fmt: skip
        assert status.returncode == 0, status.stderr
    daemon, client = (json.loads(path.read_text("utf-8")) for path in (report, tmp_path / "status.json"))
    assert (RECOGNISER | LATER) & set(daemon["bind"]) == set(), "loaded before the socket could answer"
    assert RECOGNISER & set(daemon["end"]) == set(), "loaded by the daemon while it ran"
    assert NOT_IN_THE_COMMAND_LINE & set(client["end"]) == set(), "loaded by parleqctl status"


@pytest.mark.parametrize("module", ["parleqd", "parleqd.protocol.names", "parleqctl.main"])
def test_an_import_for_the_command_line_brings_nothing_heavy(module: str) -> None:
    program = f"import sys, {module}; print(*(name.split('.')[0] for name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert NOT_IN_THE_COMMAND_LINE & set(loaded.split()) == set()


@contextmanager
def running_daemon(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A daemon in its own process that answers: its socket, and where it will write down what it loaded."""
    place, report = folder / "s", folder / "daemon.json"
    process = subprocess.Popen(
        probed("parleqd", report, "--socket", str(place)),
        env=environment(folder),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for_an_answer(place, process, deadline=time.monotonic() + 10)
        yield place, report
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=10)
        print(errors)  # noqa: T201  # shown by pytest when the test fails


def wait_for_an_answer(place: Path, process: subprocess.Popen[str], deadline: float) -> None:
    """Ask for the status until it comes; the daemon's death or the deadline ends the wait."""
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(10)
                client.connect(str(place))
                client.sendall(b'{"jsonrpc": "2.0", "id": 1, "method": "status/get"}\n')
                assert b'"result"' in client.recv(65536)
                return
        except (FileNotFoundError, ConnectionRefusedError):
            assert time.monotonic() < deadline, "the daemon did not answer in time"
            try:
                process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"the daemon ended with {process.returncode}") from None


def probed(script: str, report: Path, *arguments: str) -> list[str]:
    """The command that runs a script of pyproject.toml under the probe."""
    module, function = SCRIPTS[script].split(":")
    return [sys.executable, "-c", PROBE, str(report), module, function, *arguments]


def environment(folder: Path) -> dict[str, str]:
    """A user with nothing configured, whose folders all lie in one place."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LD_LIBRARY_PATH"}}
    return {**kept, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}


def _exists(module: str, function: str) -> bool:
    program = f"from {module} import {function}"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0
