"""``parleqd --doctor`` and ``--report``: the parts that a daemon would have, tried without one."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

import anyio
import msgspec
from anyio import to_thread

from parleqd.app.lifecycle import keep_microphone
from parleqd.core.polish.hops import hops_of
from parleqd.core.settings import Target
from parleqd.engine.doctor import Doctor, Found, report, result
from parleqd.engine.report import compose
from parleqd.protocol.messages import CheckResult
from parleqd.protocol.names import CheckVerdict, Reason
from parleqd.rpc.services import Services

_ANSWER_S = 2.0
_COLUMN = 11
"""Characters: the longest name of a part of the daemon's own."""


async def run_doctor(services: Services, place: Path, *, as_json: bool, out: TextIO) -> bool:
    """Print one verdict after the other, or all as one JSON object; whether any part failed.

    ``services`` are a daemon's that was not started. A daemon that listens at ``place`` is left alone.
    """
    width = _column(services.configuration.settings.cleanup.targets)
    checks = await examined(services, place, (lambda _: None) if as_json else partial(_print, width=width, out=out))
    if as_json:
        print(msgspec.json.encode(report(checks)).decode(), file=out)
    return report(checks).verdict is CheckVerdict.FAILED


async def print_report(services: Services, place: Path, out: TextIO) -> None:
    """Print, as one JSON object, what a bug report may show where no daemon answers."""
    checks = await examined(services, place, lambda _: None)
    print(msgspec.json.encode(await compose(services.configuration.store, checks)).decode(), file=out)


async def examined(services: Services, place: Path, tell: Callable[[CheckResult], None]) -> list[CheckResult]:
    """Every verdict, each told as soon as it is there."""
    checks = [result("daemon", await to_thread.run_sync(_daemon_at, place))]
    tell(checks[0])
    async with _working(services):
        doctor = Doctor(
            services.configuration,
            services.recognition,
            services.microphone,
            services.journal,
            services.cloud,
            services.calibrating,
            services.records.log,
        )
        async for check in doctor.examine():
            checks.append(check)
            tell(check)
    return checks


def text_lines(check: CheckResult, width: int = _COLUMN) -> list[str]:
    """A verdict as its line, and what to do about it as another. ``width``: of the column of names, in characters."""
    lines = [f"{check.verdict:<8} {check.check:<{width}} {check.message}"]
    return [*lines, f"{'':<{8 + 1 + width}} {check.hint}"] if check.hint else lines


def _column(targets: Sequence[Target]) -> int:
    """Wide enough for every check that may come."""
    return max([_COLUMN, *(len(f"{target.name}: {hop}") for target in targets for hop in hops_of(target))])


def _print(check: CheckResult, width: int, out: TextIO) -> None:
    print(*text_lines(check, width), sep="\n", file=out, flush=True)


@asynccontextmanager
async def _working(services: Services) -> AsyncIterator[None]:
    """The parts that must run to be tried run inside this block."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(services.recognition.run)
        tasks.start_soon(keep_microphone, services)
        yield
        tasks.cancel_scope.cancel()


def _daemon_at(place: Path) -> Found:
    """Is there one? It is asked nothing."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(_ANSWER_S)
        try:
            client.connect(str(place))
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ECONNREFUSED):
                hint = "start it with `parleqd`; what follows are the parts it would have"
                return Found(CheckVerdict.WARNING, f"none listens at {place}", hint, Reason.DAEMON_UNREACHABLE)
            message = f"{place}: {error.strerror or error}"
            return Found(CheckVerdict.FAILED, message, "choose --socket PATH", Reason.SOCKET_UNUSABLE)
    hint = "`parleqctl doctor` has it try its own parts; what follows are those of a second one"
    return Found(CheckVerdict.OK, f"one runs at {place}, and was left alone", hint)
