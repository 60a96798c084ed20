"""The arguments of every command. Only the one that is called gets imported: start-up time is a promise."""

from __future__ import annotations

import os
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from importlib import import_module

from parleqd import __version__
from parleqd.protocol.names import Mode

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from argparse import Namespace, _SubParsersAction
    from typing import Any, NoReturn

COMMANDS = {
    "status": "show what the daemon and its parts are doing",
    "dictate": "turn audio files into clean text",
    "start": "begin a dictation with the microphone",
    "stop": "end it; its text is inserted, or printed",
    "toggle": "begin one, or end the one that is under way",
    "cancel": "give the microphone dictation up",
    "clean": "clean a text, as after a dictation",
    "refine": "change a text as an instruction says",
    "events": "follow what happens",
    "last": "print the text of the last dictation",
    "recover": "redo the last dictation from its audio",
    "history": "earlier dictations: list, show, copy, edits, undo, search, clear",
    "vocabulary": "your terms, for the recogniser to expect: list, suggest, add, remove, import",
    "devices": "list the microphones",
    "models": "speech models: list, install, use, remove",
    "config": "settings: path, show, get, set, edit, validate",
    "setup": "set a cleanup target up, question by question",
    "secret": "keys of cleanup targets: set, delete, list",
    "doctor": "try every part for real, and say what to do about each failure",
    "bench": "measure how soon the text is there after release, beside faster-whisper",
    "metrics": "print how long each stage takes, and counts; never text",
    "report": "write what a bug report may show into a file; it is sent nowhere",
    "service": "run parleqd at login: install, uninstall, status",
    "bridge": "join standard input and output to the daemon's socket",
    "conformance": "check that a server, or a client, keeps to the protocol",
    "completion": "print a script that completes parleqctl in your shell",
}
"""Each command with its line of help, in the order of ``parleqctl --help``."""

_EPILOG = """\
exit codes:
  0 done             3 no daemon answers      5 nothing was said
  2 wrong usage      4 refused or failed    130 interrupted

`parleqctl COMMAND --help` has examples. The socket is --socket, $PARLEQ_SOCKET,
$XDG_RUNTIME_DIR/parleq/parleqd.sock, or parleq-UID/parleqd.sock under /dev/shm."""


class UsageError(Exception):
    """The arguments make no command. ``usage`` is the line of that command's help."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.message = message
        self.usage = usage


class _Formatter(RawDescriptionHelpFormatter):
    """Help as wide as the terminal. argparse asks for the width at every argument, by importing shutil."""

    def __init__(self, prog: str, **settings: Any) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            columns = 80
        super().__init__(prog, **{"width": columns - 2, **settings})


class Parser(ArgumentParser):
    """Raises UsageError instead of ending the process; takes no abbreviations, which a new option breaks."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """argparse's way to report what is wrong."""
        raise UsageError(message, self.format_usage().strip())

    def actions(self) -> _SubParsersAction[Parser]:
        """Turns this parser into one whose first argument names the action."""
        return self.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)


def parse(argv: list[str]) -> Namespace:
    """The arguments, the command's function as ``run``. Raises UsageError; ``--help`` ends the process.

    A command whose default ``surplus`` is a message has that told of arguments too many, which are not repeated then.
    """
    name = called(argv)
    if name is not None and name not in COMMANDS:
        raise UsageError(f"there is no command {name!r}{_did_you_mean(name)}", build().format_usage().strip())
    parser = build(name)
    arguments, surplus = parser.parse_known_args(argv)
    if surplus:
        parser.error(getattr(arguments, "surplus", f"unrecognized arguments: {' '.join(surplus)}"))
    return arguments


def build(loaded: str | None = None, *, everything: bool = False) -> Parser:
    """The parser: of the command ``loaded`` alone; else of all, with ``everything`` their arguments too."""
    parser = Parser(prog="parleqctl", description="Talks to parleqd, the dictation daemon.", epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"parleqctl {__version__}")
    socket_option(parser)
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    for name in COMMANDS if loaded is None else (loaded,):
        command = add_parser(commands, name, COMMANDS[name])
        if everything or loaded:
            import_module(f"parleqctl.commands.{name}").add_arguments(command)
    return parser


def called(argv: list[str]) -> str | None:
    """The command in ``argv``: its first argument that is no option of the whole program."""
    rest = iter(argv)
    for argument in rest:
        if argument == "--socket":
            next(rest, None)
        elif not argument.startswith("-"):
            return argument
    return None


def add_parser(parsers: _SubParsersAction[Parser], name: str, summary: str) -> Parser:
    """One more command or action; all of them take ``--socket``."""
    parser = parsers.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    socket_option(parser)
    return parser


def socket_option(parser: ArgumentParser) -> None:
    """``--socket``, which everything takes.

    Given before the command, it must not be overwritten by the default of the command's own parser.
    """
    parser.add_argument("--socket", metavar="PATH", default=SUPPRESS, help="the daemon's socket")


def json_option(parser: ArgumentParser) -> None:
    """``--json``, for what prints a result."""
    parser.add_argument("--json", action="store_true", help="print each result, and errors, as JSON on one line")


def at_least_one(text: str) -> int:
    """The type of an argument that is a count or a number in a list."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ArgumentTypeError(f"{text!r} is not a whole number from 1 up")
    return number


def mode_option(parser: ArgumentParser) -> None:
    """``--mode``, for what cleans text."""
    parser.add_argument("--mode", choices=[str(mode) for mode in Mode], help="the cleanup (default: as configured)")


def _did_you_mean(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; commands: {', '.join(COMMANDS)}"
