"""The command socket: pings are answered at once, everything else waits its turn."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from parleqd.core.speech import messages as m
from parleqd.core.speech import wire
from parleqd.speech_worker.link import Link


@contextmanager
def started() -> Iterator[tuple[Link, socket.socket]]:
    """A link whose thread runs, and the daemon's end of its socket."""
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    with ours, theirs:
        link = Link(theirs)
        link.start()
        yield link, ours
        ours.close()
        while link.take(wait=True) is not None:
            pass  # until the thread has ended


def events(sock: socket.socket, count: int) -> list[m.Event]:
    unpacker, found = wire.events(), list[m.Event]()
    while len(found) < count:
        found += unpacker.feed(sock.recv(4096))
    return found


def test_a_ping_is_answered_though_nobody_takes_commands() -> None:
    with started() as (_, daemon):
        daemon.sendall(wire.pack(m.Open("u"), m.Ping(1), m.Ping(2)))
        assert events(daemon, 2) == [m.Pong(1, 0.0), m.Pong(2, 0.0)]


def test_a_pong_tells_how_long_the_current_step_takes() -> None:
    with started() as (link, daemon):
        link.step_begins()
        daemon.sendall(wire.pack(m.Ping(1)))
        (pong,) = events(daemon, 1)
        assert isinstance(pong, m.Pong)
        assert pong.step_seconds > 0
        link.step_ends()
        daemon.sendall(wire.pack(m.Ping(2)))
        assert events(daemon, 1) == [m.Pong(2, 0.0)]


def test_commands_are_taken_in_order() -> None:
    with started() as (link, daemon):
        commands: list[m.Command] = [m.Open("u"), m.Audio("u", b"\1\0"), m.Finish("u")]
        daemon.sendall(wire.pack(*commands))
        taken: list[m.Command] = []
        while len(taken) < len(commands):
            taken += link.take(wait=True) or []
        assert taken == commands
        assert link.take(wait=False) == []


def test_events_reach_the_daemon() -> None:
    with started() as (link, daemon):
        link.send(m.Working("u"), m.Working(None))
        assert events(daemon, 2) == [m.Working("u"), m.Working(None)]


def test_the_end_of_the_daemon_is_the_end_and_no_error() -> None:
    with started() as (link, daemon):
        daemon.close()
        assert link.take(wait=True) is None
        link.send(m.Working(None))


def test_bytes_that_are_no_command_are_the_end_too() -> None:
    with started() as (link, daemon):
        daemon.sendall(b"\xff" * 64)
        assert link.take(wait=True) is None


def test_only_a_finish_that_comes_in_a_step_is_held_up() -> None:
    with started() as (link, daemon):
        daemon.sendall(wire.pack(m.Finish("before")))
        assert link.take(wait=True) == [m.Finish("before")]
        link.step_begins()
        daemon.sendall(wire.pack(m.Finish("within")))
        assert link.take(wait=True) == [m.Finish("within")]
        assert link.held_up_ms("before") == 0
        assert link.held_up_ms("within") > 0
        assert link.held_up_ms("within") == 0
