"""Access tokens from the real ``az``, for whoever has signed in with ``az login``.

Every call starts one process: keeping a token, sharing one call among many and calling in the background are the
engine's. ``az`` hands out the token it has while that lives five more minutes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import anyio
from anyio.abc import ByteReceiveStream, Process

from parleqd.core.errors import ConfigError, OutsideError
from parleqd.core.identity import az_output
from parleqd.core.ports import Token
from parleqd.protocol.names import Reason

PLACES = ("/opt/homebrew/bin", "/usr/local/bin")
"""Where ``az`` lies that a daemon's own PATH often lacks: desktops start daemons with a short one."""
TIMEOUT_S = 45.0
"""Users report 11 to 13 s for an ``az`` that works, and half the calls lost with 10 s to wait."""
MOST_BYTES = 1024 * 1024
"""Of either stream; a token takes 5 kB, a traceback 20."""
_TRAILING_S = 1.0
"""For the rest of the output once ``az`` has ended: what it left running may hold its streams open."""
_QUIET = {"AZURE_CORE_NO_COLOR": "true"}


class AzTokens:
    """Fills the ``TokenSource`` port.

    ``tenant``, ``subscription``: where to, if not to what ``az account show`` shows; ``az`` takes one of them only.
    Raises ``ConfigError`` for both. ``environment``: that of ``az``; none given, the daemon's as it is at the call.
    """

    def __init__(
        self,
        tenant: str = "",
        subscription: str = "",
        *,
        timeout_s: float = TIMEOUT_S,
        environment: Mapping[str, str] | None = None,
        places: Sequence[str] = PLACES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        if tenant and subscription:
            raise ConfigError(
                "az takes a tenant or a subscription, and both are set",
                "keep the subscription: it tells az the tenant too",
            )
        self._chosen = [f"--tenant={tenant}"] if tenant else [f"--subscription={subscription}"] if subscription else []
        self._timeout_s = timeout_s
        self._environment = environment
        self._places = places
        self._most_bytes = most_bytes

    async def mint(self, scope: str) -> Token:
        """Ask ``az`` for a token; cancelled or late, it and what it started are killed.

        Raises ``OutsideError`` (``az_missing``, ``az_not_logged_in``, ``az_timeout``, ``token_failed``,
        ``service_unavailable``, ``network_error``, ``tls_error``).
        """
        with anyio.move_on_after(self._timeout_s) as patience:
            exit_code, stdout, stderr = await self._run(scope)
        if patience.cancelled_caught:
            raise az_output.timed_out(self._timeout_s)
        if exit_code != 0:
            raise az_output.failure(exit_code, stderr)
        now = time.time()
        return az_output.parse(stdout, time.localtime(now).tm_gmtoff, now)

    async def _run(self, scope: str) -> tuple[int, bytes, bytes]:
        """Its exit code, stdout and stderr."""
        process = await self._start(["az", "account", "get-access-token", f"--scope={scope}", *self._chosen])
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
                "run `az account get-access-token -o json` and see; a wrapper around az may print of its own",
            )
        return exit_code, bytes(stdout.data), bytes(stderr.data)

    async def _start(self, command: Sequence[str]) -> Process:
        own = os.environ if self._environment is None else self._environment
        path = os.pathsep.join([*filter(None, [own.get("PATH", os.defpath)]), *self._places])
        try:
            return await anyio.open_process(
                [*command, "--output", "json"],
                stdin=subprocess.DEVNULL,
                cwd="/",
                env={**own, **_QUIET, "PATH": path},
                start_new_session=True,  # a process group of its own: killed whole
            )
        except (FileNotFoundError, NotADirectoryError):
            raise az_output.missing() from None
        except (OSError, ValueError) as error:  # ValueError: a NUL in a setting
            raise OutsideError(
                Reason.TOKEN_FAILED,
                f"az cannot be started: {getattr(error, 'strerror', None) or type(error).__name__}",
                "run `az account get-access-token` by hand and see",
            ) from None


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
