"""Terms of the vocabulary are heard where they are said and nowhere else: real daemon, model and synthesiser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e.programs import Daemon, running_daemon
from tests.e2e.recordings import clips, errors, words
from tests.parts import PROVING, need

SENTENCES = {  # the names of the public clips, and seven more; no name stands in a dictionary
    "Noirtier": ("We should ask Noirtier about the contract.", "The report from Noirtier came this morning."),
    "Villefort": ("Please send the minutes to Villefort before noon.", "Yesterday Villefort signed the lease."),
    "d'Avrigny": ("Doctor d'Avrigny will see you now.", "I spoke with d'Avrigny on the telephone."),
    "Morrel": ("Let us meet Morrel at the station.", "The boat belongs to Morrel and his son."),
    "Gutenberg": ("The first printer was Gutenberg of course.", "Nobody knows when Gutenberg was born."),
    "Threlkeld": ("The village of Threlkeld lies below the hill.", "My cousin lives in Threlkeld now."),
    "Okonkwo": ("Mister Okonkwo has paid the invoice.", "Tell Okonkwo that the parts are here."),
    "Kubernetes": ("We run the service on Kubernetes these days.", "The new Kubernetes cluster is ready."),
    "Grafana": ("Open the panel in Grafana and look.", "The Grafana board shows no errors."),
    "Huxtable": ("Doctor Huxtable wrote the letter.", "We are waiting for Huxtable again."),
    "Parleq": ("I dictate all my letters with Parleq now.", "The Parleq daemon is running."),
    "Tregowan": ("We walked from Tregowan to the sea.", "The harbour at Tregowan is small."),
}
NAMES = list(SENTENCES)
VOICE = ("-v", "en-gb", "-s", "135", "-a", "60")
"""As the demo's recording is spoken: tiny.en understands it."""
ENOUGH = 2 / 3
SLACK_WORDS = 3
"""A clip's words may come out otherwise either way; in a small sample a word or two say nothing."""


class Clip(NamedTuple):
    """A recording with names of the vocabulary, or without any."""

    path: str
    said: str

    @property
    def names(self) -> list[str]:
        """The vocabulary's names in it."""
        return [name for name in NAMES if holds(self.said, name)]


def holds(text: str, name: str) -> bool:
    """Does the text have this name, as whole words?"""
    return f" {' '.join(words(name))} " in f" {' '.join(words(text))} "


def spoken(folder: Path) -> list[Clip]:
    """The sentences, by the synthesiser."""
    found = list[Clip]()
    program = need("espeak-ng")
    for name in NAMES if PROVING else NAMES[1::3]:
        for sentence in SENTENCES[name]:
            path = folder / f"{len(found)}.wav"
            subprocess.run([program, *VOICE, "-w", path, sentence], check=True, timeout=30)
            found.append(Clip(str(path), sentence))
    return found


def dictated(daemon: Daemon, recordings: list[Clip]) -> list[str]:
    """What is made of them, as the model has it."""
    paths = [clip.path for clip in recordings]
    done = daemon.ctl("dictate", "--pace", "fast", "--mode", "raw", "--json", *paths, timeout=900)
    results: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(paths), done.stderr
    return [result["raw"] for result in results]


def right(recordings: list[Clip], texts: list[str]) -> list[bool]:
    """Of each name in each recording: is it in the text?"""
    return [holds(text, name) for clip, text in zip(recordings, texts, strict=True) for name in clip.names]


@pytest.mark.timeout(1800)
def test_names_are_heard_and_plain_speech_and_noise_stay_as_they_were(tmp_path: Path) -> None:
    need("embedded-model")
    public = [Clip(clip["path"], clip["text"]) for clip in clips("utterance") + clips("word")]
    named = [clip for clip in public if clip.names]
    plain = [clip for clip in public if not clip.names]
    noise = [Clip(clip["path"], "") for clip in clips("noise")]
    if not PROVING:
        named, plain = named[:3], plain[::6]
    told = [*spoken(tmp_path), *named]
    with running_daemon() as daemon:
        daemon.wait_ready()
        before = dictated(daemon, [*told, *plain])
        added = daemon.ctl("vocabulary", "import", "-", "--json", stdin="\n".join(NAMES).encode())
        assert json.loads(added.stdout)["added"] == len(NAMES)
        after = dictated(daemon, [*told, *plain])
        silent = dictated(daemon, noise)
    was, now = right(told, before[: len(told)]), right(told, after[: len(told)])
    missed = was.count(False)
    gained = sum(heard for heard, known in zip(now, was, strict=True) if not known)
    lost = sum(known and not heard for heard, known in zip(now, was, strict=True))
    plain_before, plain_after = (
        sum(errors(clip.said, text) for clip, text in zip(plain, texts[len(told) :], strict=True))
        for texts in (before, after)
    )
    leaks = [name for text in after[len(told) :] for name in NAMES if holds(text, name)]
    print(f"{len(was)} names, {missed} missed: {gained} gained, {lost} lost; plain {plain_before}, {plain_after}")
    for clip, text in zip(told, after, strict=False):
        if not all(holds(text, name) for name in clip.names):
            print(f"  not heard: {clip.said!r} → {text!r}")
    assert gained >= ENOUGH * missed
    assert lost == 0
    assert plain_after <= plain_before + (0 if PROVING else SLACK_WORDS)
    assert leaks == []
    assert silent == [""] * len(noise)
