from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from parleq_client import LocalError
from parleqctl.daemon_check import check_by_daemon, examine_by_daemon, problem_line
from tests.parts import ROOT


def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LD_LIBRARY_PATH")}
    return {**kept, "HOME": str(tmp_path), "PYTHONPATH": f"{ROOT}:{ROOT / 'clients'}"}


def test_the_real_daemon_reports_its_settings(tmp_path: Path) -> None:
    report = check_by_daemon(environment(tmp_path))
    assert report["path"].endswith("config.toml")
    assert report["problems"] == []
    assert {"key": "speech.model", "value": "tiny.en", "origin": "default"} in report["settings"]


def test_the_real_daemon_reports_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[speech]\nmodle = "x"\n')
    report = check_by_daemon(environment(tmp_path), str(tmp_path / "c.toml"))
    assert report["path"] == str(tmp_path / "c.toml")
    (problem,) = report["problems"]
    assert problem_line(problem).startswith(f"{tmp_path}/c.toml:2: speech.modle: ")


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            {"file": "c.toml", "line": 3, "key": "a.b", "message": "bad", "hint": "good"},
            "c.toml:3: a.b: bad; good",
        ),
        ({"file": "c.toml", "line": 0, "key": "", "message": "not UTF-8", "hint": ""}, "c.toml: not UTF-8"),
        ({"message": "odd"}, "settings: odd"),
    ],
)
def test_a_problem_is_one_line(problem: dict[str, Any], line: str) -> None:
    assert problem_line(problem) == line


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import sys; sys.exit('no module')", "exit code 1: no module"),
        ("print('hello')", "exit code 0"),
        ("print('[]')", "exit code 0"),
        ("print('{}')", "exit code 0"),
    ],
)
def test_a_daemon_that_gives_no_report_is_an_error(program: str, why: str) -> None:
    with pytest.raises(LocalError, match=why) as error:
        check_by_daemon({}, program=(sys.executable, "-c", program))
    assert error.value.reason == "internal"


def test_the_socket_is_passed_on_to_the_examination() -> None:
    source = "import json, sys; print(json.dumps({'verdict': 'ok', 'checks': sys.argv[1:]}))"
    program = (sys.executable, "-c", source)
    assert examine_by_daemon({}, program=program)["checks"] == ["--doctor", "--json"]
    assert examine_by_daemon({}, "/s", program)["checks"] == ["--doctor", "--json", "--socket", "/s"]


def test_a_daemon_that_is_not_installed_is_an_error() -> None:
    with pytest.raises(LocalError, match="No such file"):
        check_by_daemon({}, program=("/nowhere/parleqd",))


def test_a_place_is_passed_on_to_the_check() -> None:
    source = (
        "import json, sys; print(json.dumps({'file': '', 'settings': [], 'problems': [], 'behaviour': sys.argv[1:]}))"
    )
    program = (sys.executable, "-c", source)
    report = check_by_daemon({}, program=program, context={"app": "a"})
    assert report["behaviour"] == ["--check-config", "--json", "--context", '{"app": "a"}']
    assert "behaviour" not in check_by_daemon({}, program=program)
