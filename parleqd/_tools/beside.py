"""A shell command beside a real daemon that nobody else knows of: `python -m parleqd._tools.beside 'parleqctl status'`.

How SECURITY.md looks at a daemon from outside. Nothing of the user's own is touched, and nothing is left.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from parleqd._tools.bench.model_ready import measure
from parleqd._tools.private_daemon import PrivateDaemon, ordinary_environment

_MEMORY = Path("/dev/shm")


class Wishes(NamedTuple):
    """How the daemon is to be. ``settings``: TOML; ``variables``: environment variables of its own."""

    settings: str
    variables: Mapping[str, str]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m parleqd._tools.beside",
        description="Run a shell command beside a real daemon, started for it and stopped after it.",
        epilog="The command is given $PARLEQ_SOCKET, $XDG_RUNTIME_DIR, $HOME, $LOG (the daemon's), $DAEMON (its pid),"
        " and the environment's programs on its $PATH. The exit code is the command's.",
    )
    parser.add_argument("--settings", metavar="TOML", default="", help="the daemon's settings")
    parser.add_argument(
        "--set", metavar="NAME=VALUE", action="append", default=[], help="a variable that only the daemon sees"
    )
    parser.add_argument("command", metavar="COMMAND", help="for sh -c")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = parser().parse_args(arguments)
    variables = dict(each.partition("=")[::2] for each in options.set)
    with daemon_with_a_home(Wishes(options.settings, variables)) as environment:
        return subprocess.run(["sh", "-c", options.command], env=environment, check=False).returncode


@contextmanager
def daemon_with_a_home(wishes: Wishes) -> Iterator[dict[str, str]]:
    """A daemon whose model is loaded; gives the environment of what runs beside it.

    It is started as carelessly as can be (umask 0): every mode that is found is its own doing.
    """
    with tempfile.TemporaryDirectory(prefix="beside-", dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        folder = Path(name)
        runtime, log, config = folder / "run", folder / "log", folder / "config.toml"
        runtime.mkdir(mode=0o700)
        config.write_text(wishes.settings, encoding="utf-8")
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        shared = {**ordinary_environment(folder), "XDG_RUNTIME_DIR": str(runtime), "PATH": programs}
        command = [sys.executable, "-m", "parleqd", "--config", str(config), "--log-level", "debug"]
        with log.open("wb") as errors:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stderr=errors,
                env={**shared, **wishes.variables},
                start_new_session=True,
                umask=0,
            )
        daemon = PrivateDaemon(process, runtime / "parleq" / "parleqd.sock", log)
        try:
            measure(daemon, perf_counter())  # returns when the model is ready
            own = {"PARLEQ_SOCKET": str(daemon.socket_path), "DAEMON": str(process.pid), "LOG": str(log)}
            yield {**shared, **own}
        finally:
            daemon.stop()


if __name__ == "__main__":
    sys.exit(main())
