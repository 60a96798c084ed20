"""One clip through both: a real daemon at the pace of speech, then faster-whisper on the whole of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from parleq_client import Connection
from parleqd._tools.bench import model_ready
from parleqd._tools.bench.bare_whisper import DEFAULT_THREADS, BareWhisper, bare_whisper
from parleqd._tools.bench.speech import process_use
from parleqd._tools.bench.speech.accuracy import Errors, errors, words
from parleqd._tools.bench.speech.clips import Clip
from parleqd._tools.bench.speech.ours import dictate
from parleqd._tools.private_daemon import PrivateDaemon, private_daemon
from parleqd.adapters.models.catalogue import CATALOGUE
from parleqd.adapters.models.embedded import embedded_folder
from parleqd.adapters.models.store import FolderModelStore
from parleqd.app.main import models_folder

BEAMS = (1, 5)
_PROBES = 3


class Theirs(NamedTuple):
    """faster-whisper on the whole clip."""

    milliseconds: float
    errors: Errors
    heard: str


class Compared(NamedTuple):
    """What a clip came to. Times in milliseconds from release; ``whole`` by beam size; memory in MB."""

    way: str
    length: float
    seconds: float
    words: int
    release_to_raw: float
    at_client: float
    errors: Errors
    said: str
    heard: str
    whole: dict[int, Theirs]
    cpu_seconds: float | None
    worker_mb: float | None
    whole_mb: float | None

    @property
    def ratio(self) -> float:
        """Of our time to that of the whole clip with beam 1."""
        return self.release_to_raw / self.whole[1].milliseconds


class Comparison:
    """A daemon and a bare model that are ready. ``model``: its name; ``threads``: those of the bare model."""

    def __init__(
        self, daemon: PrivateDaemon, connection: Connection, bare: BareWhisper, folder: str, threads: int
    ) -> None:
        self.model = model_name(Path(folder))
        self.threads = threads
        self._daemon = daemon
        self._connection = connection
        self._bare = bare

    def compare(self, clip: Clip) -> Compared:
        """The clip through ours, then through theirs with each beam. Raises ``ClientError``, ``EOFError``."""
        worker = process_use.worker_of(self._daemon.process.pid)
        for pid in (worker, self._bare.pid):
            if pid is not None:
                process_use.forget_peak(pid)
        before = None if worker is None else process_use.cpu_seconds(worker)
        at_client, result = dictate(self._connection, clip.samples.tobytes(), mode="raw")
        after = None if worker is None else process_use.cpu_seconds(worker)
        theirs = whole(self._bare, clip, self._daemon.socket_path.parent)
        return Compared(
            clip.way,
            clip.length,
            clip.seconds,
            len(words(clip.text)),
            result["timings_ms"]["release_to_raw"],
            at_client,
            errors(clip.text, result["raw"]),
            clip.text,
            result["raw"],
            theirs,
            None if before is None or after is None else after - before,
            None if worker is None else process_use.peak_mb(worker),
            process_use.peak_mb(self._bare.pid),
        )


@contextmanager
def comparing(model: str | None, probe: Clip, *, partials: bool = False) -> Iterator[Comparison]:
    """Both with the model of a name or folder (``None``: the daemon's default), warm, having heard ``probe``.

    ``partials``: a client reads along. Raises ``ParleqError`` for a model that is not there, ``NoDaemonError``,
    ``ClientError`` or ``EOFError`` where something does not start.
    """
    chosen = None if model is None else model_folder(model)
    # By its folder: a private daemon has no models of its own.
    with private_daemon("" if chosen is None else f"[speech]\nmodel = {json.dumps(chosen)}\n") as daemon:
        model_ready.measure(daemon, perf_counter())
        with daemon.connect() as connection:
            connection.initialize("parleqd-bench", instance=str(uuid.uuid4()), partials=partials)
            folder = chosen or folder_in_use(connection)
            threads = better_threads(folder, written(probe, daemon.socket_path.parent))
            with bare_whisper(folder, threads) as bare:
                comparison = Comparison(daemon, connection, bare, folder, threads)
                comparison.compare(probe)
                yield comparison


def model_folder(model: str) -> str:
    """The folder of an installed model of the user's, or this folder. Raises ``ParleqError`` where there is none."""
    place = Path(model).expanduser()
    name = str(place.resolve()) if "/" in model else model
    found = FolderModelStore(models_folder(), embedded_folder()).find(name)
    return str(Path(found.path).resolve())


def folder_in_use(connection: Connection) -> str:
    """The folder of the model that the daemon has by its name."""
    models: list[dict[str, Any]] = connection.call("models/list", timeout=None)["models"]
    return next(str(model["path"]) for model in models if model["in_use"])


def model_name(folder: Path) -> str:
    """The published model that this is, by the size of its weights; else the folder's own name."""
    size = (folder / "model.bin").stat().st_size
    return next((model.name for model in CATALOGUE if model.size == size), folder.name)


def better_threads(folder: str, clip: Path) -> int:
    """faster-whisper's default number of threads, or 1, whichever is faster with this clip on this machine."""
    with bare_whisper(folder, DEFAULT_THREADS) as default, bare_whisper(folder, 1) as single:
        took = [(default.decode(clip).milliseconds, single.decode(clip).milliseconds) for _ in range(_PROBES)]
    fastest = [min(times) for times in zip(*took, strict=True)]
    return DEFAULT_THREADS if fastest[0] <= fastest[1] else 1


def whole(bare: BareWhisper, clip: Clip, folder: Path) -> dict[int, Theirs]:
    """The clip, written into a folder, through faster-whisper by beam size. Raises ``EOFError``."""
    path = written(clip, folder)
    heard = {beam: bare.decode(path, beam) for beam in BEAMS}
    return {beam: Theirs(one.milliseconds, errors(clip.text, one.text), one.text) for beam, one in heard.items()}


def written(clip: Clip, folder: Path) -> Path:
    """The clip as a file of bare samples, for the bare model to read; the one before is written over."""
    path = folder / "clip.s16"
    path.write_bytes(clip.samples.tobytes())
    return path
