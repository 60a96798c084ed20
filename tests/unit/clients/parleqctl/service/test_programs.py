from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parleq_client import LocalError
from parleqctl.service.programs import failure, installed, run


def program(folder: Path, name: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("")
    (folder / name).chmod(0o700)
    return str(folder / name)


def test_the_programs_beside_the_interpreter_go_before_those_on_path(tmp_path: Path) -> None:
    beside = program(tmp_path / "venv", "parleqd")
    on_path = {name: program(tmp_path / "bin", name) for name in ("parleqd", "parleq-hotkey")}
    found = installed({"PATH": str(tmp_path / "bin")}, str(tmp_path / "venv" / "python"))
    assert found == (beside, on_path["parleq-hotkey"])


def test_a_program_that_is_nowhere_is_named(tmp_path: Path) -> None:
    program(tmp_path, "parleqd")
    with pytest.raises(LocalError, match="parleq-hotkey is neither") as raised:
        installed({"PATH": "/nowhere"}, str(tmp_path / "python"))
    assert "pipx" in raised.value.hint


def test_a_command_speaks_english_and_its_failure_is_told() -> None:
    told = "import os, sys; print('one\\ntwo', file=sys.stderr); sys.exit(os.environ['LC_ALL'] == 'C')"
    command = [sys.executable, "-c", told]
    done = run(command, {"LC_ALL": "de_DE.UTF-8"})
    assert done.returncode == 1
    assert failure(["c", "x"], done).message == "`c x` failed: two"


def test_a_command_that_says_nothing_has_its_exit_code_told() -> None:
    command = [sys.executable, "-c", "import sys; sys.exit(7)"]
    assert "exit code 7" in failure(command, run(command, {})).message


def test_a_command_that_cannot_be_started_is_a_failure_of_the_service() -> None:
    with pytest.raises(LocalError) as raised:
        run(["/nowhere/systemctl"], {})
    assert raised.value.reason == "service_failed"
