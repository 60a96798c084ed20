"""The worker's loop: who is served when, and what a failure costs."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from parleqd.core.speech import messages as m
from parleqd.core.speech.transcript import TimedText
from parleqd.speech_worker.failure import NotDecodedError
from parleqd.speech_worker.worker import LoadedModel, Worker
from tests import clips
from tests.fakes.model import FakeModel


class Script:
    """A link that brings one batch of commands a turn, and then the end."""

    def __init__(self, *batches: Sequence[m.Command]) -> None:
        self.batches = deque(batches)
        self.events: list[m.Event] = []
        self.steps = 0

    def send(self, *events: m.Event) -> None:
        self.events += events

    def take(self, *, wait: bool) -> list[m.Command] | None:
        if self.batches:
            return list(self.batches.popleft())
        return None if wait else []

    def held_up_ms(self, utterance: str) -> float:
        assert utterance
        return 40.0

    def step_begins(self) -> None:
        self.steps += 1

    def step_ends(self) -> None:
        self.steps -= 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the names of a model's files in it."""
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).touch()
    return tmp_path


def run(folder: Path, *batches: Sequence[m.Command], model: LoadedModel | None = None) -> list[m.Event]:
    """What a worker says to these commands."""
    link = Script([m.Load("tiny.en", str(folder))], *batches)
    Worker(link, lambda _: model or FakeModel()).run()
    assert link.steps == 0
    return link.events


def spoken(utterance: str, seconds: float = 2.0, *, urgent: bool = False, partials: bool = False) -> list[m.Command]:
    """A whole utterance."""
    return [
        m.Open(utterance, urgent=urgent, partials=partials),
        m.Audio(utterance, clips.tone(seconds)),
        m.Finish(utterance),
    ]


def order(events: Sequence[m.Event], kind: type[m.Segment | m.Final | m.Working]) -> list[str | None]:
    """Whose events of one kind came, in order, without repetitions."""
    names = [event.utterance for event in events if isinstance(event, kind)]
    return [name for at, name in enumerate(names) if not at or names[at - 1] != name]


def test_the_wait_for_a_piece_of_work_counts_as_decoding(folder: Path) -> None:
    (final,) = [event for event in run(folder, spoken("u", 0.05)) if isinstance(event, m.Final)]
    assert final.decode_ms >= 40.0


def test_it_says_who_it_works_on_and_when_it_is_idle(folder: Path) -> None:
    events = run(folder, spoken("u"))
    assert isinstance(events[0], m.Loaded)
    assert (events[0].name, events[0].compute_type) == ("tiny.en", "fake")
    assert order(events, m.Working) == ["u", None]
    assert isinstance(events[-2], m.Final)


def test_the_urgent_one_goes_first_though_it_came_last(folder: Path) -> None:
    events = run(folder, spoken("file") + spoken("microphone", urgent=True))
    assert order(events, m.Final) == ["microphone", "file"]


def test_an_urgent_one_comes_between_the_decodes_of_a_file(folder: Path) -> None:
    begun: list[list[m.Command]] = [[] for _ in range(6)]  # turns in which the file's decode goes on
    events = run(folder, spoken("file", 20.0), *begun, spoken("microphone", urgent=True))
    assert order(events, m.Working) == ["file", "microphone", "file", None]
    assert order(events, m.Final) == ["microphone", "file"]


def test_what_is_being_decoded_goes_on_before_another_file_begins(folder: Path) -> None:
    events = run(folder, spoken("one", 15.0), [], [], [], spoken("two", 15.0))
    assert order(events, m.Final) == ["one", "two"]


def test_a_short_file_comes_between_the_segments_of_a_long_one(folder: Path) -> None:
    events = run(folder, spoken("long", 100.0), *[[]] * 6, spoken("short"))
    assert order(events, m.Final) == ["short", "long"]


def test_files_take_turns_segment_by_segment(folder: Path) -> None:
    events = run(folder, spoken("one", 50.0) + spoken("two", 50.0))
    assert order(events, m.Segment) == ["one", "two"] * 3


