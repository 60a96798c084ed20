from __future__ import annotations

import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.session import events as ev
from parleqd.core.session.machine import Session
from parleqd.engine.bus import Bus, Note
from parleqd.engine.listening import Listening
from parleqd.engine.live import LiveSession
from parleqd.protocol import messages as m
from parleqd.protocol.methods import SESSION_LEVEL, SESSION_PARTIAL
from parleqd.protocol.names import Topic
from tests.fakes.dictations import BROKEN, heard, spec
from tests.fakes.peers import Ear


class Desk:
    def __init__(self) -> None:
        bus, self.ear = Bus(), Ear()
        bus.join(self.ear)
        self.posted: list[tuple[str, ev.Event]] = []
        live = LiveSession(Session(spec()), MemoryJournal().open("s1"))
        self.listening = Listening(live, bus, lambda live, event: self.posted.append((live.id, event)))


@pytest.mark.asyncio
async def test_hypotheses_are_numbered_and_told_as_the_owners() -> None:
    desk = Desk()
    desk.listening.partial("one", "two")
    desk.listening.partial("one two", "")
    first = m.SessionPartialNote(session_id="s1", revision=1, stable="one", provisional="two")
    second = m.SessionPartialNote(session_id="s1", revision=2, stable="one two", provisional="")
    assert desk.ear.notes == [
        Note(Topic.PARTIAL, "alice", SESSION_PARTIAL, first),
        Note(Topic.PARTIAL, "alice", SESSION_PARTIAL, second),
    ]


@pytest.mark.asyncio
async def test_levels_are_told() -> None:
    desk = Desk()
    desk.listening.level(-20.0, 0.5)
    level = m.SessionLevelNote(session_id="s1", dbfs=-20.0)
    assert desk.ear.notes == [Note(Topic.LEVEL, "alice", SESSION_LEVEL, level)]


@pytest.mark.asyncio
async def test_the_end_goes_to_the_machine_and_no_text_to_the_bus() -> None:
    desk = Desk()
    desk.listening.done(heard("hello"))
    desk.listening.failed(BROKEN, heard("half"))
    assert desk.posted == [
        ("s1", ev.TranscriptReady(heard("hello"))),
        ("s1", ev.RecognitionFailed(BROKEN, heard("half"))),
    ]
    assert desk.ear.notes == []
