"""``parleqctl completion``: the script that completes commands and options in a shell."""

from __future__ import annotations

from parleqctl import exits
from parleqctl.parser import UsageError, build

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import ArgumentParser

    from parleqctl.invocation import Invocation

_FILES = ("config", "files", "plot", "recordings", "socket")


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.epilog = """\
examples:
  parleqctl completion bash > ~/.local/share/bash-completion/completions/parleqctl
  parleqctl completion zsh  > ~/.zfunc/_parleqctl      (a folder in $fpath)
  parleqctl completion fish > ~/.config/fish/completions/parleqctl.fish"""
    parser.add_argument("shell", metavar="SHELL", help="bash, zsh, fish, tcsh or powershell")
    parser.set_defaults(run=run)


def run(invocation: Invocation) -> int:
    """Runs the command; gives its exit code."""
    import shtab

    shell = invocation.arguments.shell
    if shell not in shtab.SUPPORTED_SHELLS:
        raise UsageError(f"no completion for {shell!r}; there is: {', '.join(shtab.SUPPORTED_SHELLS)}", "")
    invocation.console.text(script(build(everything=True), shell))
    return exits.DONE


def script(parser: ArgumentParser, shell: str) -> str:
    """The completion, for one of the shells that shtab knows, of the program that ``parser`` parses for."""
    import shtab

    _complete_files(parser, shtab.FILE)
    return str(shtab.complete(parser, shell=shell))


def _complete_files(parser: ArgumentParser, completion: object) -> None:
    """Marks every argument that takes a path, in all commands and actions."""
    for action in parser._actions:
        if action.dest in _FILES:
            action.complete = completion  # type: ignore[attr-defined]
        if isinstance(action.choices, dict):
            for child in action.choices.values():
                _complete_files(child, completion)
