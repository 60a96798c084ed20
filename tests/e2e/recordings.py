"""The public recordings, what is said in them, and how a hypothesis is held against what was said."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from parleqd.protocol.names import SAMPLE_RATE
from tests.audio_files import write_wav
from tests.parts import shared_data

AUDIBLE = 328
"""A hundredth of full scale (-40 dBFS): speech is above, the recordings' own noise below."""


def clips(kind: str) -> list[dict[str, Any]]:
    """The clips of the manifest, of one kind or a kind's family."""
    folder = shared_data("speech")
    lines = (folder / "manifest.jsonl").read_text().splitlines()
    found = [json.loads(line) for line in lines]
    return [{**clip, "path": str(folder / clip["file"])} for clip in found if clip["kind"].startswith(kind)]


@cache
def samples(name: str) -> bytes:
    """A public recording by its file's name, as 16 kHz mono s16."""
    from parleqd.speech_worker.decode.audio_file import pcm

    return b"".join(pcm(shared_data("speech") / name))


def seconds(pcm: bytes) -> float:
    """How long these samples are."""
    return len(pcm) / 2 / SAMPLE_RATE


def part(pcm: bytes, start_s: float, end_s: float) -> bytes:
    """The samples between two moments."""
    return pcm[2 * round(start_s * SAMPLE_RATE) : 2 * round(end_s * SAMPLE_RATE)]


def trimmed(pcm: bytes) -> bytes:
    """From the first audible sample to the last."""
    audible = [at for at, sample in enumerate(array("h", pcm)) if abs(sample) >= AUDIBLE]
    return pcm[2 * audible[0] : 2 * audible[-1] + 2]


def wav(folder: Path, name: str, pcm: bytes) -> Path:
    """A file of these samples."""
    return write_wav(folder / f"{name}.wav", pcm)


def words(text: str) -> list[str]:
    """Words without case and punctuation, the way that word error rate counts them."""
    return re.sub(r"[^a-z0-9' ]", " ", text.lower()).split()


def errors(reference: str, hypothesis: str) -> int:
    """Substitutions, deletions and insertions (Levenshtein distance over words)."""
    return _distances(words(reference), words(hypothesis))[-1]


def errors_at_the_beginning(reference: str, hypothesis: str) -> int:
    """The same, of a hypothesis that may go on behind the reference: what it lacks of the beginning."""
    return min(_distances(words(reference), words(hypothesis)))


def _distances(said: Sequence[str], heard: Sequence[str]) -> list[int]:
    """The distance of everything said from what was heard up to each word."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row
