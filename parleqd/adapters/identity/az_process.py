"""The real ``az`` as a process: found, asked, bounded in time and output, killed with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import anyio
from anyio.abc import ByteReceiveStream, Process

from parleqd.core.errors import OutsideError
from parleqd.core.identity import az_output
from parleqd.core.inheritance import without_model_keys
from parleqd.protocol.names import Reason

PLACES = ("/opt/homebrew/bin", "/usr/local/bin")
"""Where ``az`` lies that a daemon's own PATH often lacks: desktops start daemons with a short one."""
TIMEOUT_S = 45.0
"""Users report 11 to 13 s for an ``az`` that works, and half the calls lost with 10 s to wait."""
MOST_BYTES = 1024 * 1024
"""Of either stream; a token takes 5 kB, a traceback 20."""
_TRAILING_S = 1.0
"""For the rest of the output once ``az`` has ended: what it left running may hold its streams open."""
_QUIET = {"AZURE_CORE_NO_COLOR": "true", "AZURE_CORE_COLLECT_TELEMETRY": "false"}


class Printed(NamedTuple):
    """What a process left behind."""

    exit_code: int
    stdout: bytes
    stderr: bytes


def by_hand(arguments: Sequence[str]) -> str:
    """The command to type and see, without its options."""
    return " ".join(["az", *(argument for argument in arguments if not argument.startswith("-"))])


class AzProcess:
    """Runs ``az``, one process a call.

    ``environment``: that of ``az``; none given, the daemon's as it is at the call. ``places``: where ``az`` is looked
    for after the PATH.
    """

    def __init__(
        self,
        *,
        timeout_s: float = TIMEOUT_S,
        environment: Mapping[str, str] | None = None,
        places: Sequence[str] = PLACES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._timeout_s = timeout_s
        self._environment = environment
        self._places = places
        self._most_bytes = most_bytes

    async def run(self, *arguments: str) -> Printed:
        """Run ``az`` with these arguments and for JSON; cancelled or late, it and what it started are killed.

        Raises ``OutsideError`` (``az_missing``, ``az_timeout``; ``token_failed`` where it cannot be started, or prints
        without end).
        """
        command = by_hand(arguments)
        with anyio.move_on_after(self._timeout_s) as patience:
            printed = await self._run(arguments, command)
        if patience.cancelled_caught:
            raise az_output.timed_out(self._timeout_s, command)
        return printed

    async def _run(self, arguments: Sequence[str], command: str) -> Printed:
        process = await self._start(["az", *arguments], command)
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            async with anyio.create_task_group() as tasks:
                stdout, stderr = _Output(process.stdout, self._most_bytes), _Output(process.stderr, self._most_bytes)
                tasks.start_soon(stdout.collect, process)
                tasks.start_soon(stderr.collect, process)
                exit_code = await process.wait()
                with anyio.move_on_after(_TRAILING_S):
                    await stdout.ended.wait()
                    await stderr.ended.wait()
                tasks.cancel_scope.cancel()
        finally:
            _kill(process)
            with anyio.CancelScope(shield=True):
                await process.aclose()
        if stdout.too_much or stderr.too_much:
            raise OutsideError(
                Reason.TOKEN_FAILED,
                f"az printed more than {self._most_bytes} bytes and was stopped",
                f"run `{command} -o json` and see; a wrapper around az may print of its own",
            )
        return Printed(exit_code, bytes(stdout.data), bytes(stderr.data))

    async def _start(self, words: Sequence[str], command: str) -> Process:
        own = os.environ if self._environment is None else self._environment
        path = os.pathsep.join([*filter(None, [own.get("PATH", os.defpath)]), *self._places])
        try:
            with anyio.CancelScope(shield=True):  # a start cancelled half-way is waited for by nobody
                process = await anyio.open_process(
                    [*words, "--output", "json"],
                    stdin=subprocess.DEVNULL,
                    cwd="/",
                    env={**without_model_keys(own), **_QUIET, "PATH": path},
                    start_new_session=True,  # a process group of its own: killed whole
                )
        except (FileNotFoundError, NotADirectoryError):
            raise az_output.missing() from None
        except (OSError, ValueError) as error:  # ValueError: a NUL in a setting
            raise OutsideError(
                Reason.TOKEN_FAILED,
                f"az cannot be started: {getattr(error, 'strerror', None) or type(error).__name__}",
                f"run `{command}` by hand and see",
            ) from None
        return process


class _Output:
    """One stream of ``az``, kept up to a bound; beyond it the process is killed."""

    def __init__(self, stream: ByteReceiveStream, most: int) -> None:
        self.data = bytearray()
        self.too_much = False
        self.ended = anyio.Event()
        self._stream = stream
        self._most = most

    async def collect(self, process: Process) -> None:
        async for data in self._stream:
            self.data += data
            if len(self.data) > self._most:
                self.too_much = True
                _kill(process)
                break
        self.ended.set()


def _kill(process: Process) -> None:
    """The group of a process that has not ended; nothing later, since its number may be another's then."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):  # macOS: PermissionError for what has just ended
            os.killpg(process.pid, signal.SIGKILL)
