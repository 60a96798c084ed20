"""The program: arguments in, exit code out, every failure told in one way."""

from __future__ import annotations

import signal
import sys

from parleq_client import ClientError, LocalError
from parleqctl import exits
from parleqctl.console import Console, OutputError
from parleqctl.invocation import Invocation
from parleqctl.parser import UsageError, parse
from parleqd.protocol.names import Reason


def main() -> int:
    """The entry point of ``parleqctl``."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # not when nohup has them ignored
            signal.signal(number, signal.default_int_handler)
    return run(sys.argv[1:], Console.of_process())


def run(argv: list[str], console: Console) -> int:
    """Runs one command and gives its exit code. Raises SystemExit for ``--help`` and ``--version``."""
    as_json = "--json" in argv
    try:
        try:
            return _run(argv, console)
        except OSError as error:
            # A deleted working directory, a full disk … Sockets and output have errors of their own.
            raise LocalError(Reason.INTERNAL, f"the system refused: {error}") from error
    except UsageError as error:
        if error.usage:
            console.note(error.usage)
        return _tell(LocalError(Reason.USAGE, error.message, "see --help"), exits.USAGE, console, as_json=as_json)
    except OutputError as error:
        if not error.reader_left:  # `parleqctl history list | head -1` is no failure worth a word
            console.failure(error, as_json=False)
        return exits.FAILED
    except ClientError as error:
        return _tell(error, exits.of_error(error), console, as_json=as_json)
    except KeyboardInterrupt:
        interrupted = LocalError(Reason.CANCELLED, "interrupted")
        return _tell(interrupted, exits.INTERRUPTED, console, as_json=as_json)


def _run(argv: list[str], console: Console) -> int:
    arguments = parse(argv)
    code: int = arguments.run(Invocation(arguments, console))
    return code


def _tell(error: ClientError, code: int, console: Console, *, as_json: bool) -> int:
    try:
        console.failure(error, as_json=as_json)
    except OutputError:
        pass  # The code tells it.
    return code
