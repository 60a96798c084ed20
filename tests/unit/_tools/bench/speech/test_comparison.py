from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from anyio import to_thread

from parleq_client import Connection
from parleqd._tools.bench.bare_whisper import BareWhisper
from parleqd._tools.bench.speech.accuracy import Errors
from parleqd._tools.bench.speech.clips import Clip, ClipMaker
from parleqd._tools.bench.speech.comparison import Compared, Comparison, comparing, model_folder, model_name
from parleqd._tools.bench.speech.recordings import demo_utterances
from parleqd._tools.private_daemon import PrivateDaemon
from parleqd.adapters.models.embedded import EMBEDDED
from parleqd.core.errors import RefusedError
from tests.fakes.daemon import RESULT, running_daemon
from tests.parts import need, scale

CLIP = Clip("", 3.0, "hello word", np.zeros(3200, dtype=np.int16))


def weights(path: Path, size: int) -> Path:
    """A model's folder whose weights have that many bytes, none of them written."""
    path.mkdir(exist_ok=True)
    (path / "model.bin").touch()
    os.truncate(path / "model.bin", size)
    return path


def compare(socket_path: Path, folder: Path, asked: io.StringIO) -> Compared:
    answers = [{"milliseconds": 100.0, "text": "Hello world."}, {"milliseconds": 150.0, "text": "Hello word!"}]
    bare = BareWhisper(os.getpid(), asked, io.StringIO("".join(f"{json.dumps(answer)}\n" for answer in answers)))
    weights(folder, 10)
    with (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process,
        Connection.open(str(socket_path)) as connection,
    ):
        connection.initialize("test", instance="i")
        daemon = PrivateDaemon(process, socket_path, folder / "log")
        compared = Comparison(daemon, connection, bare, str(folder), threads=1).compare(CLIP)
        process.kill()
    return compared


@pytest.mark.asyncio
async def test_a_clip_goes_through_both(tmp_path: Path) -> None:
    asked = io.StringIO()
    heard = {**RESULT, "raw": "hello", "timings_ms": {**RESULT["timings_ms"], "release_to_raw": 25.0}}
    async with running_daemon({"session/result": heard}) as daemon:
        compared = await to_thread.run_sync(compare, Path(daemon.path), tmp_path, asked)
        clip = Path(daemon.path).with_name("clip.s16")
        assert asked.getvalue().splitlines() == [f"1 {clip}", f"5 {clip}"]
        assert await to_thread.run_sync(clip.read_bytes) == CLIP.samples.tobytes()
    assert (compared.words, compared.seconds, compared.length) == (2, 0.2, 3.0)
    assert (compared.release_to_raw, compared.ratio, compared.errors) == (25.0, 0.25, Errors(lost=1))
    assert (compared.said, compared.heard, compared.whole[1].heard) == ("hello word", "hello", "Hello world.")
    assert compared.whole[1].errors == Errors(substituted=1)
    assert (compared.whole[5].milliseconds, compared.whole[5].errors) == (150.0, Errors())
    assert compared.cpu_seconds is compared.worker_mb is None  # that daemon has no worker


def test_a_model_is_known_by_its_size(tmp_path: Path) -> None:
    assert model_name(weights(tmp_path / "some-model", EMBEDDED.size)) == "tiny.en"
    assert model_name(weights(tmp_path / "some-model", 5)) == "some-model"


def test_a_model_is_found_by_name_or_folder() -> None:
    with pytest.raises(RefusedError, match="no-such-model"):
        model_folder("no-such-model")
    folder = str((need("embedded-model") / "model").resolve())
    assert model_folder("tiny.en") == model_folder(folder) == folder


@pytest.mark.timeout(120)  # it loads the model five times, on whatever machine this is
def test_the_real_ones_understand_the_demo() -> None:
    need("embedded-model")
    if not scale(0, 1):
        pytest.skip("`make prove` does that: it takes half a minute")
    clip = ClipMaker(demo_utterances(), seed=1, release_s=0.05).make(2.0)
    with comparing(None, clip) as comparison:
        compared = comparison.compare(clip)
    assert comparison.model == "tiny.en"
    assert comparison.threads in (0, 1)
    assert compared.words >= 4
    assert compared.errors.total <= compared.words // 2
    assert 0 < compared.release_to_raw <= compared.at_client + 1
    if sys.platform == "linux":
        assert (compared.cpu_seconds or 0) > 0
        assert (compared.worker_mb or 0) > 50
        assert (compared.whole_mb or 0) > 50
