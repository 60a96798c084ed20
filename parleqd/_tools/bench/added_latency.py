"""Budget: what parleqd adds to decoding and cleanup, from release to the text in the client's hands.

Clips are pushed at the pace of speech through a stream session, without partial texts, as a client with a
microphone of its own would; each in turn with bare faster-whisper on the same clip. Each clip counts with the
median of its rounds, so that what else the machine does in one of them does not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event
from time import perf_counter
from typing import Any, NamedTuple

from parleq_client import Connection, Dictation
from parleqd._tools.bench.figures import Budget, Figure, percentile
from parleqd._tools.demo_recording import RECORDING
from parleqd._tools.private_daemon import ENDS_WITHIN_S
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE

BUDGET = Budget("what parleqd adds to decode + cleanup, release → text, p95", 10, "ms")
ROUNDS = 3
CLIPS = 8
"""At most so many, of so many seconds."""
CLIP_SECONDS = (2.0, 4.5)
CHUNK_S = 0.1


class Run(NamedTuple):
    """One dictation, in milliseconds: at the client, and what the daemon says of it."""

    release_to_text: float
    decode: float
    cleanup: float

    @property
    def added(self) -> float:
        """What is neither decoding nor cleanup."""
        return self.release_to_text - self.decode - self.cleanup


def measure(socket_path: Path) -> list[Figure]:
    """Every clip in turn, through both. ``socket_path`` is a running daemon's, in a folder of its own."""
    clips = [decoded(clip, socket_path.parent) for clip in choose_clips()]
    with Connection.open(str(socket_path)) as connection, _bare_whisper(_model_folder(connection)) as bare:
        connection.initialize("parleqd-bench", instance=str(uuid.uuid4()), partials=False)
        _ask(bare, clips[0])  # both are warm before it counts
        dictate(connection, clips[0].read_bytes())
        rounds = [[(dictate(connection, clip.read_bytes()), _ask(bare, clip)) for clip in clips] for _ in range(ROUNDS)]
    return [*compare(rounds)]


def compare(rounds: Sequence[Sequence[tuple[Run, float]]]) -> Iterator[Figure]:
    """What rounds over the same clips say: for each, a dictation and the milliseconds of the bare model."""
    pairs = [pair for one in rounds for pair in one]
    of_clips = [median(run.added for run, _ in clip) for clip in zip(*rounds, strict=True)]
    slowest = max(run.added for run, _ in pairs)
    detail = f"{len(of_clips)} clips, median of {len(rounds)} each; slowest of all {slowest:.1f} ms"
    yield BUDGET.figure(percentile(of_clips, 0.95), detail)
    ours, bare = median(run.release_to_text for run, _ in pairs), median(alone for _, alone in pairs)
    ratio = median(run.release_to_text / alone for run, alone in pairs)
    yield Figure("release → text over bare faster-whisper", ratio, "×", f"medians {ours:.0f} ms and {bare:.0f} ms")


def choose_clips() -> list[Path]:
    """Short utterances of the data beside the project, if it is there; else the demo's recording."""
    folder = Path(os.environ.get("PARLEQ_SHARED", "../shared")) / "data" / "speech"
    found = [clip for clip in sorted(folder.resolve().glob("utt-*.flac")) if _fits(clip)]
    return found[:CLIPS] or [RECORDING] * 3


def _fits(clip: Path) -> bool:
    import av

    shortest, longest = CLIP_SECONDS
    with av.open(str(clip)) as container:
        return container.duration is not None and shortest <= container.duration / av.time_base <= longest


def dictate(connection: Connection, pcm: bytes) -> Run:
    """Push samples as they were spoken, release, and take the text."""
    chunk = int(SAMPLE_RATE * CHUNK_S) * SAMPLE_BYTES
    dictation = Dictation(connection)
    dictation.start_stream(mode="instant")
    speaking, began = Event(), perf_counter()
    for number, start in enumerate(range(0, len(pcm), chunk), 1):
        speaking.wait(max(0.0, began + number * CHUNK_S - perf_counter()))
        dictation.feed(pcm[start : start + chunk])
    released = perf_counter()
    dictation.stop()
    result = dictation.result()
    took = (perf_counter() - released) * 1000
    dictation.acknowledge("read")
    return Run(took, result["timings_ms"]["decode"], result["timings_ms"]["cleanup"])


def decoded(clip: Path, folder: Path) -> Path:
    """The clip as a file of bare samples, so that both get the same."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    with av.open(str(clip)) as container:
        frames = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    samples = folder / f"{clip.stem}.s16"
    samples.write_bytes(b"".join(frame.to_ndarray().tobytes() for frame in [*frames, *resampler.resample(None)]))
    return samples


def _model_folder(connection: Connection) -> str:
    models: list[dict[str, Any]] = connection.call("models/list", timeout=None)["models"]
    return next(str(model["path"]) for model in models if model["in_use"])


@contextmanager
def _bare_whisper(folder: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "parleqd._tools.bench.bare_whisper", folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait(timeout=ENDS_WITHIN_S)


def _ask(bare: subprocess.Popen[str], clip: Path) -> float:
    assert bare.stdin is not None
    assert bare.stdout is not None
    bare.stdin.write(f"{clip}\n")
    bare.stdin.flush()
    milliseconds, _ = bare.stdout.readline().split()
    return float(milliseconds)
