"""Transcripts: what clients and a daemon said to one another, recorded once, and true of every later version.

    python -m parleqd._tools.transcripts --socket PATH SCENARIO.jsonl > TRANSCRIPT.jsonl

A scenario is written by hand, one step a line, each with the name of its client (``as``):

    {"as": "alice", "connect": "lines"}          or "headers"
    {"as": "alice", "say": {…}}                  a message
    {"as": "alice", "until": {"id": 1}}          reads up to a message with these fields
    {"as": "alice", "leave": true}               ends the connection

In the transcript each ``until`` has become the messages that were read (``heard``). The ids of sessions, and of the
daemon's own requests, are replaced by ``<session 1>`` and ``<request 1>`` and so on, in the order in which they appear;
a scenario uses these names.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import anyio

from parleqd.protocol.framing import Decoder, Framing, encode

Object = dict[str, Any]
DEADLINE_S = 10.0
UNSTABLE = {"started", "version", "message", "hint", "timings_ms", "uptime_seconds", "pid", "path"}
"""Fields whose values differ from one run to the next, or are for people: only their type is recorded."""
GROWING = {"capabilities", "topics"}
"""Objects and lists whose lists may have more in later versions."""
PASSING = {"session/level", "session/partial"}
"""Notifications that come by the clock, or not at all: recorded only where a scenario waits for one."""
_IDS = {"session": re.compile(r"[0-9a-f]{16}"), "request": re.compile(r"parleqd-[0-9]+")}


class Names:
    """Ids that the daemon makes up, and the names that stand for them."""

    def __init__(self) -> None:
        self._name_of: dict[str, str] = {}

    def hide(self, value: Any) -> Any:
        """The value with names instead of ids."""
        for kind, pattern in _IDS.items():
            if isinstance(value, str) and pattern.fullmatch(value):
                number = sum(name.startswith(f"<{kind}") for name in self._name_of.values()) + 1
                return self._name_of.setdefault(value, f"<{kind} {number}>")
        return _mapped(self.hide, value)

    def reveal(self, value: Any) -> Any:
        """The value with ids instead of names."""
        if isinstance(value, str):
            return next((number for number, name in self._name_of.items() if name == value), value)
        return _mapped(self.reveal, value)


class Talker:
    """One client of a scenario."""

    def __init__(self, stream: anyio.abc.SocketStream, framing: Framing) -> None:
        self._stream = stream
        self._framing = framing
        self._decoder = Decoder()
        self._arrived: list[Object] = []

    async def say(self, message: Object) -> None:
        """Sends a message."""
        await self._stream.send(encode(json.dumps({"jsonrpc": "2.0", **message}).encode(), self._framing))

    async def hear(self) -> Object:
        """The next message. Raises TimeoutError when none comes."""
        with anyio.fail_after(DEADLINE_S):
            while not self._arrived:
                bodies = self._decoder.feed(await self._stream.receive())
                self._arrived.extend(json.loads(body) for body in bodies if isinstance(body, bytes))
        return self._arrived.pop(0)


async def play(steps: Iterable[Object], socket_path: str) -> list[Object]:
    """Plays a scenario against a daemon; the transcript. Raises TimeoutError when what is waited for does not come."""
    names, talkers, transcript = Names(), dict[str, Talker](), list[Object]()
    async with AsyncExitStack() as stack:
        leave: dict[str, AsyncExitStack] = {}
        for step in steps:
            who = step["as"]
            if "connect" in step:
                leave[who] = await stack.enter_async_context(AsyncExitStack())
                stream = await leave[who].enter_async_context(await anyio.connect_unix(socket_path))
                talkers[who] = Talker(stream, Framing(step["connect"]))
                transcript.append(step)
            elif "leave" in step:
                await leave[who].aclose()
                transcript.append(step)
            elif "say" in step:
                await talkers[who].say(names.reveal(step["say"]))
                transcript.append(step)
            else:
                transcript += await _heard(talkers[who], who, step["until"], names)
    return transcript


def differences(recorded: list[Object], now: list[Object]) -> list[str]:
    """What a transcript has that is missing, or otherwise, in a later one of the same scenario; more is welcome.

    What one client hears may come in another order where several things happen at once.
    """
    found = []
    heard = [(step["as"], step["heard"]) for step in now if "heard" in step]
    for step in recorded:
        if "heard" not in step:
            continue
        who, wanted = step["as"], step["heard"]
        same = next((one for one in heard if one[0] == who and _covers(wanted, one[1])), None)
        if same is None:
            found.append(f"{who} no longer hears {json.dumps(wanted)}")
        else:
            heard.remove(same)
    return found


def scenario_of(transcript: list[Object]) -> list[Object]:
    """The steps that were played: each run of what was heard is read up to its last message again."""
    steps: list[Object] = []
    for step, following in zip(transcript, [*transcript[1:], {}], strict=True):
        if "heard" not in step:
            steps.append(step)
        elif "heard" not in following or following["as"] != step["as"]:
            steps.append({"as": step["as"], "until": _marks(step["heard"])})
    return steps


async def _heard(talker: Talker, who: str, until: Object, names: Names) -> list[Object]:
    found = []
    while True:
        message = names.hide(await talker.hear())
        wanted = _covers(until, message)
        if wanted or message.get("method") not in PASSING:
            found.append({"as": who, "heard": _without_jsonrpc(_settled(message))})
        if wanted:
            return found


def _marks(message: Object) -> Object:
    """What a message is recognised by."""
    if "method" not in message:
        return {"id": message["id"]}
    params = {name: value for name, value in message["params"].items() if name in ("session_id", "phase")}
    return {"method": message["method"], "params": params}


def _without_jsonrpc(message: Object) -> Object:
    return {name: value for name, value in message.items() if name != "jsonrpc"}


def _settled(value: Any, name: str = "") -> Any:
    """The value without what differs from run to run."""
    if isinstance(value, dict):
        return {key: _settled(one, name if name == "timings_ms" else key) for key, one in value.items()}
    if name in UNSTABLE:
        return type(value)()
    return [_settled(one) for one in value] if isinstance(value, list) else value


def _covers(wanted: Any, given: Any, name: str = "") -> bool:
    """Has ``given`` all that ``wanted`` has?"""
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(
            key in given and _covers(one, given[key], name if name in GROWING else key) for key, one in wanted.items()
        )
    if isinstance(wanted, list) and isinstance(given, list):
        if name in GROWING:
            return all(one in given for one in wanted)
        return len(wanted) == len(given) and all(map(_covers, wanted, given))
    return type(wanted) is type(given) and bool(wanted == given)


def _mapped(change: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: change(one) for name, one in value.items()}
    return [change(one) for one in value] if isinstance(value, list) else value


def read(path: Path) -> list[Object]:
    """The steps of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main() -> int:
    """Records a scenario against the daemon at ``--socket``."""
    parser = argparse.ArgumentParser(prog="transcripts", description=__doc__)
    parser.add_argument("--socket", required=True)
    parser.add_argument("scenario", type=Path)
    arguments = parser.parse_args()
    for step in anyio.run(play, read(arguments.scenario), arguments.socket):
        print(json.dumps(step, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
