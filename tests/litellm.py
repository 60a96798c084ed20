"""LiteLLM's proxy: a gateway of others' making, with Azure's classic URL in front and any OpenAI server behind."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.parts import ROOT, need
from tests.uvicorn import running_uvicorn


class Gateway(NamedTuple):
    """What a target names as its ``resource``, and the one key that is let in."""

    resource: str
    key: str


@contextmanager
def running_litellm(folder: Path, local_model: str) -> Iterator[Gateway]:
    """One with the deployments of tests/peers/litellm/config.yaml, `local-model` served from the resource given.

    See `running_uvicorn`.
    """
    configuration = ROOT / "tests" / "peers" / "litellm" / "config.yaml"
    command: list[str | Path] = [need("litellm"), "--config", configuration, "--telemetry", "False"]
    key = f"sk-{secrets.token_urlsafe(24)}"
    environment = {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_MASTER_KEY": key,
        "LOCAL_MODEL": f"{local_model}/openai/v1",
    }
    with running_uvicorn(command, folder, "litellm.log", environment) as running:
        yield Gateway(running.address, key)
