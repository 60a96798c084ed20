from __future__ import annotations

import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.ports import JournalEntry
from parleqd.core.session.outcome import Heard, Problem
from parleqd.core.speech import messages as speech
from parleqd.engine.utterance import UNCOMMITTED_LIMIT_S, Utterance
from parleqd.protocol.names import SAMPLE_RATE, Source, Verdict
from tests.fakes.recogniser import Puppet, final

SECOND = b"\1\0" * SAMPLE_RATE


class Nobody:
    """A listener that does not listen."""

    def partial(self, stable: str, provisional: str) -> None: ...

    def level(self, dbfs: float, silent_seconds: float) -> None: ...

    def done(self, heard: Heard) -> None: ...

    def failed(self, problem: Problem, heard: Heard | None) -> None: ...


def opened(start: float = 0.0, language: str = "auto") -> speech.Open:
    return speech.Open("s1", language, partials=True, start=start, languages=("de", "en"), translate=True)


def utterance(entry: JournalEntry, keep_audio: bool = False, source: Source = Source.FILE) -> Utterance:
    live = source is Source.MICROPHONE
    return Utterance(opened(), entry, Nobody(), live=live, keep_s=float("inf") if keep_audio else 0.0)


async def recorded(seconds: int) -> JournalEntry:
    entry = MemoryJournal().open("s1")
    for _ in range(seconds):
        await entry.append(SECOND)
    return entry


@pytest.mark.asyncio
async def test_a_recogniser_is_told_everything_in_frames_of_at_most_a_second() -> None:
    one, puppet = utterance(await recorded(3)), Puppet()
    one.replay(puppet)
    assert puppet.commands == [opened(0.0), *[speech.Audio("s1", SECOND)] * 3]
    one.send_audio(puppet)
    assert len(puppet.commands) == 4


@pytest.mark.asyncio
async def test_a_finished_utterance_is_finished_again_for_a_fresh_recogniser() -> None:
    one, puppet = utterance(await recorded(1)), Puppet()
    one.finished = True
    one.replay(puppet)
    assert puppet.commands[-1] == speech.Finish("s1")


@pytest.mark.parametrize("keep_audio", [True, False])
@pytest.mark.asyncio
async def test_a_replay_starts_behind_the_last_committed_segment(keep_audio: bool) -> None:
    entry = await recorded(4)
    one, puppet = utterance(entry, keep_audio), Puppet()
    one.commit(speech.Segment("s1", 0.0, 1.5, "one"))
    one.commit(speech.Segment("s1", 1.5, 3.0, "two"))
    one.replay(puppet)
    assert puppet.commands == [opened(3.0), speech.Audio("s1", SECOND)]


@pytest.mark.asyncio
async def test_a_replay_goes_on_in_the_language_that_was_found() -> None:
    one, puppet = utterance(await recorded(4)), Puppet()
    one.commit(speech.Segment("s1", 0.0, 1.5, "eins", "de"))
    one.commit(speech.Segment("s1", 1.5, 4.0, ""))
    one.replay(puppet)
    assert puppet.commands == [opened(4.0, "de")]
    assert one.heard(final("s1"), "base", "int8").language == "de"


@pytest.mark.asyncio
async def test_a_segment_that_ends_behind_the_audio_leaves_nothing_to_replay() -> None:
    one, puppet = utterance(await recorded(1)), Puppet()
    one.commit(speech.Segment("s1", 0.0, 1.02, "one"))
    one.replay(puppet)
    assert puppet.commands == [opened(1.0)]


@pytest.mark.parametrize(("keep_audio", "left"), [(True, SECOND), (False, b"")])
@pytest.mark.asyncio
async def test_committed_audio_is_let_go_unless_recover_may_want_it(keep_audio: bool, left: bytes) -> None:
    entry = await recorded(2)
    utterance(entry, keep_audio).commit(speech.Segment("s1", 0.0, 1.0, "one"))
    if left:
        assert entry.read(0, SAMPLE_RATE) == left
    assert entry.read(SAMPLE_RATE, SAMPLE_RATE) == SECOND
    assert entry.samples == 2 * SAMPLE_RATE


@pytest.mark.asyncio
async def test_it_is_full_while_too_much_waits_to_be_committed() -> None:
    entry = MemoryJournal().open("s1")
    one = utterance(entry)
    await entry.append(SECOND * int(UNCOMMITTED_LIMIT_S))
    full = [one.full]
    await entry.append(SECOND)
    full.append(one.full)
    one.commit(speech.Segment("s1", 0.0, 10.0, "one"))
    assert [*full, one.full] == [False, True, False]


@pytest.mark.asyncio
async def test_getting_beyond_the_audio_on_which_it_died_forgives_the_deaths() -> None:
    one = utterance(await recorded(2))
    one.deaths = 2
    one.commit(speech.Segment("s1", 0.0, 1.0, "one"))
    assert one.deaths == 0


@pytest.mark.asyncio
async def test_the_transcript_is_what_was_committed() -> None:
    one = utterance(await recorded(3))
    for segment in (
        speech.Segment("s1", 0.0, 1.0, " one "),
        speech.Segment("s1", 1.0, 2.0, ""),
        speech.Segment("s1", 2.0, 3.0, "two"),
    ):
        one.commit(segment)
    heard = one.heard(final("s1"), "tiny.en", "int8")
    assert (heard.raw, heard.audio_seconds, heard.decode_ms) == ("one two", 3.0, 5.0)
    assert (heard.model, heard.compute_type) == ("tiny.en", "int8")
    assert [segment.start for segment in heard.segments] == [0.0, 2.0]
    assert one.text_with("three") == "one two three"


@pytest.mark.parametrize(
    ("seconds", "voiced", "text", "verdict"),
    [
        (1, 1.0, "word", Verdict.SPEECH),
        (1, 0.0, "word", Verdict.SPEECH),  # speech is never suppressed by doubt
        (0, 0.0, "", Verdict.TOO_SHORT),
        (1, 0.0, "", Verdict.SILENCE),
        (1, 0.5, "", Verdict.SPEECH),
        (1, -1.0, "", Verdict.SPEECH),
    ],
)
@pytest.mark.asyncio
async def test_the_verdict_is_of_the_capture(seconds: int, voiced: float, text: str, verdict: Verdict) -> None:
    one = utterance(await recorded(seconds))
    if text:
        one.commit(speech.Segment("s1", 0.0, 1.0, text))
    assert one.heard(final("s1", voiced=voiced), "tiny.en", "int8").verdict is verdict


@pytest.mark.asyncio
async def test_a_recogniser_that_gave_up_leaves_what_was_committed() -> None:
    one = utterance(await recorded(2))
    assert one.heard(None, "tiny.en", "int8").raw == ""
    one.commit(speech.Segment("s1", 0.0, 1.0, "half"))
    heard = one.heard(None, "tiny.en", "int8")
    assert (heard.raw, heard.verdict, heard.decode_ms) == ("half", Verdict.SPEECH, 0.0)
