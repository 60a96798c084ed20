"""What the whole chain recognises is as good as what the bare model recognises of whole clips, and nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.programs import Daemon, running_daemon
from tests.e2e.recordings import clips, errors, words
from tests.parts import PROVING, need

# The same model and parameters, straight from faster-whisper; in a process of its own, since tests load no numpy.
BARE = """
import json, sys
from faster_whisper import WhisperModel, decode_audio
model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=1)
for path in sys.argv[2:]:
    segments, _ = model.transcribe(decode_audio(path), language="en", beam_size=1, temperature=0.0)
    print(json.dumps(" ".join(segment.text.strip() for segment in segments)), flush=True)
"""

SLACK_WORDS = 3
"""In a small sample, another spelling of a name or two says nothing."""


def dictated(daemon: Daemon, paths: list[str]) -> list[dict[str, Any]]:
    """The results of `parleqctl dictate` over these files."""
    done = daemon.ctl("dictate", "--pace", "fast", "--mode", "raw", "--json", *paths, timeout=600)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.timeout(900)
def test_word_error_rate_is_that_of_the_bare_model_and_no_clip_is_lost() -> None:
    need("embedded-model")
    chosen = clips("utterance") + clips("word") + clips("long")
    chosen = chosen if PROVING else chosen[::4]
    paths = [clip["path"] for clip in chosen]
    with running_daemon() as daemon:
        ours = dictated(daemon, paths)
    assert [result["verdict"] for result in ours] == ["speech"] * len(chosen)
    assert all(result["raw"] for result in ours), "a clip was lost"
    model = need("embedded-model") / "model"
    bare = subprocess.run(
        [sys.executable, "-c", BARE, str(model), *paths], capture_output=True, text=True, check=True, timeout=600
    )
    theirs = [json.loads(line) for line in bare.stdout.splitlines()]
    total = sum(len(words(clip["text"])) for clip in chosen)
    our_errors = sum(errors(clip["text"], result["raw"]) for clip, result in zip(chosen, ours, strict=True))
    their_errors = sum(errors(clip["text"], text) for clip, text in zip(chosen, theirs, strict=True))
    print(f"word error rate over {total} words: ours {our_errors / total:.4f}, bare {their_errors / total:.4f}")
    assert our_errors - their_errors <= max(SLACK_WORDS, 0.003 * total)


@pytest.mark.timeout(300)
def test_noise_gives_no_text() -> None:
    need("embedded-model")
    chosen = clips("noise")
    with running_daemon() as daemon:
        results = dictated(daemon, [clip["path"] for clip in chosen])
        alone = daemon.ctl("dictate", "--pace", "fast", "--json", chosen[0]["path"])
    assert [(result["raw"], result["text"]) for result in results] == [("", "")] * len(chosen)
    for clip, result in zip(chosen, results, strict=True):
        if Path(clip["file"]).name.startswith(("noise-silence-", "noise-roomtone-")):
            assert result["verdict"] != "speech", clip["file"]
    assert alone.returncode == 5
