"""What the clips are made of: recorded utterances, and what is said in them.

A folder of recordings holds ``manifest.jsonl``: one JSON object a line with ``file`` and ``text``; ``kind`` other than
"utterance" is left out, and ``reader`` (or else ``source``) tells voices apart. Without a folder it is the recording
of the demo, in three parts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from parleqd._tools.bench.speech.voiced import Samples, trimmed
from parleqd._tools.demo_recording import RECORDING
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.decode.audio_file import AudioFileError, pcm

MANIFEST = "manifest.jsonl"
_DEMO_PARTS = (
    (0.0, 3.53, "so um the garden party is on friday"),
    (3.53, 5.58, "sorry i mean saturday"),
    (5.58, 10.56, "and um we need thirty five chairs and two long tables"),
)
"""Seconds, and what is said between them; cut within the pauses."""


class RecordingsError(Exception):
    """The recordings cannot be used; the message says why, and what would be right."""


class Utterance(NamedTuple):
    """A recording without the silence around it."""

    reader: str
    text: str
    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / SAMPLE_RATE


def shared_recordings() -> Path | None:
    """The public recordings beside the project (PARLEQ_SHARED, default ../shared), if they are there."""
    folder = (Path(os.environ.get("PARLEQ_SHARED", "../shared")) / "data" / "speech").resolve()
    return folder if (folder / MANIFEST).is_file() else None


def demo_utterances() -> list[Utterance]:
    """The demo's recording, a synthetic voice."""
    samples = _samples(RECORDING)
    cuts = ((samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)], text) for start, end, text in _DEMO_PARTS)
    return [Utterance("demo", text, trimmed(part)) for part, text in cuts]


def utterances(folder: Path | None) -> list[Utterance]:
    """The utterances of a folder; ``None``: the demo's. Raises ``RecordingsError``."""
    if folder is None:
        return demo_utterances()
    found = [
        Utterance(
            str(entry.get("reader") or entry.get("source") or ""), entry["text"], trimmed(_read(folder / entry["file"]))
        )
        for entry in _entries(folder / MANIFEST)
        if entry.get("kind", "utterance") == "utterance"
    ]
    if not found:
        raise RecordingsError(f"{folder / MANIFEST} lists no recording of the kind 'utterance'")
    return found


def _entries(manifest: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise RecordingsError(
            f'{manifest}: {error.strerror}; a folder of recordings has a {MANIFEST} with {{"file", "text"}} a line'
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("file", "text")):
            raise RecordingsError(f'{manifest}:{number}: not a JSON object with the strings "file" and "text"')
        yield entry


def _read(path: Path) -> Samples:
    try:
        return _samples(path)
    except AudioFileError as error:
        raise RecordingsError(f"{path} {error.what}") from error


def _samples(path: Path) -> Samples:
    return np.frombuffer(b"".join(pcm(path)), dtype=np.int16)
