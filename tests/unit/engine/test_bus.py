from __future__ import annotations

from parleqd.engine.bus import Bus, Note
from parleqd.protocol import messages as m
from parleqd.protocol.methods import DAEMON_NOTICE, SESSION_LEVEL
from parleqd.protocol.names import Reason, Topic
from tests.fakes.peers import Ear

LEVEL = m.SessionLevelNote(session_id="s1", dbfs=-20.0)


class Leaver(Ear):
    """Leaves the bus while it takes a note."""

    def __init__(self, bus: Bus) -> None:
        super().__init__()
        self._bus = bus

    def take(self, note: Note) -> None:
        super().take(note)
        self._bus.leave(self)


def test_every_subscriber_is_told() -> None:
    bus, first, second = Bus(), Ear(), Ear()
    bus.join(first)
    bus.join(second)
    bus.publish(Topic.LEVEL, "alice", SESSION_LEVEL, LEVEL)
    assert first.notes == second.notes == [Note(Topic.LEVEL, "alice", SESSION_LEVEL, LEVEL)]


def test_who_has_left_is_told_nothing_more() -> None:
    bus, stayer = Bus(), Ear()
    leaver = Leaver(bus)
    bus.join(leaver)
    bus.join(stayer)
    for _ in range(2):
        bus.publish(Topic.LEVEL, "alice", SESSION_LEVEL, LEVEL)
    assert (len(leaver.notes), len(stayer.notes)) == (1, 2)


def test_a_topic_is_wanted_when_one_subscriber_wants_it() -> None:
    bus = Bus()
    assert not bus.wanted(Topic.PARTIAL)
    bus.join(Ear(Topic.LEVEL))
    assert not bus.wanted(Topic.PARTIAL)
    bus.join(Ear(Topic.PARTIAL))
    assert bus.wanted(Topic.PARTIAL)


def test_a_notice_is_everybodys() -> None:
    bus, ear = Bus(), Ear()
    bus.join(ear)
    bus.notice(Reason.NO_INSERT_CLIENT, "kept", "start one", "s1")
    params = m.DaemonNotice(reason=Reason.NO_INSERT_CLIENT, message="kept", hint="start one", session_id="s1")
    assert ear.notes == [Note(Topic.NOTICE, "", DAEMON_NOTICE, params)]
