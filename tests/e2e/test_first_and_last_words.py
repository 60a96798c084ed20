"""Who speaks right after the key, and stops right before letting go, loses neither the first word nor the last."""

from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools.private_audio import PrivateAudio
from tests.e2e.microphone import UNDER_WAY_S, dictate, dictation, hearing
from tests.e2e.programs import Daemon, pause
from tests.e2e.recordings import clips, part, samples, seconds, trimmed, wav, words
from tests.parts import scale

pytestmark = pytest.mark.alone

LEAD = b"\0\0" * 2400
"""0.15 s before the speech: with what the player needs to start, the 0.2 s of a quick speaker."""
REMAIN_S = 0.07
"""From the player's end, which comes a little after the last sample, to the stop: together 0.1 s."""
LENGTH_S = 3.0
"""A phrase of this length: enough for the model to know the word at its edge."""

Edge = tuple[str, bytes]
"""The word to be heard, and the phrase."""


def phrases(daemon: Daemon, folder: Path, *, at_end: bool, count: int) -> list[Edge]:
    """Phrases whose first (or last) word the model knows when it hears them from a file."""
    found: list[Edge] = []
    for clip in clips("utterance"):
        speech = trimmed(samples(clip["file"]))
        length = seconds(speech)
        phrase = part(speech, max(0.0, length - LENGTH_S), length) if at_end else part(speech, 0, LENGTH_S)
        edge = -1 if at_end else 0
        heard = words(dictate(daemon, str(wav(folder, "phrase", phrase))))
        if heard and heard[edge] == words(clip["text"])[edge]:
            found.append((heard[edge], phrase))
        if len(found) == count:
            return found
    raise AssertionError(f"only {len(found)} phrases of {count}")


def spoken_at_once(audio: PrivateAudio, daemon: Daemon, path: Path, remain_s: float) -> list[str]:
    """A dictation whose speech begins as soon as it is started."""
    with dictation(daemon) as one:
        one.start()
        audio.play(path)
        pause(remain_s)
        one.stop()
        return words(one.result()["raw"])


@pytest.mark.timeout(600)
def test_the_first_word_is_never_missing(tmp_path: Path) -> None:
    with hearing() as (audio, daemon):
        for word, phrase in phrases(daemon, tmp_path, at_end=False, count=scale(1, 20)):
            heard = spoken_at_once(audio, daemon, wav(tmp_path, "first", LEAD + phrase), UNDER_WAY_S)
            assert heard[:1] == [word], heard


@pytest.mark.timeout(600)
def test_the_last_word_is_never_missing(tmp_path: Path) -> None:
    with hearing() as (audio, daemon):
        for word, phrase in phrases(daemon, tmp_path, at_end=True, count=scale(1, 20)):
            heard = spoken_at_once(audio, daemon, wav(tmp_path, "last", LEAD + phrase), REMAIN_S)
            assert heard[-1:] == [word], heard
