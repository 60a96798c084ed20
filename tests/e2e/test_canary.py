"""Key, token and what was said are found in no log, message, JSON, crash or process list, however a server echoes them.

The programs are real; the server is `tests.fakes.hostile_server`, whose every answer holds all that it was sent.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from anyio import to_thread

from parleqd._tools.demo_recording import RECORDING
from tests.e2e.programs import Daemon, eventually, running_daemon
from tests.fakes.hostile_server import ECHOES, HostileServer, running_hostile_server
from tests.keyrings import run_with_keyring
from tests.parts import ROOT, need, scale

KEY = "canary0key1of2the3environment456"
TOKEN = "eyJjYW5hcnkw.dG9rZW4tb2YtYXo.c2lnbmF0dXJl-canary-token"
SECRET = "canary-of-a-client-secret"
SECRETS = (KEY, TOKEN, SECRET)
SAID = "um the velvet kingfisher sings in the quarry tonight"
WORDS = ("velvet", "kingfisher", "quarry")
EVERY = tuple(each.lower() for each in (*SECRETS, *WORDS))
WORKER, DECODER = "parleqd.speech_worker", "parleqd.speech_worker.decode"
VARIABLES = {"AZURE_OPENAI_API_KEY": KEY, "OPENAI_API_KEY": KEY, "AZURE_CLIENT_SECRET": SECRET}
SETTINGS = """
[cleanup]
mode = "polished"
budget_s = 0.4
[[cleanup.target]]
name = "east"
provider = "azure-openai"
auth = "{auth}"
resource = "{address}"
deployment = "gpt-4o-mini"
"""
QUESTIONS = [
    ["status"], ["metrics"], ["doctor"], ["secret", "list"], ["config", "show"], ["devices"], ["models", "list"],
]  # fmt: skip
"""Commands that nobody asks for a text."""
AZ = """#!/bin/sh
env > {folder}/environment
if [ -e {folder}/broken ]; then
    echo 'ERROR: no more of "accessToken": "{token}", nor of {token}' >&2
    exit 1
fi
echo 'WARNING: {token}' >&2
echo '{{"accessToken": "{token}", "expires_on": {expires}, "tokenType": "Bearer"}}'
"""


def found_in(text: str, canaries: tuple[str, ...] = EVERY) -> list[str]:
    """Which of the canaries a text holds."""
    return [canary for canary in canaries if canary.lower() in text.lower()]


def assert_silent(done: subprocess.CompletedProcess[str], *, text_is_asked_for: bool = False) -> None:
    """A command's output holds nothing: but the text, on stdout, where it was asked for."""
    assert found_in(done.stdout, tuple(map(str.lower, SECRETS)) if text_is_asked_for else EVERY) == [], done
    assert found_in(done.stderr) == [], done


