"""The program: arguments in, exit code out."""

from __future__ import annotations

import logging
import os
import resource
import signal
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import anyio

from parleq_client import ClientError, default_socket_path
from parleq_client.paths import usable_socket_path
from parleq_hotkey.desktop import Desktop
from parleq_hotkey.feedbacks import Together
from parleq_hotkey.instance import only_one
from parleq_hotkey.link import NAME, Link
from parleq_hotkey.listing import as_json, as_text
from parleq_hotkey.ports import Feedback
from parleq_hotkey.program import Program
from parleqd import __version__

DONE, FAILED = 0, 4

_EPILOG = """\
exit codes:
  0 ended by SIGTERM or Ctrl-C     2 wrong usage     4 refused: one is running already

Settings are the daemon's: `parleqctl config show`.
The socket is --socket, $PARLEQ_SOCKET, $XDG_RUNTIME_DIR/parleq/parleqd.sock, or parleq-UID/parleqd.sock
under /dev/shm. A daemon or a desktop that is not there yet is waited for."""


def main() -> NoReturn:
    """The entry point of ``parleq-hotkey``."""
    _dump_no_memory()
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)  # a thread may hang in a library of the desktop or of sound: nobody waits for it


def _dump_no_memory() -> None:
    """It holds texts; `parleqd.app.hardening` has why the limit alone is not enough."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # Linux's alone
        Path("/proc/self/coredump_filter").write_text("0", encoding="ascii")


def run(argv: list[str]) -> int:
    """Runs until a signal and gives the exit code. Raises SystemExit for ``--help``, ``--version`` and wrong usage."""
    arguments = _parse(argv)
    logging.basicConfig(level=arguments.log_level.upper(), format="%(levelname)s %(message)s", stream=sys.stderr)
    try:
        if arguments.list_back_ends:
            return anyio.run(_list_back_ends, arguments.json)
        path = usable_socket_path(arguments.socket or default_socket_path())
        with only_one(path):
            anyio.run(_run, path, arguments.key)
    except ClientError as problem:
        sys.stderr.write(f"{NAME}: {problem.message} ({problem.reason}); {problem.hint}\n")
        return FAILED
    except KeyboardInterrupt:
        pass  # before the loop took signals over
    return DONE


async def _run(path: str, key: str) -> None:
    """Runs until a signal; a recording that is under way is stopped first, and its text kept."""
    desktop = _desktop()
    async with anyio.create_task_group() as tasks:
        program = Program(tasks, Link(path, version=__version__), desktop, _feedback(path), key=key)
        tasks.start_soon(program.run)
        with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
            async for number in signals:
                logging.getLogger(__name__).info("%s: ending", signal.Signals(number).name)
                break
            await program.end()
            tasks.cancel_scope.cancel()


async def _list_back_ends(json: bool) -> int:
    found = await _desktop().back_ends()
    sys.stdout.write(f"{as_json(found) if json else as_text(found)}\n")
    return DONE


def _desktop() -> Desktop:
    from parleq_hotkey.this_desktop import ThisDesktop  # what it brings takes longer than to say that one is running

    return ThisDesktop()


def _feedback(path: str) -> Feedback:
    from parleq_hotkey.feedback.desktop import desktop_feedback
    from parleq_hotkey.feedback.overlay_process import OverlayProcess

    return Together([*desktop_feedback(Path(path).parent), OverlayProcess()])


def parser() -> ArgumentParser:
    """The command line."""
    parser = ArgumentParser(
        prog=NAME,
        description="Watches the dictation key and inserts what was dictated. It needs a running parleqd.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--key", metavar="NAME", default="", help="the key to hold, before the setting hotkey.key")
    parser.add_argument("--socket", metavar="PATH", default="", help="the daemon's socket")
    parser.add_argument("--list-back-ends", action="store_true", help="say what could be used here, and why not")
    parser.add_argument("--json", action="store_true", help="with --list-back-ends: one JSON object")
    parser.add_argument(
        "--log-level", choices=["debug", "info", "warning", "error"], default="warning", help="on stderr; never text"
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {__version__}")
    return parser


def _parse(argv: list[str]) -> Namespace:
    arguments = (known := parser()).parse_args(argv)
    if arguments.json and not arguments.list_back_ends:
        known.error("--json goes with --list-back-ends")
    return arguments
