"""A real speech server of others' making (open-asr-server), with the embedded model behind OpenAI's transcriptions."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.parts import need
from tests.uvicorn import running_uvicorn


class SpeechServer(NamedTuple):
    """What the settings ``speech.server`` and ``speech.server_model`` say of it, and its process."""

    url: str
    model: str
    process: subprocess.Popen[bytes]


@contextmanager
def running_speech_server(folder: Path) -> Iterator[SpeechServer]:
    """One on loopback that fetches nothing; see `running_uvicorn`."""
    model = f"faster-whisper:{need('embedded-model') / 'model'}"
    command: list[str | Path] = [need("speech-server"), "serve", "--preload", model]
    with running_uvicorn(command, folder, "speech-server.log", {"HF_HUB_OFFLINE": "1"}) as running:
        yield SpeechServer(f"{running.address}/v1", model, running.process)
