"""What is played into a real sound server's microphone comes out of `parleqctl stop --print`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.microphone import UNDER_WAY_S, dictate, hearing, wait_listening
from tests.e2e.programs import pause, result_of
from tests.e2e.recordings import clips, errors, samples, wav, words
from tests.parts import PROVING

pytestmark = pytest.mark.alone

SLICE = ["utt-LJ001-0008.flac", "utt-84-121123-0001.flac"]
SHORTEST_S = 2.0


@pytest.mark.timeout(3600)
def test_every_recording_gives_its_text(tmp_path: Path) -> None:
    """Word errors are counted against the transcript. The microphone's recording begins and ends with a little of the
    silence around the speech, which moves Whisper's frames: now and then it spells a word differently, for better or
    worse. Over all clips that comes to nothing; a single one may differ by two words ("wood cutters" are two errors
    for one woodcutter) or, if long, by a twentieth.
    """
    spoken = [clip for clip in clips("utterance") + clips("long") if clip["seconds"] >= SHORTEST_S]
    if not PROVING:
        spoken = [clip for clip in spoken if clip["file"] in SLICE]
    ours = theirs = total = 0
    with hearing() as (audio, daemon):
        for clip in spoken:
            path = wav(tmp_path, Path(clip["file"]).stem, samples(clip["file"]))
            started = daemon.ctl("start", "--mode", "raw")
            assert started.returncode == 0, started.stderr
            wait_listening(daemon)
            audio.play(path)
            pause(UNDER_WAY_S)
            stopped = daemon.ctl("stop", "--print", "--json")
            assert stopped.returncode == 0, stopped.stderr
            result = result_of(stopped)
            assert result["verdict"] == "speech"
            assert result["audio_seconds"] >= clip["seconds"]
            expected = dictate(daemon, str(path))
            by_microphone, by_file = errors(clip["text"], result["raw"]), errors(clip["text"], expected)
            assert by_microphone <= by_file + max(2, len(words(clip["text"])) // 20), (clip["file"], result["raw"])
            ours, theirs, total = ours + by_microphone, theirs + by_file, total + len(words(clip["text"]))
        assert daemon.status()["pending"] == 0
    print(f"word error rate over {total} words: microphone {ours / total:.4f}, file {theirs / total:.4f}")
    assert ours <= theirs + max(2, total // 100)
