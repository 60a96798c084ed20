"""The event log keeps to its table, and a report tells nothing of its user, whatever was said, set and gone wrong.

Everything that has a name is called by a canary: targets, hosts, devices, files, folders, terms, rules, user. What was
said, and the key, are canaries too; the cleanup server sends them back in every answer.
"""

from __future__ import annotations

import gzip
import io
import json
import shutil
import signal
import socket
import tarfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from parleqd._tools.demo_recording import RECORDING
from parleqd.core.log_events import EVENTS, fits
from tests.e2e.programs import Daemon, ctl, eventually, result_of, running_daemon
from tests.e2e.test_canary import WORKER, beside_a_hostile_server, found_in
from tests.fakes.hostile_server import HostileServer
from tests.parts import need

KEY = "canary0key1of2the3report456"
SAID = "um the velvet kingfisher sings in the quarry tonight"
NAMES = (
    "target-osprey", "deployment-osprey", "tenant-osprey", "scope-osprey", "headset-osprey", "rule-osprey",
    "title-osprey", "preset-osprey", "paste-osprey", "server-osprey", "price-osprey", "file-osprey", "user-osprey",
    "host-osprey", "folder-osprey", "term-osprey", "hotkey-osprey",
)  # fmt: skip
CANARIES = (KEY, "osprey", "velvet", "kingfisher", "quarry", *NAMES)
SETTINGS = """
[audio]
device = "headset-osprey"
[speech]
server_model = "server-osprey"
[cleanup]
mode = "polished"
budget_s = 0.5
presets = {{ preset-osprey = "as the velvet kingfisher of preset-osprey" }}
prices = {{ price-osprey = [1, 2, 3] }}
[[cleanup.target]]
name = "target-osprey"
provider = "azure-openai"
auth = "api-key"
resource = "{address}"
deployment = "deployment-osprey"
tenant = "00000000-0000-0000-0000-000000000000"
trusted_hosts = ["host-osprey.example.com"]
[[cleanup.target]]
name = "target-osprey-2"
provider = "azure-openai"
auth = "api-key"
resource = "https://host-osprey.invalid"
deployment = "deployment-osprey"
[insertion]
paste_keys = {{ paste-osprey = "ctrl+shift+v" }}
[hotkey]
key = "hotkey-osprey"
[[app]]
name = "rule-osprey"
title = "*title-osprey*"
app = ["rule-osprey"]
vocabulary = ["term-osprey"]
mode = "raw"
"""
LONGEST_COMMON = 6
"""Characters: a shorter name of a machine or user, such as "root", may well be a part of some other word."""
VARIABLES = {"AZURE_OPENAI_API_KEY": KEY, "USER": "user-osprey", "LOGNAME": "user-osprey", "HOSTNAME": "host-osprey"}
WRITTEN = {
    "listening", "worker_started", "model_loaded", "decode_started", "session", "transcribed", "cleaned",
    "acknowledged", "polish_failed", "target_tried", "worker_died", "worker_ended", "settings_reloaded",
    "microphone_missing", "vocabulary_failed",
}  # fmt: skip
"""Events that what is done below must bring about."""


def members(path: Path) -> dict[str, str]:
    """The files of a bundle by name, with all that the archive says of each."""
    found = {}
    with tarfile.open(path) as archive:
        for entry in archive:
            file = archive.extractfile(entry)
            assert file is not None
            found[entry.name] = f"{entry.get_info()}\n{file.read().decode()}"
    return found


def assert_clean(path: Path, canaries: tuple[str, ...]) -> dict[str, str]:
    """Neither the files nor the headers hold any of them, and only the owner may read it."""
    assert path.stat().st_mode & 0o777 == 0o600
    data = path.read_bytes()
    for told in (data.decode("latin-1"), gzip.decompress(data).decode("latin-1"), *members(path).values()):
        assert found_in(told, canaries) == []
    return members(path)


def records(daemon: Daemon) -> list[dict[str, Any]]:
    return [json.loads(line) for line in daemon.log.splitlines() if line.startswith("{")]


def assert_of_the_table(record: dict[str, Any]) -> None:
    """The event stands in the table, with exactly these fields, each holding what it may."""
    told = {name: value for name, value in record.items() if name not in ("timestamp", "level", "event")}
    assert record["event"] in EVENTS, record
    fields = EVENTS[record["event"]].fields
    assert told.keys() == fields.keys(), record
    assert all(fits(fields[name], value) for name, value in told.items()), record


