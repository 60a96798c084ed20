"""What a shell is given beside the programs: manual pages and completions, as they lie under ``share/``."""

from __future__ import annotations

import argparse
from pathlib import Path

from parleq_hotkey.main import parser as hotkey_parser
from parleqctl.commands.completion import script
from parleqctl.parser import build
from parleqd._tools.man_pages import Parsers, man_page
from parleqd.app.main import parser as daemon_parser


def _command_line() -> argparse.ArgumentParser:
    return build(everything=True)


PROGRAMS: Parsers = {"parleqd": daemon_parser, "parleqctl": _command_line, "parleq-hotkey": hotkey_parser}
"""Every program with what makes its parser."""

_SUMMARIES = {
    "parleqd": "the dictation daemon",
    "parleqctl": "talk to the dictation daemon",
    "parleq-hotkey": "hold a key to dictate into any window",
}
COMPLETIONS = {
    "bash": "share/bash-completion/completions/{}",
    "zsh": "share/zsh/site-functions/_{}",
    "fish": "share/fish/vendor_completions.d/{}.fish",
}
"""Each shell with the place, below a prefix, where it looks for the completion of a program."""


def manual(program: str, root: Path) -> str:
    """The manual page of a program."""
    return man_page(PROGRAMS[program](), root, programs=PROGRAMS, summary=_SUMMARIES[program])


def completion(program: str, shell: str, _root: Path) -> str:
    """The completion of a program, without the empty lines and spaces at the ends of lines that shtab leaves."""
    text = script(PROGRAMS[program](), shell)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
