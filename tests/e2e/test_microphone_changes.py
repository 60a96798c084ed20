"""The microphone goes away, is another, falls silent, its server dies: what was said before is there, and what follows.

Each change strikes a dictation at several moments; the next one must work with the same daemon.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from parleqd._tools.private_audio import OTHER_NAME, PrivateAudio
from tests.e2e.microphone import UNDER_WAY_S, Notices, dictate, dictation, hearing, missing_words, wait_listening
from tests.e2e.programs import Daemon, eventually, pause, result_of
from tests.e2e.recordings import part, samples, seconds, wav
from tests.parts import PROVING

pytestmark = pytest.mark.alone

SPOKEN = "utt-LJ001-0014.flac"
NEXT = "utt-spk1_snt4.flac"
PLAYER_STARTS_S = 0.3
"""At the most, from the player's start until it is heard."""
SILENCE_S = 1.8
"""How long the person goes on before noticing: long enough for a dead input to be announced."""
MOMENTS = (0.15, 0.35, 0.55, 0.75, 0.95)
"""Of the recording."""
SLICED = (0.25,)
_GONE = frozenset(("no_microphone", "device_lost"))
_MUTED = frozenset(("source_muted",))


class Change(NamedTuple):
    """What happens, and how it ends. Meanwhile one of ``reasons`` is in ``status`` and ``doctor``.

    One of ``notices`` is told to all who listen.
    """

    strike: Callable[[PrivateAudio], None]
    mend: Callable[[PrivateAudio], None]
    reasons: frozenset[str]
    notices: frozenset[str]


def _first_again(audio: PrivateAudio) -> None:
    """A fresh server, as it was at the beginning."""
    audio.kill_server()
    audio.restart_server()


CHANGES = {
    "removed": Change(PrivateAudio.unplug, PrivateAudio.replug, _GONE, _GONE),
    "replaced": Change(PrivateAudio.replace, _first_again, frozenset(), frozenset(("device_changed",))),
    "muted": Change(lambda audio: audio.mute(on=True), lambda audio: audio.mute(on=False), _MUTED, _MUTED),
    "server killed": Change(PrivateAudio.kill_server, PrivateAudio.restart_server, _GONE, _GONE),
}


@pytest.mark.timeout(1800)
def test_nothing_said_before_is_missing_and_the_next_dictation_works(tmp_path: Path) -> None:
    plan = [(name, fraction) for name in CHANGES for fraction in (MOMENTS if PROVING else SLICED)]
    random.shuffle(plan)
    pcm = samples(SPOKEN)
    spoken, following = wav(tmp_path, "spoken", pcm), wav(tmp_path, "next", samples(NEXT))
    with hearing() as (audio, daemon), Notices(daemon) as notices:
        expected_next = dictate(daemon, str(following))
        for name, fraction in plan:
            change, moment = CHANGES[name], (fraction + random.uniform(-0.05, 0.05)) * seconds(pcm)
            said = part(pcm, 0, max(0.5, moment - UNDER_WAY_S - PLAYER_STARTS_S))
            expected = dictate(daemon, str(wav(tmp_path, "said", said)))
            result = _struck(audio, daemon, change, spoken, moment)
            assert result["audio_seconds"] >= seconds(said), (name, moment)
            assert missing_words(expected, result["raw"]) == 0, (name, moment, expected, result["raw"])
            assert change.notices & notices.reasons(), name
            _named(daemon, change.reasons)
            change.mend(audio)
            assert missing_words(expected_next, _dictated(audio, daemon, following), cut=0) <= 1, (name, moment)
            assert daemon.status()["microphone"]["reason"] is None, name
            notices.forget()


def _struck(audio: PrivateAudio, daemon: Daemon, change: Change, spoken: Path, moment: float) -> dict[str, Any]:
    """A dictation that the change strikes at a moment of what is played; what it gives."""
    with dictation(daemon) as one:
        one.start()
        wait_listening(daemon)
        player = audio.start_playing(spoken)
        try:
            pause(moment)
            change.strike(audio)
            pause(SILENCE_S)
            one.stop()
            result = one.result()
        finally:
            player.kill()
            player.wait()
    return result


def _named(daemon: Daemon, reasons: frozenset[str]) -> None:
    """`status` and `doctor` name what is the matter, and what to do; the other microphone, if all is well with it."""
    if not reasons:
        assert OTHER_NAME in daemon.status()["microphone"]["device"]
        return

    def told() -> bool:
        microphone = daemon.status()["microphone"]
        return microphone["reason"] in reasons and bool(microphone["message"])

    with daemon.connect() as connection:
        found = connection.call("doctor/run", timeout=60)["checks"]
    assert any(check.get("reason") in reasons and check["verdict"] != "ok" and check["hint"] for check in found), found
    eventually(told, f"the status says {' or '.join(reasons)}", 5)


def _dictated(audio: PrivateAudio, daemon: Daemon, path: Path) -> str:
    """An ordinary dictation."""
    with dictation(daemon) as one:
        one.start()
        wait_listening(daemon)
        audio.play(path)
        pause(UNDER_WAY_S)
        one.stop()
        return str(one.result()["raw"])


@pytest.mark.timeout(120)
def test_a_microphone_that_comes_back_is_heard_again_in_the_same_dictation(tmp_path: Path) -> None:
    before, after = "utt-spk1_snt4.flac", "utt-spk1_snt1.flac"
    first, second = wav(tmp_path, "before", samples(before)), wav(tmp_path, "after", samples(after))
    with hearing() as (audio, daemon):
        expected = dictate(daemon, str(first)), dictate(daemon, str(second))
        with dictation(daemon) as one:
            one.start()
            wait_listening(daemon)
            audio.play(first)
            pause(UNDER_WAY_S)
            audio.unplug()
            eventually(lambda: daemon.status()["microphone"]["state"] == "recovering", "the loss is noticed", 10)
            audio.replug()
            wait_listening(daemon)
            audio.play(second)
            pause(UNDER_WAY_S)
            one.stop()
            heard = one.result()["raw"]
    assert missing_words(expected[0], heard, cut=1) == 0, heard
    assert missing_words(" ".join(expected), heard, cut=0) <= 2, heard


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("muted", "announced"), [(False, "dead_input"), (True, "source_muted")])
def test_a_dead_input_is_announced_while_the_person_speaks_and_is_the_verdict(muted: bool, announced: str) -> None:
    with hearing() as (audio, daemon), Notices(daemon) as notices:
        audio.mute(on=muted)  # nothing is played: unmuted, it gives flat zeros too
        assert daemon.ctl("start").returncode == 0
        eventually(lambda: announced in notices.reasons(), "it is announced", 10)
        pause(SILENCE_S)
        assert daemon.status()["state"] == "recording"
        stopped = daemon.ctl("stop", "--print", "--json")
        assert stopped.returncode == 5
        assert result_of(stopped)["verdict"] == "dead_input"
