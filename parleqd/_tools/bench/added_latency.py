"""Budget: what parleqd adds to decoding and cleanup, from release to the text in the client's hands.

Clips are pushed at the pace of speech through a stream session, without partial texts, as a client with a
microphone of its own would; each in turn with bare faster-whisper on the same clip. Each clip counts with the
median of its rounds, so that what else the machine does in one of them does not.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from parleq_client import Connection
from parleqd._tools.bench.bare_whisper import bare_whisper
from parleqd._tools.bench.figures import Budget, Figure, percentile
from parleqd._tools.bench.speech import ours
from parleqd._tools.bench.speech.comparison import folder_in_use
from parleqd._tools.bench.speech.recordings import shared_recordings
from parleqd._tools.demo_recording import RECORDING
from parleqd.protocol.names import SAMPLE_RATE

BUDGET = Budget("what parleqd adds to decode + cleanup, release → text, p95", 10, "ms")
ROUNDS = 3
CLIPS = 8
"""At most so many, of so many seconds."""
CLIP_SECONDS = (2.0, 4.5)
THREADS = 1
"""Of the bare model: as the worker has them."""


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
    with Connection.open(str(socket_path)) as connection, bare_whisper(folder_in_use(connection), THREADS) as bare:
        connection.initialize("parleqd-bench", instance=str(uuid.uuid4()), partials=False)
        bare.decode(clips[0])  # both are warm before it counts
        dictate(connection, clips[0].read_bytes())
        rounds = [
            [(dictate(connection, clip.read_bytes()), bare.decode(clip).milliseconds) for clip in clips]
            for _ in range(ROUNDS)
        ]
    return [*compare(rounds)]


def compare(rounds: Sequence[Sequence[tuple[Run, float]]]) -> Iterator[Figure]:
    """What rounds over the same clips say: for each, a dictation and the milliseconds of the bare model."""
    pairs = [pair for one in rounds for pair in one]
    of_clips = [median(run.added for run, _ in clip) for clip in zip(*rounds, strict=True)]
    slowest = max(run.added for run, _ in pairs)
    detail = f"{len(of_clips)} clips, median of {len(rounds)} each; slowest of all {slowest:.1f} ms"
    yield BUDGET.figure(percentile(of_clips, 0.95), detail)
    released, bare = median(run.release_to_text for run, _ in pairs), median(alone for _, alone in pairs)
    ratio = median(run.release_to_text / alone for run, alone in pairs)
    yield Figure("release → text over bare faster-whisper", ratio, "×", f"medians {released:.0f} ms and {bare:.0f} ms")


def choose_clips() -> list[Path]:
    """Short utterances of the data beside the project, if it is there; else the demo's recording."""
    folder = shared_recordings()
    found = [clip for clip in sorted(folder.glob("utt-*.flac")) if _fits(clip)] if folder is not None else []
    return found[:CLIPS] or [RECORDING] * 3


def _fits(clip: Path) -> bool:
    import av

    shortest, longest = CLIP_SECONDS
    with av.open(str(clip)) as container:
        return container.duration is not None and shortest <= container.duration / av.time_base <= longest


def dictate(connection: Connection, pcm: bytes) -> Run:
    """Push samples as they were spoken, release, and take the text."""
    at_client, result = ours.dictate(connection, pcm, mode="instant")
    return Run(at_client, result["timings_ms"]["decode"], result["timings_ms"]["cleanup"])


def decoded(clip: Path, folder: Path) -> Path:
    """The clip as a file of bare samples, so that both get the same."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    with av.open(str(clip)) as container:
        frames = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    samples = folder / f"{clip.stem}.s16"
    samples.write_bytes(b"".join(frame.to_ndarray().tobytes() for frame in [*frames, *resampler.resample(None)]))
    return samples
