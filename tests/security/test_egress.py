"""What leaves the machine: nothing where nothing can, and with a model service its requests alone, without a sound."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import anyio
import pytest
from anyio import to_thread
from anyio.abc import SocketAttribute

from parleqd._tools.demo_recording import RECORDING
from tests.fakes.failing_server import OPTIONS, good, transcript_of
from tests.fakes.http_server import HttpServer, Script, Seen
from tests.parts import ROOT, need
from tests.security.page import PATIENCE_S, environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="network namespaces and strace are Linux's")
BESIDE = f"{sys.executable} -m parleqd._tools.beside"
DICTATE = f"parleqctl dictate --pace fast {RECORDING}"
POLISHED = """
[cleanup]
mode = "polished"
[[cleanup.target]]
name = "east"
provider = "azure-openai"
auth = "api-key"
resource = "{address}"
deployment = "gpt-4o-mini"
"""
INTERNET = r"AF_INET|<(TCP|UDP)"
CALLS = "connect,sendto,sendmsg,sendmmsg"
RAW = 'import json, sys; print(json.load(sys.stdin)["raw"])'


class Model(HttpServer):
    """Finds every text good as it is."""

    def script_for(self, request: Seen) -> Script:
        """Its text again."""
        if request.method == "OPTIONS":
            return [OPTIONS]
        return good(Random(0), transcript_of(request), time.monotonic())


@asynccontextmanager
async def running_model() -> AsyncIterator[Model]:
    """One on a port of its own."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    model = Model([], f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}")
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, model.serve)
        yield model
        tasks.cancel_scope.cancel()


def shell(command: str) -> str:
    """What it prints."""
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=environment(ROOT), stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.timeout(120)
def test_without_any_way_out_everything_but_polished_works() -> None:
    for part in ("unshare", "ip", "embedded-model"):
        need(part)
    steps = [
        DICTATE,
        "echo um hello | parleqctl clean --mode instant",
        "parleqctl history list",
        "parleqctl history search garden",
        "parleqctl doctor --json",
        "ip route show table all | grep -c ^default",
    ]
    printed = shell(f"unshare -rn sh -c 'ip link set lo up; {BESIDE} \"{'; '.join(steps)}\"'")
    said, cleaned, *rest = printed.splitlines()
    assert "garden party" in said
    assert cleaned == "Hello"
    assert sum("garden party" in line for line in rest) == 2, "listed, and found again"
    assert re.search(r'"check": ?"worker",.*?"verdict": ?"ok"', printed), printed
    assert rest[-1] == "0", "there was a way out"


@pytest.mark.timeout(120)
@pytest.mark.asyncio
async def test_only_the_configured_target_is_spoken_to_and_hears_text_alone(tmp_path: Path) -> None:
    """What it is sent for a dictation is, byte for byte, what it is sent for the same text where there is no audio."""
    for part in ("strace", "embedded-model"):
        need(part)
    trace = tmp_path / "trace"

    def use(address: str) -> tuple[str, list[str]]:
        steps = (
            f"{DICTATE} --json >$HOME/said; {sys.executable} -c '{RAW}' <$HOME/said | parleqctl clean; cat $HOME/said"
        )
        (tmp_path / "steps").write_text(steps)
        (tmp_path / "settings").write_text(POLISHED.format(address=address))
        record = f"strace -f --seccomp-bpf -qq -yy -s 9999 -e trace={CALLS} -o {trace}"
        given = f'--set AZURE_OPENAI_API_KEY=key --settings "$(cat {tmp_path}/settings)" "$(cat {tmp_path}/steps)"'
        printed = shell(f"{record} {BESIDE} {given}")
        return printed, [line for line in trace.read_text(errors="replace").splitlines() if re.search(INTERNET, line)]

    async with running_model() as model:
        printed, lines = await to_thread.run_sync(use, model.address)
    assert '"used":"polished"' in printed.replace(" ", ""), printed
    asked = [request for request in model.seen if request.method == "POST"]
    assert len(asked) >= 2, printed
    assert asked[-1].body == asked[-2].body, "a dictation, and its text alone"
    assert lines
    port = model.address.rpartition(":")[2]
    astray = [line for line in lines if f"htons({port})" not in line and f"127.0.0.1:{port}]" not in line]
    assert astray == []
