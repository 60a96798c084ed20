"""LiteLLM's proxy: a gateway of others' making, with Azure's classic URL in front and any OpenAI server behind."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from tests.parts import ROOT, need

_READY = re.compile(rb"Uvicorn running on (http://127\.0\.0\.1:\d+)")
_STARTS_WITHIN_S = 60.0
_POLL_S = 0.05


class Gateway(NamedTuple):
    """What a target names as its ``resource``, and the one key that is let in."""

    resource: str
    key: str


@contextmanager
def running_litellm(folder: Path, local_model: str) -> Iterator[Gateway]:
    """One with the deployments of tests/peers/litellm/config.yaml, `local-model` served from the resource given.

    ``folder`` takes its log. Call it outside of an event loop: it takes ten seconds to start.
    """
    command: list[str | Path] = [need("litellm"), "--config", ROOT / "tests" / "peers" / "litellm" / "config.yaml"]
    command += ["--host", "127.0.0.1", "--port", "0", "--telemetry", "False"]
    key = f"sk-{secrets.token_urlsafe(24)}"
    # Nothing of the user's: no key, no proxy.
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MASTER_KEY": key,
        "LOCAL_MODEL": f"{local_model}/openai/v1",
    }
    log = folder / "litellm.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment, cwd=folder)
    with process:
        try:
            yield Gateway(_address(process, log), key)
        finally:
            process.kill()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    give_up = monotonic() + _STARTS_WITHIN_S
    while (found := _READY.search(log.read_bytes())) is None:
        try:
            process.wait(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            if monotonic() < give_up:
                continue
        raise AssertionError(f"LiteLLM did not start:\n{log.read_text('utf-8', 'replace')}")
    return found[1].decode()
