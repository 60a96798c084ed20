"""A real speech server of others' making (open-asr-server), with the embedded model behind OpenAI's transcriptions."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from tests.parts import need

_READY = re.compile(rb"Uvicorn running on (http://127\.0\.0\.1:\d+)")
_STARTS_WITHIN_S = 60.0
_POLL_S = 0.05


class SpeechServer(NamedTuple):
    """What the settings ``speech.server`` and ``speech.server_model`` say of it, and its process."""

    url: str
    model: str
    process: subprocess.Popen[bytes]


@contextmanager
def running_speech_server(folder: Path) -> Iterator[SpeechServer]:
    """One on loopback that fetches nothing. ``folder`` takes its log.

    Call it outside of an event loop: it takes seconds to start.
    """
    model = f"faster-whisper:{need('embedded-model') / 'model'}"
    command: list[str | Path] = [need("speech-server"), "serve", "--host", "127.0.0.1", "--port", "0"]
    command += ["--preload", model]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "HF_HUB_OFFLINE": "1"}
    log = folder / "speech-server.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment, cwd=folder)
    with process:
        try:
            yield SpeechServer(f"{_address(process, log)}/v1", model, process)
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
        raise AssertionError(f"the speech server did not start:\n{log.read_text('utf-8', 'replace')}")
    return found[1].decode()
