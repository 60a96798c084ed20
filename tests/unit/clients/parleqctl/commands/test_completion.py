from __future__ import annotations

import subprocess
from argparse import ArgumentParser

import pytest

from parleqctl.commands.completion import script
from parleqctl.parser import COMMANDS
from tests.fakes.command_line import parleqctl


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh", "powershell"])
def test_the_script_knows_every_command(shell: str) -> None:
    outcome = parleqctl("completion", shell)
    assert (outcome.code, outcome.err) == (0, "")
    assert all(name in outcome.out for name in COMMANDS)


def test_bash_takes_the_script() -> None:
    script = parleqctl("completion", "bash").out
    checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_files_and_sockets_are_completed_as_files() -> None:
    script = parleqctl("completion", "bash").out
    assert "parleqctl_dictate_pos_0_COMPGEN=_shtab_compgen_files" in script
    assert "parleqctl_history_list___socket_COMPGEN=_shtab_compgen_files" in script
    assert "parleqctl_bench___plot_COMPGEN=_shtab_compgen_files" in script


def test_another_shell_is_wrong_usage() -> None:
    outcome = parleqctl("completion", "nosh")
    assert outcome.code == 2
    assert "there is: bash, zsh" in outcome.err


def test_any_program_of_argparse_gets_one() -> None:
    parser = ArgumentParser(prog="tune")
    parser.add_argument("--config", metavar="FILE")
    assert "tune___config_COMPGEN=_shtab_compgen_files" in script(parser, "bash").replace("_shtab_tune", "tune")
