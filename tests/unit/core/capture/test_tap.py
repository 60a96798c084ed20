from __future__ import annotations

from parleqd.core.capture.tap import Tap


def heard_by(tap: Tap) -> list[bytes]:
    heard: list[bytes] = []
    tap.listen(heard.append)
    return heard


def test_a_listener_gets_the_memory_first_and_then_all_that_comes() -> None:
    tap = Tap(3)
    for frame in (b"1", b"2", b"3", b"4"):
        tap.put(frame)
    heard = heard_by(tap)
    assert heard == []  # the stream's thread hands it over, with its next frames
    tap.put(b"5")
    tap.put(b"6")
    assert heard == [b"2", b"3", b"4", b"5", b"6"]


def test_without_memory_nothing_is_remembered() -> None:
    tap = Tap(0)
    tap.put(b"1")
    heard = heard_by(tap)
    tap.put(b"2")
    assert heard == [b"2"]


def test_what_a_listener_had_is_not_given_to_the_next() -> None:
    tap = Tap(1)
    first = heard_by(tap)
    tap.put(b"1")
    tap.leave(2)
    tap.put(b"2")
    second = heard_by(tap)
    tap.put(b"3")
    assert (first, second) == ([b"1"], [b"2", b"3"])


def test_a_stream_that_gives_nothing_more_leaves_its_memory_to_the_listener() -> None:
    tap = Tap(2)
    tap.put(b"1")
    heard = heard_by(tap)
    tap.close()
    assert heard == [b"1"]


def test_nobody_listens_and_it_ends() -> None:
    tap = Tap(2)
    tap.put(b"1")
    tap.close()
    assert heard_by(tap) == []


def test_what_is_being_handed_over_arrives_whole_though_the_listener_leaves() -> None:
    tap, heard = Tap(3), list[bytes]()
    for frame in (b"1", b"2"):
        tap.put(frame)

    def leave_at_once(pcm: bytes) -> None:
        assert tap.busy
        heard.append(pcm)
        tap.leave(3)

    tap.listen(leave_at_once)
    tap.put(b"3")
    assert not tap.busy
    assert heard == [b"1", b"2", b"3"]
