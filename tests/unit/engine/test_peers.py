from __future__ import annotations

import pytest

from parleqd.engine.peers import Peer, Peers
from tests.fakes.peers import FakePeer


def peers(*there: Peer) -> Peers:
    known = Peers()
    for peer in there:
        known.join(peer)
    return known


def test_an_owner_is_connected_while_one_of_its_connections_is() -> None:
    first, second = FakePeer("alice"), FakePeer("alice")
    known = peers(first, second)
    assert not known.leave(first)
    assert known.connected("alice")
    assert known.leave(second)
    assert not known.connected("alice")


def test_presence_is_that_of_one_connection() -> None:
    here, gone = FakePeer("alice"), FakePeer("alice")
    known = peers(here)
    assert known.present(here)
    assert not known.present(gone)
    assert not known.present(None)


def test_who_was_never_there_can_leave() -> None:
    assert peers().leave(FakePeer("alice"))


def test_one_reader_of_partials_is_enough() -> None:
    mute, reader = FakePeer("alice"), FakePeer("alice")
    mute.capabilities = type(mute.capabilities)(partials=False)
    assert not peers(mute).wants_partials("alice")
    assert peers(mute, reader).wants_partials("alice")
    assert not peers(reader).wants_partials("bob")


A, B, C = (FakePeer(name, insert=True) for name in "abc")
MUTE = FakePeer("mute")


@pytest.mark.parametrize(
    ("there", "starter", "inserts"),
    [
        ([], "a", None),
        ([MUTE], "mute", None),
        ([A, B], "a", A),
        ([A, B], "mute", B),
        ([B, A], "mute", A),
        ([A, B, C, A], "mute", A),
        ([A, MUTE], "mute", A),
    ],
)
def test_the_starter_inserts_if_it_can_else_the_latest_that_can(
    there: list[Peer], starter: str, inserts: Peer | None
) -> None:
    assert peers(*there).inserting(starter) is inserts
