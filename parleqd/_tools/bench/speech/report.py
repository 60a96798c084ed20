"""What a run came to, for people and for programs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parleqd._tools.bench.bare_whisper import DEFAULT_THREADS
from parleqd._tools.bench.figures import Figure, told
from parleqd._tools.bench.speech.comparison import Compared
from parleqd._tools.bench.speech.plot import svg
from parleqd._tools.bench.speech.tables import rows, tables
from parleqd._tools.bench.speech.targets import lines


@dataclass(frozen=True)
class Report:
    """``compared``: every clip so far. ``threads``: those of the bare model. ``simulated``: ours on a virtual clock."""

    model: str
    threads: int
    seed: int
    release_s: float
    partials: bool
    compared: Sequence[Compared]
    texts: bool = False
    simulated: bool = False

    def figures(self) -> list[Figure]:
        """The lines that are held to something, or would be with another model."""
        return list(lines(self.compared, self.model, self.release_s, self.seed))

    def text(self) -> str:
        """Tables and lines."""
        found = "\n".join(map(told, self.figures()))
        return f"{self._conditions()}\n\n{tables(rows(self.compared, self.seed))}\n\n{found}"

    def plot(self) -> str:
        """Latency over length. Raises ``ValueError`` for fewer than two lengths."""
        ordinary = [clip for clip in self.compared if not clip.way]
        return svg(rows(ordinary, self.seed), f"From release to text, {self.model} on {os.cpu_count()} cores")

    def as_dict(self) -> dict[str, Any]:
        """Everything, every clip included; what was said and heard where ``texts`` are asked for."""
        return {
            "model": self.model,
            "whole_clip_threads": self.threads,
            "cores": os.cpu_count(),
            "seed": self.seed,
            "release_s": self.release_s,
            "partials": self.partials,
            "simulated": self.simulated,
            "rows": [row._asdict() for row in rows(self.compared, self.seed)],
            "lines": [figure.as_dict() for figure in self.figures()],
            "clips": [_clip(clip, texts=self.texts) for clip in self.compared],
        }

    def _conditions(self) -> str:
        threads = "its own number of threads" if self.threads == DEFAULT_THREADS else "1 thread"
        ours = "simulated: latency is reckoned; " if self.simulated else ""
        return (
            f"{ours}{self.model}, int8, {os.cpu_count()} cores; released {self.release_s:g} s after the last word, "
            f"{'with' if self.partials else 'without'} partial texts; "
            f"whole clips by faster-whisper with {threads}, the faster here; seed {self.seed}"
        )


def _clip(clip: Compared, *, texts: bool) -> dict[str, Any]:
    told = clip._asdict()
    told["errors"] = clip.errors._asdict()
    told["whole"] = {
        beam: {**theirs._asdict(), "errors": theirs.errors._asdict()} for beam, theirs in clip.whole.items()
    }
    told["ratio"] = clip.ratio
    if not texts:
        del told["said"], told["heard"]
        for theirs in told["whole"].values():
            del theirs["heard"]
    return told