class Watch:
    """What can be seen of a daemon's children from outside."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self.seen = set[str]()

    def look(self, module: str) -> bool:
        """Look at every child that runs this module: whether there is one."""
        for child in self._daemon.children(module):
            try:
                said = [*child.cmdline(), *(f"{name}={value}" for name, value in child.environ().items())]
            except psutil.Error:
                continue  # it has just ended
            assert found_in("\n".join(said)) == [], said
            self.seen.add(module)
        return module in self.seen


def assert_no_process_shows_them() -> None:
    for process in psutil.process_iter(["cmdline"]):
        assert found_in("\n".join(process.info["cmdline"] or [])) == [], process


def provoke(daemon: Daemon, server: HostileServer, echoes: int) -> None:
    """Have the daemon meet so many echoes: whenever its settings change it takes its target for healthy."""
    with daemon.connect() as connection:

        def heard_after(before: int) -> bool:
            cleaned = connection.call("text/clean", {"text": SAID})
            told = [cleaned["fallback"], connection.call("status/get"), connection.call("metrics/get")]
            assert found_in(json.dumps(told)) == [], told
            return server.answered > before

        for number in range(echoes):
            connection.call("settings/set", {"key": "cleanup.budget_s", "value": f"0.{5 - number % 2}"})
            # The key is read, or the token minted, behind the settings' back.
            eventually(partial(heard_after, server.answered), f"echo {number} is heard", 20)


def examine(daemon: Daemon, server: HostileServer) -> None:
    """Have the target tried hop by hop, once for each echo."""
    target = {"name": "east", "provider": "azure-openai", "auth": "api-key", "deployment": "gpt-4o-mini"}
    with daemon.connect() as connection:
        for _ in ECHOES:
            params = {"target": {**target, "resource": server.address}, "secret": KEY}
            found = connection.call("targets/test", params)
            assert found_in(json.dumps(found)) == [], found


def misspeak(daemon: Daemon) -> None:
    """Requests that no client should send, with the canaries where they do not belong."""
    for line in (
        json.dumps({"jsonrpc": "2.0", "id": SAID, "method": f"{KEY}/{SAID}", "params": {KEY: SAID}}),
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "text/clean", "params": {"text": 1, SAID: KEY}}),
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "text/clean", "params": {"text": SAID, "mode": KEY}}),
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "session/start", "params": {"source": "file", "path": SAID}}),
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "secrets/set", "params": {"name": KEY, "secret": TOKEN}}),
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "text/clean", "params": {"text": f"\ud800{SAID}"}}),
        f'{{"jsonrpc": "2.0", "{KEY}": "{SAID}',
        f"{KEY} {SAID}",
    ):
        with socket.socket(socket.AF_UNIX) as stream:
            stream.settimeout(10)
            stream.connect(str(daemon.socket))
            stream.sendall(line.encode() + b"\n")
            stream.shutdown(socket.SHUT_WR)
            while stream.recv(65536):
                pass


def crash(daemon: Daemon) -> None:
    """End the worker, then the daemon, as an error in a library would: nothing is left on the disk or told."""
    cores = set(ROOT.glob("core*"))
    (worker,) = daemon.children(WORKER)
    worker.send_signal(signal.SIGSEGV)
    eventually(lambda: worker not in daemon.children(WORKER), "the worker is gone")
    daemon.wait_ready()
    assert psutil.Process(daemon.process.pid).rlimit(psutil.RLIMIT_CORE) == (0, 0)
    daemon.process.send_signal(signal.SIGABRT)
    daemon.process.wait(20)
    assert set(ROOT.glob("core*")) == cores
    for path in daemon.home.rglob("*"):
        if path.is_file():
            assert found_in(path.read_text("latin-1")) == [], path
    daemon.start_again()


def live(daemon: Daemon, server: HostileServer, *, echoes: int, questions: int) -> None:
    """All that people do with it, but for some of what they ask it."""
    watch = Watch(daemon)
    daemon.wait_ready()
    assert watch.look(WORKER)
    provoke(daemon, server, echoes)
    for as_json in ([], ["--json"]):
        done = daemon.ctl("clean", "--mode", "polished", *as_json, stdin=SAID.encode())
        assert done.returncode == 0
        assert found_in(done.stdout, WORDS) == list(WORDS)
        assert_silent(done, text_is_asked_for=True)
        for question in QUESTIONS[:questions]:
            assert_silent(daemon.ctl(*question, *as_json))
    dictate(daemon, watch)
    misspeak(daemon)
    assert_silent(daemon.ctl("secret", "set", "east", KEY))
    assert_no_process_shows_them()
    assert watch.seen == {WORKER, DECODER}
    assert found_in(daemon.log) == []
    crash(daemon)


def dictate(daemon: Daemon, watch: Watch) -> None:
    """A spoken text is where it was asked for, and in no log."""
    command = [sys.executable, "-m", "parleqctl", "dictate", "--pace", "fast", "--json", str(RECORDING)]
    command += ["--socket", str(daemon.socket)]
    with subprocess.Popen(
        command, env=daemon.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as dictating:
        eventually(lambda: watch.look(DECODER), "the decoder runs")
        stdout, stderr = dictating.communicate(timeout=60)
    words = json.loads(stdout)["raw"].split()
    pairs = [" ".join(pair) for pair in pairwise(words)]
    assert len(pairs) > 10
    for told in (stderr, daemon.log, daemon.ctl("status", "--json").stdout, daemon.ctl("metrics", "--json").stdout):
        assert found_in(told, tuple(pairs)) == []
    assert found_in(stdout, SECRETS) == []


async def beside_a_hostile_server(live: Callable[[HostileServer], None]) -> None:
    """Run this in a thread, while the server answers here."""
    async with running_hostile_server() as server:
        await to_thread.run_sync(live, server)


@pytest.mark.timeout(180)
@pytest.mark.asyncio
async def test_a_key_of_the_environment() -> None:
    need("embedded-model")

    def scenario(server: HostileServer) -> None:
        settings = SETTINGS.format(auth="api-key", address=server.address)
        with running_daemon(settings, "--log-level", "debug", environment=VARIABLES) as daemon:
            live(daemon, server, echoes=len(ECHOES), questions=scale(3, len(QUESTIONS)))
            examine(daemon, server)
            assert found_in(daemon.log) == []
        assert server.keys == {KEY}

    await beside_a_hostile_server(scenario)


@pytest.mark.timeout(180)
@pytest.mark.asyncio
async def test_a_token_of_az(tmp_path: Path) -> None:
    need("embedded-model")

    def scenario(server: HostileServer) -> None:
        az = tmp_path / "az"
        az.write_text(AZ.format(folder=tmp_path, token=TOKEN, expires=int(time.time()) + 3600))
        az.chmod(0o700)
        (tmp_path / "broken").touch()
        settings = SETTINGS.format(auth="azure-cli", address=server.address)
        environment = {**VARIABLES, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
        options = ("--log-level", "debug", "--log-format", "json")
        with running_daemon(settings, *options, environment=environment) as daemon:
            with daemon.connect() as connection:
                eventually(lambda: '"token_failed"' in daemon.log, "az has failed")
                assert found_in(str(connection.call("text/clean", {"text": SAID})["fallback"])) == []
            (tmp_path / "broken").unlink()
            live(daemon, server, echoes=scale(5, len(ECHOES)), questions=scale(0, len(QUESTIONS)))
        assert server.keys == {TOKEN}
        assert found_in((tmp_path / "environment").read_text(), (KEY,)) == []

    await beside_a_hostile_server(scenario)


@pytest.mark.timeout(120)
@pytest.mark.asyncio
async def test_a_key_and_a_token_of_the_keyring(tmp_path: Path) -> None:
    def scenario(server: HostileServer) -> None:
        program = f"from tests.e2e.test_canary import live_with_keyring; live_with_keyring({server.address!r})"
        run_with_keyring(tmp_path, program, patience_s=100)
        assert server.keys == {KEY, TOKEN}

    await beside_a_hostile_server(scenario)


def live_with_keyring(address: str) -> None:
    """What people do with secrets, in a session with a keyring."""
    settings = SETTINGS.format(auth="api-key", address=address)
    settings += settings.partition("[[")[2].join(["[[", ""]).replace("east", "west").replace("api-key", "token")
    with running_daemon(settings, "--log-level", "debug", "--log-format", "json") as daemon:
        for name, secret in (("east", KEY), ("west", f"{KEY} {SAID}"), ("west", TOKEN)):
            assert_silent(daemon.ctl("secret", "set", name, "--json", stdin=secret.encode()))
        assert_silent(daemon.ctl("secret", "list"))
        for number in range(6):
            if number == 3:  # from now on the other target is asked
                assert_silent(daemon.ctl("secret", "delete", "east"))
            daemon.ctl("config", "set", "cleanup.budget_s", f"0.{4 + number}")
            done = daemon.ctl("clean", "--mode", "polished", stdin=SAID.encode())
            assert_silent(done, text_is_asked_for=True)
        assert_silent(daemon.ctl("status", "--json"))
        assert_no_process_shows_them()
        assert found_in(daemon.log) == []
        for path in daemon.home.rglob("*"):
            assert not path.is_file() or found_in(path.read_text("latin-1")) == [], path


def test_a_key_written_into_the_settings_by_mistake() -> None:
    settings = SETTINGS.format(auth="api-key", address="east") + f'api_key = "{KEY}"\n'
    with running_daemon(settings, "--log-level", "debug") as daemon:
        for command in (["status"], ["config", "show"], ["config", "validate"], ["secret", "list"]):
            for as_json in ([], ["--json"]):
                assert_silent(daemon.ctl(*command, *as_json))
        checked = subprocess.run(
            [sys.executable, "-m", "parleqd", "--check-config", "--json"],
            env=daemon.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert_silent(checked)
        assert found_in(daemon.log) == []
