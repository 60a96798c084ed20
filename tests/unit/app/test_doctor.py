from __future__ import annotations

import io
import json
import socket
from functools import partial
from pathlib import Path

import anyio
import pytest

from parleqd.adapters.audio.scripted import ScriptedSource
from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.app.config import ConfigStore
from parleqd.app.doctor import run_doctor, text_lines
from parleqd.app.wiring import Parts, wire
from parleqd.protocol.messages import CheckResult
from parleqd.protocol.names import CheckVerdict
from parleqd.rpc.services import Services
from tests.fakes.cloud import no_cloud
from tests.fakes.log import MemoryLog
from tests.fakes.microphone import FakeMicrophone
from tests.fakes.models import MemoryCalibrations, MemoryModelStore
from tests.fakes.vocabulary import MemoryVocabulary


def services(folder: Path, microphone: FakeMicrophone | None) -> Services:
    """Those of a daemon that was not started."""
    parts = Parts(
        files=ScriptedSource([]),
        microphone=microphone,
        journal=MemoryJournal(),
        recognisers=ScriptedFactory(),
        cloud=no_cloud(),
        models=MemoryModelStore(),
        calibrations=MemoryCalibrations(),
        settings=ConfigStore(folder / "config.toml", {}),
        vocabulary=MemoryVocabulary(),
        log=MemoryLog(),
    )
    return wire(parts)


def examine(folder: Path, microphone: FakeMicrophone | None, place: Path, *, as_json: bool) -> tuple[bool, str]:
    """Whether a part failed, and what was printed."""
    out = io.StringIO()
    failed = anyio.run(partial(run_doctor, services(folder, microphone), place, as_json=as_json, out=out))
    return failed, out.getvalue()


def test_every_part_is_tried_without_a_daemon(tmp_path: Path) -> None:
    microphone = FakeMicrophone()
    failed, printed = examine(tmp_path, microphone, tmp_path / "s", as_json=True)
    report = json.loads(printed)
    assert (failed, report["verdict"], microphone.probes) == (False, "warning", 1)
    assert {check["check"]: check["verdict"] for check in report["checks"]} == {
        "daemon": "warning",
        "settings": "ok",
        "model": "ok",
        "worker": "ok",
        "speed": "ok",
        "devices": "ok",
        "microphone": "ok",
        "journal": "warning",
        "targets": "ok",
    }


def test_a_failure_is_told_and_its_way_out_stands_below(tmp_path: Path) -> None:
    failed, printed = examine(tmp_path, None, tmp_path / "s", as_json=False)
    lines = printed.splitlines()
    assert failed
    assert lines[0] == f"warning  daemon      none listens at {tmp_path}/s"
    assert lines[1].startswith(f"{'':<21}start it with `parleqd`")
    assert "failed   microphone  this daemon has no microphone" in lines


def test_a_daemon_that_runs_is_named_and_asked_nothing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.bind(str(tmp_path / "s"))
        daemon.listen()
        _, printed = examine(tmp_path, FakeMicrophone(), tmp_path / "s", as_json=False)
        client, _ = daemon.accept()
        with client:
            assert client.recv(1) == b""
    assert printed.startswith(f"ok       daemon      one runs at {tmp_path}/s, and was left alone\n")


@pytest.mark.parametrize("kind", ["dead", "file"])
def test_a_socket_without_a_daemon_is_told_apart_from_a_place_that_has_none(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "s"
    if kind == "file":
        place = place / "below"
        (tmp_path / "s").write_text("")
    else:
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(place))
    _, printed = examine(tmp_path, FakeMicrophone(), place, as_json=True)
    check = json.loads(printed)["checks"][0]
    expected = ("failed", "socket_unusable") if kind == "file" else ("warning", "daemon_unreachable")
    assert (check["verdict"], check["reason"]) == expected


def test_a_line_has_verdict_name_and_message() -> None:
    check = CheckResult(check="model", verdict=CheckVerdict.OK, message="it is installed")
    assert text_lines(check) == ["ok       model       it is installed"]


def test_targets_are_tried_too_and_the_columns_stay_columns(tmp_path: Path) -> None:
    target = 'name = "my-long-name"\nresource = "https://gateway.example.com"\ndeployment = "d"'
    (tmp_path / "config.toml").write_text(f"[[cleanup.target]]\n{target}\n")
    failed, printed = examine(tmp_path, FakeMicrophone(), tmp_path / "s", as_json=False)
    lines = printed.splitlines()
    assert failed
    width = len("my-long-name: connection")
    assert f"warning  {'daemon':<{width}} none listens at {tmp_path}/s" == lines[0]
    assert f"failed   {'my-long-name: address':<{width}} gateway.example.com is none of" in printed
    assert all(line[8 + width + 1] == " " or line[8] == " " for line in lines)
