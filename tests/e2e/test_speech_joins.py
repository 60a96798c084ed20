"""However somebody speaks, and whenever they stop, no word is lost or doubled where two segments meet (the real model).

The worker's part is proved in virtual time, at random moments and paces; the rest through the real daemon.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from parleq_client.dictation import Dictation
from parleqd._tools.bench.speech.adverse import faster
from parleqd.core.speech.messages import Event, Final, Open, Partial, Segment
from parleqd.core.speech.transcript import join
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.model import SpeechModel
from tests.e2e.programs import Daemon, running_daemon
from tests.e2e.recordings import clips, samples, trimmed
from tests.joins import Overheard, broken_joins
from tests.paced import CHUNKS, Pace, spoken
from tests.parts import PROVING, need, scale

Samples = NDArray[np.int16]

SHORTEST_S, LONGEST_S = 12.0, 115.0 if PROVING else 20.0
"""Of what is dictated: from the first cut on, texts are joined."""
TALK_S = 120.0 if PROVING else 24.0
SILENCE_S = 20.0
TALKS = (("84-", 1.0), ("LJ", 1.5), ("LJ", 1.0), ("84-", 1.5))
"""Who reads, and how many times as fast."""


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return SpeechModel(need("embedded-model") / "model")


@cache
def bare() -> WhisperModel:
    """The same model, as it decodes whole clips."""
    folder = str(need("embedded-model") / "model")
    return WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)


def whole_text(pcm: Samples) -> str:
    """What one decode of all of it hears."""
    pieces, _ = bare().transcribe(pcm.astype(np.float32) / 32768, language="en", beam_size=1, temperature=0.0)
    return join(piece.text for piece in pieces)


def recording(name: str) -> Samples:
    return np.frombuffer(samples(name), "<i2")


def part(pcm: Samples, start_s: float, end_s: float) -> Samples:
    return pcm[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)]


def texts(events: Sequence[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Segment) and event.text]


def commits(events: Sequence[Event]) -> list[tuple[int, float]]:
    """Where segments were committed, but at the end: how many events there were by then, and the second reached."""
    return [
        (at + 1, event.end)
        for at, (event, following) in enumerate(pairwise(events))
        if isinstance(event, Segment) and not isinstance(following, Segment | Final)
    ]


def check_stable_text_never_changes(events: Sequence[Event]) -> None:
    """``stable`` is only ever extended, and what is committed then begins with it."""
    stable, committed = "", ""
    for event in events:
        if isinstance(event, Segment):
            committed = join((committed, event.text))
            continue
        if committed:
            assert committed.startswith(stable)
            stable, committed = "", ""
        if isinstance(event, Partial):
            assert event.stable.startswith(stable)
            stable = event.stable


# The worker, in virtual time


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(scale(2, 200)))
def test_whenever_it_begins_and_ends_and_however_slow_the_worker_is(model: SpeechModel, seed: int) -> None:
    dice = Random(seed)
    clip = dice.choice(clips("long"))
    pcm = recording(clip["file"])
    seconds = len(pcm) / SAMPLE_RATE
    start_s = dice.choice((0.0, dice.uniform(0, seconds - SHORTEST_S)))
    spoken_part = part(pcm, start_s, min(seconds, start_s + dice.uniform(SHORTEST_S, LONGEST_S)))
    opened = Open("u", urgent=True, partials=dice.random() < 0.5)
    overheard = Overheard(model)
    events = spoken(overheard, spoken_part, opened, Pace.drawn(dice))
    check_stable_text_never_changes(events)
    whole = whole_text(spoken_part)
    assert broken_joins(texts(events), whole, clip["text"], are_one=overheard.are_one) == []
    if deaths := commits(events):  # the worker dies, and what is committed by then is not replayed
        count, start = dice.choice(deaths)
        again = texts(spoken(overheard, spoken_part, Open("u", urgent=True, start=start), Pace.drawn(dice)))
        before = texts(events[:count])
        # Nothing is left to listen to in front of that join, and Whisper may drop a word there as anywhere.
        joined = [*before[:-1], join((*before[-1:], *again[:1])), *again[1:]]
        assert broken_joins(joined, whole, clip["text"], are_one=overheard.are_one) == []


def talk(seed: int, reader: str, length_s: float, *, silence_s: float = 0.0, tempo: float = 1.0) -> tuple[Samples, str]:
    """Utterances of one reader, trimmed, one after the other, and what is said in them."""
    read = [clip for clip in clips("utterance") if reader in clip["file"]]
    Random(seed).shuffle(read)
    room = (6 * np.random.default_rng(seed).standard_normal(round(silence_s * SAMPLE_RATE))).astype(np.int16)
    parts: list[Samples] = []
    said: list[str] = []
    for clip in read:
        if sum(map(len, parts)) >= length_s * SAMPLE_RATE:
            break
        parts += [faster(np.frombuffer(trimmed(samples(clip["file"])), "<i2"), tempo), room]
        said.append(clip["text"])
    return np.concatenate(parts), join(said)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(scale(1, 10)))
@pytest.mark.parametrize(("reader", "tempo"), TALKS if PROVING else TALKS[:1])
def test_talking_without_a_pause(model: SpeechModel, seed: int, reader: str, tempo: float) -> None:
    pcm, said = talk(seed, reader, TALK_S, tempo=tempo)
    overheard = Overheard(model)
    events = spoken(overheard, pcm, Open("u", urgent=True, partials=bool(seed % 2)), Pace.drawn(Random(seed)))
    assert broken_joins(texts(events), whole_text(pcm), said, are_one=overheard.are_one) == []


# Through the real daemon


def dictated(daemon: Daemon, pcm: Samples, dice: Random, *, cancelled_s: float | None = None) -> list[str]:
    """The texts of the segments of a stream, whose audio comes in random portions as fast as it is taken."""
    with daemon.connect() as connection:
        connection.initialize("test", instance=str(uuid.uuid4()))
        dictation = Dictation(connection)
        dictation.start_stream(mode="raw")
        end = len(pcm) if cancelled_s is None else round(cancelled_s * SAMPLE_RATE)
        at = 0
        while at < end:
            chunk = pcm[at : min(end, at + 10 * dice.choice(CHUNKS))]
            dictation.feed(chunk.tobytes())
            at += len(chunk)
        if cancelled_s is not None:
            dictation.cancel()
            return []
        dictation.stop()
        result = dictation.result()
        dictation.acknowledge("sent")
        return [segment["text"] for segment in result["segments"]]


@pytest.mark.timeout(300)
def test_starting_before_the_model_is_loaded_and_cancelling_again_and_again() -> None:
    need("embedded-model")
    dice = Random(4)
    pcm, said = talk(1, "LJ", TALK_S)
    with running_daemon() as daemon:  # its model is being loaded
        for _ in range(5):
            dictated(daemon, pcm, dice, cancelled_s=dice.uniform(0.1, 15))
        found = dictated(daemon, pcm, dice)
    assert broken_joins(found, whole_text(pcm), said) == []


@pytest.mark.timeout(600)
def test_long_silences_between_the_sentences() -> None:
    need("embedded-model")
    pcm, said = talk(2, "84-", scale(2, 8) * SILENCE_S, silence_s=SILENCE_S)
    with running_daemon() as daemon:
        found = dictated(daemon, pcm, Random(2))
    assert broken_joins(found, whole_text(pcm), said) == []