def live(daemon: Daemon) -> tuple[str, ...]:
    """Dictations that go well and that fail; what was heard, two words at a time."""
    daemon.wait_ready()
    recording = daemon.home / "file-osprey.wav"
    shutil.copy(RECORDING, recording)
    daemon.ctl("vocabulary", "add", "term-osprey")
    heard = result_of(daemon.ctl("dictate", "--pace", "fast", "--mode", "instant", "--json", str(recording)))["raw"]
    daemon.ctl("dictate", "--pace", "fast", "--json", str(daemon.home / "file-osprey-that-is-not.wav"))
    (daemon.home / "file-osprey.txt").write_text(SAID)
    daemon.ctl("dictate", "--pace", "fast", "--json", str(daemon.home / "file-osprey.txt"))
    for _ in range(2):
        daemon.ctl("clean", "--mode", "polished", stdin=SAID.encode())
    daemon.ctl("refine", "--instruction", "like the kingfisher", stdin=SAID.encode())
    daemon.ctl("start")
    eventually(lambda: '"microphone_missing"' in daemon.log, "the microphone is missed")
    (worker,) = daemon.children(WORKER)
    worker.kill()
    eventually(lambda: '"worker_died"' in daemon.log, "the worker is missed")
    daemon.wait_ready()
    (daemon.home / "vocabulary.jsonl").unlink()
    (daemon.home / "vocabulary.jsonl").mkdir()
    daemon.process.send_signal(signal.SIGHUP)
    eventually(lambda: '"vocabulary_failed"' in daemon.log, "the vocabulary is missed")
    assert daemon.home.name in daemon.log  # the file is named there
    pairs = tuple(" ".join(pair) for pair in pairwise(heard.split()))
    assert len(pairs) > 10
    return pairs


def canaries_of(daemon: Daemon, server: HostileServer, pairs: tuple[str, ...]) -> tuple[str, ...]:
    """All that must not be told: of this run, too."""
    address = server.address.rpartition("/")[2]
    machine = (socket.gethostname(), psutil.Process().username())
    distinct = [name for name in machine if len(name) > LONGEST_COMMON]
    return (*CANARIES, *pairs, daemon.home.name, str(daemon.home), address, *distinct)


@pytest.mark.timeout(180)
@pytest.mark.asyncio
async def test_a_report_and_the_log_tell_nothing_of_their_user() -> None:
    need("embedded-model")

    def scenario(server: HostileServer) -> None:
        settings = SETTINGS.format(address=server.address)
        options = ("--log-level", "debug", "--log-format", "json")
        with running_daemon(settings, *options, environment=VARIABLES) as daemon:
            canaries = canaries_of(daemon, server, live(daemon))
            path = daemon.home / "folder-osprey.tar.gz"
            told = result_of(daemon.ctl("report", "--json", "--output", str(path)))
            files = assert_clean(path, canaries)
            assert (told["daemon"], told["sent"]) == (True, False)
            assert {name.partition("/")[2] for name in files} == set(told["files"])
            assert_full(files)
            for record in records(daemon):
                assert_of_the_table(record)
            assert WRITTEN - {record["event"] for record in records(daemon)} == set()
            assert found_in(daemon.log, ("velvet", "kingfisher", "quarry", KEY, *canaries[len(CANARIES) :][:10])) == []
            assert_without_a_daemon(daemon, canaries)
        assert server.keys == {KEY}

    await beside_a_hostile_server(scenario)


def assert_full(files: dict[str, str]) -> None:
    """It is of use: what went wrong is in it, by its reason, under one number for each name."""
    events = files["parleq-report/events.jsonl"]
    assert [event for event in WRITTEN if f'"{event}"' not in events] == []
    settings = files["parleq-report/settings.json"]
    assert '"name-1"' in settings
    assert '"azure-openai"' in settings
    checks = files["parleq-report/checks.json"]
    assert '"no_microphone"' in checks
    assert ": permission" in checks or ": key" in checks
    metrics = json.loads(files["parleq-report/metrics.json"].partition("\n")[2])
    assert metrics["counts"]["verdict_speech"] >= 1
    assert metrics["stages"]["release_to_text"]["total"] >= 1


def assert_without_a_daemon(daemon: Daemon, canaries: tuple[str, ...]) -> None:
    """The same settings where no daemon answers."""
    path = daemon.home / "without.tar.gz"
    nowhere = str(daemon.home / "nowhere.sock")
    done = ctl("report", "--output", str(path), "--socket", nowhere, environment=daemon.environment)
    assert (done.returncode, "No daemon answered" in done.stdout) == (0, True), done
    assert found_in(done.stderr, canaries) == []
    files = assert_clean(path, canaries)
    assert "Did a daemon answer? no (daemon_unreachable)" in files["parleq-report/README.txt"]
    assert '"name-1"' in files["parleq-report/settings.json"]


def test_a_bundle_s_search_finds_what_is_in_a_file_or_a_header(tmp_path: Path) -> None:
    """The check above can fail."""
    for name, text in (("plain", "the velvet"), ("kingfisher", "")):
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as archive:
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
        path = tmp_path / name
        path.write_bytes(gzip.compress(tar.getvalue()))
        path.chmod(0o600)
        with pytest.raises(AssertionError):
            assert_clean(path, CANARIES)
