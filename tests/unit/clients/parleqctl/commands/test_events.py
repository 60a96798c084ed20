from __future__ import annotations

from typing import Any

import pytest

from parleqctl.commands.events import described
from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import Object, Peer, running_daemon


@pytest.mark.parametrize(
    ("method", "params", "text"),
    [
        (
            "session/state",
            {"phase": "ended", "end": "failed", "reason": "too_long"},
            "s  ended  failed  too_long",
        ),
        ("session/state", {"phase": "recording", "end": None}, "s  recording"),
        ("session/partial", {"stable": "hello\x1b", "provisional": "wor"}, "s  hello |wor"),
        ("session/final", {"verdict": "silence"}, "s  result  silence"),
        ("session/level", {"dbfs": -20.0}, "s  -20.0 dBFS"),
        ("daemon/notice", {"reason": "model_missing", "message": "m"}, "s  [model_missing]  m"),
        ("session/new", {"a": 1, "b": "c"}, "s  session/new  a=1  b=c"),
    ],
)
def test_each_event_is_one_line(method: str, params: dict[str, Any], text: str) -> None:
    assert described(method, {"session_id": "s", **params}) == text


def test_what_concerns_no_session_is_the_daemon_s() -> None:
    dropped = {"partials": 3, "levels": 0, "others": 0}
    assert described("events/dropped", dropped) == "daemon  events/dropped  partials=3  levels=0  others=0"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("argv", "topics"),
    [(["--json"], ["state", "partial", "level", "notice"]), ([], ["state", "partial", "notice"])],
)
async def test_events_are_printed_until_the_daemon_goes(argv: list[str], topics: list[str]) -> None:
    note = {"session_id": "s", "verdict": "speech"}

    async def subscribe(peer: Peer, params: Object) -> Object:
        await peer.notify("session/final", note)
        await peer.send({"jsonrpc": "2.0", "id": 2, "result": params})
        await peer.hang_up()
        return params

    async with running_daemon({"events/subscribe": subscribe}) as daemon:
        outcome = await parleqctl_at(daemon, "events", *argv)
    assert outcome.code == 3
    assert daemon.asked("events/subscribe") == [{"topics": topics}]
    if argv:
        assert outcome.json[0] == {"method": "session/final", "params": note}
    else:
        assert outcome.out.endswith("  s  result  speech\n")


@pytest.mark.asyncio
async def test_on_a_terminal_text_and_level_stand_in_one_line() -> None:
    async def subscribe(peer: Peer, params: Object) -> Object:
        await peer.send({"jsonrpc": "2.0", "id": 2, "result": params})
        await peer.notify("session/partial", {"session_id": "s", "stable": "hello", "provisional": "wor"})
        await peer.notify("session/level", {"session_id": "s", "dbfs": -30.0})
        await peer.notify("session/final", {"session_id": "s", "verdict": "speech"})
        await peer.hang_up()
        return params

    async with running_daemon({"events/subscribe": subscribe}) as daemon:
        outcome = await parleqctl_at(daemon, "events", terminal=True, environment={"TERM": "xterm"})
    assert "level" in daemon.asked("events/subscribe")[0]["topics"]
    assert outcome.err.startswith("\rhello wor\x1b[K\rhello wor [")
    (line,) = outcome.out.splitlines()
    assert line.endswith("  s  result  speech")
