"""A whole Azure on loopback for daemons that are processes: the real ``az``, who it signs in with, and a deployment."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal

from tests.e2e.programs import Daemon, running_daemon
from tests.fakes.http_server import HttpServer, Step, running_http_server, whole
from tests.parts import ROOT, need
from tests.peers.azure_authority import Authority, Silence, running_authority
from tests.peers.azure_cli import AzureCli
from tests.peers.certificates import issue

_CLOCK = """
import os, time

_true = time.time

def _moved():
    with open(os.environ["CLOCK_AHEAD"]) as file:
        return _true() + float(file.read())

time.time = _moved
"""
"""Loaded by every Python that starts with it (``sitecustomize``): so the daemon and the ``az`` that it starts agree on
the time, and an hour can pass."""


class Azure:
    """``authority`` is what az signs in at, ``model`` the deployment, ``answer`` what it answers with. The daemon finds
    ``program``, once that is installed, by the name of az."""

    def __init__(
        self,
        folder: Path,
        portal: BlockingPortal,
        authority: Authority,
        az: AzureCli,
        model: HttpServer,
        answer: list[Step],
    ) -> None:
        self.authority = authority
        self.model = model
        self.answer = answer
        self.program = folder / "bin" / "az"
        self._portal = portal
        self._az = az
        self._starts = folder / "starts"
        self._ahead = folder / "ahead"
        self._clock = folder / "clock"
        for made in (self.program.parent, self._clock):
            made.mkdir()
        (self._clock / "sitecustomize.py").write_text(_CLOCK)
        self._starts.touch()
        self.pass_time(0)

    @property
    def environment(self) -> dict[str, str]:
        """Of the daemon: that of `az`, with its own ``program`` and clock."""
        here = [str(self.program.parent), "/usr/bin", "/bin"]
        return {
            **self._az.environment,
            "PATH": os.pathsep.join(here),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "clients"), str(self._clock)]),
            "PYTHONDONTWRITEBYTECODE": "",
            "CLOCK_AHEAD": str(self._ahead),
        }

    @property
    def started(self) -> list[int]:
        """The process of every az that the daemon has started."""
        return [int(line) for line in self._starts.read_text().split()]

    def install(self, script: str = "") -> None:
        """The program notes that it was started, and then it is the real az, or a shell script."""
        self.program.write_text(f'#!/bin/sh\necho "$$" >> "{self._starts}"\n{script or self.real_az}\n')
        self.program.chmod(0o755)

    @property
    def real_az(self) -> str:
        """What a shell becomes to be the real az."""
        return f'exec "{self._az.program}" "$@"'

    def pass_time(self, seconds: float) -> None:
        """The daemon's clock, and that of az, is so far ahead from now on."""
        new = self._ahead.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self._ahead)

    def log_in(self) -> None:
        """`az login`, as a user."""
        self._portal.call(self._az.log_in)

    def log_out(self) -> None:
        """`az logout`."""
        self._portal.call(self._az.log_out)

    def forget_refusals(self) -> None:
        """`az` replays a refusal for a minute; make it ask again."""
        self._portal.call(self._az.forget_refusals)

    @contextmanager
    def silence(self) -> Iterator[Silence]:
        """The authority answers nothing meanwhile."""
        silence = self.authority.silence = self._portal.call(Silence)
        try:
            yield silence
        finally:
            self.authority.silence = None
            self._portal.call(silence.over.set)

    def bearers(self) -> list[str]:
        """The token of each text sent to the deployment; the rest of what it sees keeps connections warm."""
        texts = [seen for seen in self.model.seen if seen.method == "POST"]
        assert not any("authorization" in seen.headers for seen in self.model.seen if seen not in texts)
        return [seen.headers["authorization"].removeprefix("Bearer ") for seen in texts]


@contextmanager
def running_azure(folder: Path, text: str) -> Iterator[Azure]:
    """Nobody is logged in, and the daemon will find no az. ``text``: what the deployment makes of every text."""
    program, certificates = need("az"), issue(folder)
    answer: list[Step] = [streamed(text)]
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(running_authority(certificates)) as authority,
        portal.wrap_async_context_manager(running_http_server(answer)) as model,
    ):
        az = AzureCli(program, folder, authority, certificates)
        portal.call(az.register)
        yield Azure(folder, portal, authority, az, model, answer)


def streamed(text: str) -> bytes:
    """An answer that a deployment gives in a stream."""
    chunks: Sequence[dict[str, Any]] = [
        {"choices": [], "prompt_filter_results": []},
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    events = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
    return whole("".join([*events, "data: [DONE]\n\n"]).encode(), headers={"Content-Type": "text/event-stream"})


@contextmanager
def daemon_at(azure: Azure, mode: str) -> Iterator[Daemon]:
    """A daemon whose cleanup is by that deployment with the token of az. ``mode``: what it cleans by, unasked."""
    settings = f"""
[cleanup]
mode = "{mode}"

[[cleanup.target]]
name = "east"
resource = "{azure.model.address}"
deployment = "gpt-4o-mini"
"""
    with running_daemon(settings, "--log-format", "json", environment=azure.environment) as daemon:
        daemon.wait_ready()
        yield daemon


def attempts(daemon: Daemon) -> int:
    """How many tokens the daemon has asked for and got, or been refused."""
    return sum('"token"' in line for line in daemon.log.splitlines())