def test_hypotheses_of_one_wait_until_the_texts_of_all_others_that_are_urgent_are_there(folder: Path) -> None:
    listening: list[m.Command] = [m.Open("stream", urgent=True, partials=True), m.Audio("stream", clips.tone(2.0))]
    events = run(folder, listening + spoken("microphone", urgent=True) + spoken("file"))
    kinds = [type(event) for event in events if isinstance(event, m.Final | m.Partial)]
    assert kinds == [m.Final, m.Partial, m.Final]


def test_nothing_more_is_said_of_a_discarded_one(folder: Path) -> None:
    events = run(folder, [*spoken("u")[:2], m.Discard("u"), m.Finish("u"), m.Audio("u", b"\1\0")])
    assert [event for event in events if not isinstance(event, m.Loaded)] == []


class Failing(FakeModel):
    """Cannot decode an utterance of three seconds, and says what it heard."""

    heard = "dictated text"

    def said(self, samples: NDArray[np.int16]) -> list[TimedText]:
        if len(samples) > 40_000:
            raise RuntimeError(self.heard)
        return super().said(samples)


def test_one_that_cannot_be_decoded_fails_alone_and_tells_no_text(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = run(folder, spoken("bad", 3.0) + spoken("good"), model=Failing())
    (failed,) = (event for event in events if isinstance(event, m.Failed))
    assert failed == m.Failed("bad", "the speech model failed on this audio (RuntimeError)", spent=True)
    assert order(events, m.Final) == ["good"]
    printed = capsys.readouterr().err
    assert printed.endswith("RuntimeError\n")
    assert "dictated" not in printed


def test_a_missing_model_is_said_and_ends_it(tmp_path: Path) -> None:
    (event,) = run(tmp_path / "nowhere", spoken("u"))
    assert isinstance(event, m.LoadFailed)
    assert event.missing
    assert "nowhere" in event.message


def test_a_damaged_model_is_said_and_ends_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def load(_: m.Load) -> FakeModel:
        raise RuntimeError("unexpected end of file")

    link = Script([m.Load("tiny.en", str(folder))], spoken("u"))
    Worker(link, load).run()
    (event,) = link.events
    assert isinstance(event, m.LoadFailed)
    assert not event.missing
    assert event.message.endswith("cannot be loaded: unexpected end of file")
    assert capsys.readouterr().err.endswith("RuntimeError\n")


def test_the_end_before_the_beginning() -> None:
    link = Script()
    Worker(link, lambda _: FakeModel()).run()
    assert link.events == []


class FailingServer(FakeModel):
    """A server that fails, and may have somebody to help out."""

    def __init__(self, *, helps: bool) -> None:
        super().__init__()
        self._helps = helps

    def said(self, samples: NDArray[np.int16]) -> list[TimedText]:
        self.problem = "" if self.problem else "the server is down"
        if not self._helps:
            raise NotDecodedError(self.problem)
        return super().said(samples)


def test_whoever_decodes_instead_is_named_before_the_text(folder: Path) -> None:
    link = Script([m.Load("tiny.en", str(folder), "http://127.0.0.1:8000", "whisper-1")], *[spoken("u"), spoken("v")])
    Worker(link, lambda _: FailingServer(helps=True)).run()
    said = [event for event in link.events if isinstance(event, m.Loaded | m.Final)]
    assert [(event.name, event.problem) if isinstance(event, m.Loaded) else event.utterance for event in said] == [
        ("whisper-1", ""), ("tiny.en", "the server is down"), "u", ("whisper-1", ""), "v",
    ]  # fmt: skip


def test_why_an_utterance_fails_is_said_in_words_for_people() -> None:
    link = Script([m.Load("tiny.en", "", "http://127.0.0.1:8000", "whisper-1")], spoken("u"))
    Worker(link, lambda _: FailingServer(helps=False)).run()
    assert [event for event in link.events if isinstance(event, m.Failed)] == [m.Failed("u", "the server is down")]
    assert [event.name for event in link.events if isinstance(event, m.Loaded)] == ["whisper-1", "whisper-1"]
