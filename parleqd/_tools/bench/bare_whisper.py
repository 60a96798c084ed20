"""The yardstick: faster-whisper alone, on whole clips, in a process of its own.

The process reads a beam size and the path of a file with 16 kHz samples from each line of stdin, and answers with a
JSON object: how many milliseconds the text took, and the text.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import IO, Any, NamedTuple

from parleqd._tools.private_daemon import ENDS_WITHIN_S

DEFAULT_THREADS = 0
"""faster-whisper's word for: as many as CTranslate2 finds right."""
_COMPUTE_TYPE = "int8"


class WholeClip(NamedTuple):
    """What a whole clip came to, and how long that took, in milliseconds."""

    milliseconds: float
    text: str


class BareWhisper:
    """The process, as whoever asks it sees it."""

    def __init__(self, pid: int, requests: IO[str], answers: IO[str]) -> None:
        self.pid = pid
        self._requests = requests
        self._answers = answers

    def decode(self, clip: Path, beam: int = 1) -> WholeClip:
        """The text of a file of bare samples. Raises ``EOFError`` when the process has ended."""
        self._requests.write(f"{beam} {clip}\n")
        self._requests.flush()
        line = self._answers.readline()
        if not line:
            raise EOFError(f"faster-whisper's process ended at {clip.name}")
        return WholeClip(**json.loads(line))


@contextmanager
def bare_whisper(folder: str, threads: int) -> Iterator[BareWhisper]:
    """A process with the model of ``folder`` loaded; gone after the block. Raises ``EOFError`` when it cannot load."""
    command = [sys.executable, "-P", "-m", __name__, folder, str(threads)]
    # Its own session: Ctrl-C reaches this process alone, which then ends the other in good order.
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            if not process.stdout.readline():
                raise EOFError(f"faster-whisper could not load the model in {folder}")
            yield BareWhisper(process.pid, process.stdin, process.stdout)
        finally:
            process.stdin.close()
            try:
                process.wait(timeout=ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()


def serve(folder: str, threads: int) -> None:
    """Load the model, say so, then answer until stdin ends."""
    import parleqd.speech_worker  # noqa: F401 - first: it keeps onnxruntime from telling its maker

    import numpy as np  # isort: skip
    from faster_whisper import WhisperModel  # isort: skip

    model: Any = WhisperModel(
        folder, device="cpu", compute_type=_COMPUTE_TYPE, cpu_threads=threads, local_files_only=True
    )
    print("ready", flush=True)
    for line in sys.stdin:
        beam, _, path = line.strip().partition(" ")
        samples = np.fromfile(path, np.int16).astype(np.float32) / 32768
        began = perf_counter()
        pieces, _ = model.transcribe(samples, language="en", beam_size=int(beam), temperature=0.0)
        text = " ".join(piece.text.strip() for piece in pieces)
        took = (perf_counter() - began) * 1000
        print(json.dumps({"milliseconds": round(took, 3), "text": text}), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
