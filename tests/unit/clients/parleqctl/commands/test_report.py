from __future__ import annotations

import json
import tarfile
from pathlib import Path

import anyio
import pytest

from tests.fakes.command_line import Outcome, parleq_hotkey_that, parleqctl, parleqctl_at, parleqd_that
from tests.fakes.daemon import Object, Refusal, running_daemon

REPORT: Object = {
    "platform": {"parleqd": "1", "system": "linux"},
    "packages": {"msgspec": "0.20"},
    "settings": [{"key": "audio.device", "value": "name-1", "origin": "file"}],
    "problems": 0,
    "policy": False,
    "checks": [{"check": "model", "verdict": "ok", "reason": None}],
    "metrics": {"stages": {}, "counts": {"mode_raw": 1}, "cost": {}},
    "events": [{"at": 1.5, "level": "info", "event": "stopping", "fields": {}}],
}
FILES = ["README.txt", "platform.json", "settings.json", "checks.json", "metrics.json", "events.jsonl"]
KEYS = {"kind": "keys", "name": "x11", "usable": True, "message": "velvet's F9 is free", "hint": "", "reason": None}
DESKTOP = {"check": "desktop: keys", "verdict": "ok", "reason": None}


@pytest.fixture
def desktop(tmp_path: Path) -> dict[str, str]:
    """Variables with which `parleq-hotkey` finds a desktop in which all is well."""
    return parleq_hotkey_that(f"import json; print(json.dumps({{'back_ends': [{KEYS!r}]}}))", tmp_path)


def told(replies: Object, *argv: str, environment: dict[str, str]) -> Outcome:
    """Run the command against a daemon that answers so."""

    async def ask() -> Outcome:
        async with running_daemon(replies) as daemon:
            return await parleqctl_at(daemon, *argv, environment=environment)

    return anyio.run(ask)


def unpacked(path: Path) -> dict[str, str]:
    with tarfile.open(path) as archive:
        found = {}
        for entry in archive:
            file = archive.extractfile(entry)
            assert file is not None
            found[entry.name.removeprefix("parleq-report/")] = file.read().decode()
    return found


def test_it_holds_what_the_daemon_tells_and_the_desktop_s_verdicts(tmp_path: Path, desktop: dict[str, str]) -> None:
    path = tmp_path / "r.tar.gz"
    outcome = told({"report/get": REPORT}, "report", "--output", str(path), environment=desktop)
    files = unpacked(path)
    assert list(files) == FILES
    assert json.loads(files["checks.json"]) == [*REPORT["checks"], DESKTOP]
    assert json.loads(files["settings.json"]) == {key: REPORT[key] for key in ("problems", "policy", "settings")}
    assert json.loads(files["metrics.json"]) == REPORT["metrics"]
    assert [json.loads(line) for line in files["events.jsonl"].splitlines()] == REPORT["events"]
    assert "Did a daemon answer? yes." in files["README.txt"]
    assert "velvet" not in "".join(files.values())
    assert outcome.code == 0
    assert all(f"  {name} " in outcome.out for name in FILES)
    assert "It was sent nowhere." in outcome.out
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_was_written_is_an_object_for_programs(tmp_path: Path, desktop: dict[str, str]) -> None:
    path = tmp_path / "r.tar.gz"
    outcome = told({"report/get": REPORT}, "report", "--json", "--output", str(path), environment=desktop)
    (printed,) = outcome.json
    sizes = {name: len(text.encode()) for name, text in unpacked(path).items()}
    assert printed == {"path": str(path), "files": sizes, "daemon": True, "sent": False}


def test_without_a_daemon_parleqd_is_asked_and_it_says_so(tmp_path: Path, desktop: dict[str, str]) -> None:
    found = {**REPORT, "metrics": None, "events": []}
    environment = parleqd_that(f"import json; print(json.dumps({found!r}))", tmp_path)
    path = tmp_path / "r.tar.gz"
    outcome = parleqctl("report", "--output", str(path), "--socket", "/nowhere/s", environment=environment)
    assert (outcome.code, environment) == (0, desktop)  # both stand in
    files = unpacked(path)
    assert "Did a daemon answer? no (daemon_unreachable), so" in files["README.txt"]
    assert (files["metrics.json"], files["events.jsonl"]) == ("null\n", "")
    assert json.loads(files["settings.json"])["settings"] == REPORT["settings"]
    assert "No daemon answered (daemon_unreachable)" in outcome.out


def test_a_broken_installation_is_worth_a_report_too(tmp_path: Path, desktop: dict[str, str]) -> None:
    environment = parleqd_that("raise SystemExit('velvet')", tmp_path)
    path = tmp_path / "r.tar.gz"
    outcome = told(
        {"report/get": Refusal("internal", "velvet")}, "report", "--output", str(path), environment=environment
    )
    files = unpacked(path)
    assert outcome.code == 0
    assert "no (internal; `parleqd --report` failed as well)" in files["README.txt"]
    assert json.loads(files["checks.json"]) == [DESKTOP]
    assert "velvet" not in "".join(files.values())


def test_a_file_that_is_there_is_left_alone_and_no_part_is_tried_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "r.tar.gz"
    path.write_text("mine")
    tried = tmp_path / "tried"
    environment = parleqd_that(f"open({str(tried)!r}, 'w')", tmp_path)
    outcome = parleqctl("report", "--output", str(path), "--socket", "/nowhere/s", "--json", environment=environment)
    assert (outcome.code, outcome.reason, path.read_text()) == (4, "usage", "mine")
    assert not tried.exists()


def test_a_folder_is_not_to_be_removed(tmp_path: Path) -> None:
    outcome = parleqctl("report", "--output", str(tmp_path), environment=parleqd_that("velvet", tmp_path))
    assert (outcome.code, "is a folder" in outcome.err, "remove" in outcome.err) == (4, True, False)


def test_a_dash_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = parleqctl("report", "--output", "-", environment=parleqd_that("velvet", tmp_path))
    assert (outcome.code, "goes to a file" in outcome.err, (tmp_path / "-").exists()) == (4, True, False)
