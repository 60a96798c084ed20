"""Manual and completions as the real programs take them: mandoc, man, bash, zsh, fish."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from parleqctl.parser import COMMANDS
from parleqd._tools.shell_pages import COMPLETIONS, PROGRAMS, completion, manual
from tests.parts import ROOT, need


@pytest.fixture(params=PROGRAMS)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"{request.param}.1"
    path.write_text(f"{manual(request.param, ROOT)}\n", encoding="ascii")
    return path


def test_mandoc_finds_nothing_to_say(page: Path) -> None:
    said = subprocess.run([need("mandoc"), "-T", "lint", page], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


def test_man_sets_the_page_without_a_warning(page: Path) -> None:
    environment = os.environ | {"LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANROFFSEQ": ""}
    said = subprocess.run(
        [need("man"), "--warnings", "--local-file", page], capture_output=True, text=True, check=True, env=environment
    )
    assert said.stderr == ""
    assert f"{page.stem} - " in said.stdout


def test_the_page_of_the_command_line_has_every_command() -> None:
    page = manual("parleqctl", ROOT)
    assert all(f'.SS "parleqctl {name}"' in page for name in COMMANDS)
    assert '.SS "parleqctl history undo"' in page


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("shell", COMPLETIONS)
def test_the_shell_takes_the_completion(program: str, shell: str, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(f"{completion(program, shell, ROOT)}\n", encoding="utf-8")
    checked = subprocess.run([need(shell), "-n", script], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("parleqctl his", "history"), ("parleqctl history un", "undo"), ("parleqd --log-l", "--log-level"),
     ("parleq-hotkey --list", "--list-back-ends")],
)  # fmt: skip
def test_fish_offers_what_fits(typed: str, offered: str, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(f"{completion(typed.split()[0], 'fish', ROOT)}\n", encoding="utf-8")
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
    }
    asked = subprocess.run(
        [need("fish"), "--no-config", "-c", f"source {script}; complete --do-complete '{typed}'"],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    assert [line.split("\t")[0] for line in asked.stdout.splitlines()] == [offered]
