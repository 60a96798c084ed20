"""The command `parleqd`: the daemon in the foreground."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import parleqd
from parleqd.app.hardening import harden
from parleqd.app.native_errors import native_errors_silenced
from parleqd.protocol.place import PlaceError, socket_path

if TYPE_CHECKING:
    from types import TracebackType

    from parleqd.rpc.listener import ClaimedSocket

EXIT_FAILED = 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="parleqd",
        description="The dictation daemon, in the foreground: it owns the speech model and serves clients on a socket.",
        epilog="parleqctl talks to it. SIGTERM or Ctrl-C stops it, SIGHUP reloads the settings.",
    )
    parser.add_argument("--config", metavar="FILE", help="settings file (default: PARLEQ_CONFIG, or the user's own)")
    parser.add_argument(
        "--socket", metavar="PATH", help="socket to listen on (default: PARLEQ_SOCKET, or the user's own)"
    )
    parser.add_argument("--log-level", choices=["debug", "info", "warning", "error"], default="info")
    parser.add_argument("--log-format", choices=["console", "json"], default="console")
    parser.add_argument(
        "--check-config", action="store_true", help="print the effective settings and exit (78: a bad one)"
    )
    parser.add_argument("--doctor", action="store_true", help="try every part for real and exit (1: one failed)")
    parser.add_argument("--report", action="store_true", help="print what a bug report may show, as JSON, and exit")
    parser.add_argument("--json", action="store_true", help="with --check-config or --doctor: one JSON object")
    parser.add_argument(
        "--context",
        metavar="JSON",
        help='with --check-config: what is done with texts that go there, such as {"app": "kitty"}',
    )
    parser.add_argument("--version", action="version", version=f"parleqd {parleqd.__version__}")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the daemon; returns its exit code."""
    options = parser().parse_args(arguments)
    if options.check_config:
        from parleqd.app.config_check import run_check

        return run_check(options.config, as_json=options.json, out=sys.stdout, context=options.context)
    if options.doctor or options.report:
        return _examine(options)
    return _serve(options)


def program() -> NoReturn:
    """The command. It ends at once: a call of PortAudio's that hangs in its thread must not keep it from that."""
    harden()
    sys.excepthook = _tell_bug
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError):  # it was started without, or nobody reads it any more
            stream.flush()
    os._exit(code)


def _examine(options: argparse.Namespace) -> int:
    import anyio

    from parleqd.app.config import ConfigStore
    from parleqd.app.config_file import find_config, is_named
    from parleqd.app.config_managed import find_policy
    from parleqd.app.doctor import print_report, run_doctor
    from parleqd.app.logging import DeferredLog
    from parleqd.app.wiring import JournalTrouble, real_journal, real_parts, wire

    try:
        place = Path(options.socket or socket_path(os.environ, os.getuid(), sys.platform)).absolute()
    except PlaceError as problem:
        return _fail(problem.message, problem.hint)
    path, named = find_config(options.config, os.environ), is_named(options.config, os.environ)
    store = ConfigStore(path, os.environ, named=named, policy=find_policy(os.environ, sys.platform))
    log = DeferredLog()

    async def examine() -> bool:
        # A place of its own: neither a running daemon's journal nor what a dead one left is touched.
        own = place.with_name(f"{place.name}.doctor")
        journal = await real_journal(own, store.settings, JournalTrouble(log))
        services = wire(real_parts(models_folder(), store, log, journal))
        try:
            if options.report:
                await print_report(services, place, sys.stdout)
                return False
            return await run_doctor(services, place, as_json=options.json, out=sys.stdout)
        finally:
            journal.close()

    with native_errors_silenced():
        return EXIT_FAILED if anyio.run(examine) else 0


def _serve(options: argparse.Namespace) -> int:
    import anyio

    from parleqd.app.config import ConfigStore
    from parleqd.app.config_file import find_config, is_named
    from parleqd.app.config_managed import find_policy
    from parleqd.app.lifecycle import run
    from parleqd.app.logging import DeferredLog, LogFormat, LogLevel, structlog_sink
    from parleqd.app.supervisor import Supervisor
    from parleqd.app.wiring import JournalTrouble, real_journal, real_parts, wire
    from parleqd.core.errors import RefusedError

    supervisor = Supervisor.of_environment(os.environ)
    try:
        claimed = _claimed(options.socket)
    except (PlaceError, RefusedError) as problem:
        return _fail(problem.message, problem.hint)
    try:
        log = DeferredLog()
        path, named = find_config(options.config, os.environ), is_named(options.config, os.environ)
        store = ConfigStore(path, os.environ, named=named, policy=find_policy(os.environ, sys.platform))
        for wrong in store.problems:
            print(f"parleqd: {wrong}", file=sys.stderr)
        make_sink = partial(structlog_sink, LogFormat(options.log_format), LogLevel(options.log_level))

        async def serve() -> None:
            trouble = JournalTrouble(log)
            journal = await real_journal(claimed.path, store.settings, trouble)
            services = wire(real_parts(models_folder(), store, log, journal))
            trouble.bus = services.bus
            try:
                await run(services, claimed, log, make_sink, supervisor)
            finally:
                journal.close()

        with native_errors_silenced():
            anyio.run(serve)
    finally:
        claimed.release()
    return 0


def _claimed(path: str | None) -> ClaimedSocket:
    """The socket of a service manager's, whatever ``path`` says, else one of our own."""
    from parleqd.rpc.activation import inherited_socket
    from parleqd.rpc.listener import adopt, claim

    inherited = inherited_socket(os.environ, sys.platform)
    if inherited is not None:
        return adopt(inherited)
    return claim(Path(path or socket_path(os.environ, os.getuid(), sys.platform)).absolute())


def models_folder() -> Path:
    """Where fetched models lie."""
    from platformdirs import user_data_path

    return user_data_path("parleq") / "models"


def _tell_bug(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    """What ends the daemon goes to its log as all else does: without its message, which Python would print."""
    from parleqd.speech_worker.process import report

    report(error)


def _fail(message: str, hint: str) -> int:
    print(f"parleqd: {message}" + (f" ({hint})" if hint else ""), file=sys.stderr)
    return EXIT_FAILED
