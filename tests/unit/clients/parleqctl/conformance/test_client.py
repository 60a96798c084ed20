from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import from_thread, to_thread

from parleq_client import LocalError, RefusedError
from parleq_client.asynchronous import AsyncConnection
from parleqctl.conformance.client import judged
from parleqctl.conformance.scripted import TEXT
from parleqd.protocol.framing import Framing
from parleqd.protocol.names import ErrorCode, Reason
from tests.conforming import Conformance
from tests.fakes.client import Client

Object = dict[str, Any]
Script = Callable[[str], Awaitable[None]]


class AnythingGoes(Conformance):
    """The scripted server says what the schema does not know, on purpose."""

    def received(self, message: Object) -> None:
        return


async def judge(client: Script, patience: float = 5.0) -> dict[str, str]:
    """The verdict on each rule of a client that is called once the server listens."""
    reports: list[Object] = []
    listening = anyio.Event()
    async with anyio.TemporaryDirectory(prefix="parleq-") as folder, anyio.create_task_group() as tasks:
        path = str(Path(folder) / "judge.sock")

        def run() -> list[Object]:
            return list(judged(path, patience, lambda: from_thread.run_sync(listening.set)))

        async def wait() -> None:
            reports.extend(await to_thread.run_sync(run))

        tasks.start_soon(wait)
        await listening.wait()
        await client(path)
    return {report["check"]: report["verdict"] for report in reports}


class GoodClient:
    """Dictates once, comes back, and takes what waited; inserts what it is asked to."""

    def __init__(self, *, insert: bool) -> None:
        self.inserted: list[str] = []
        self.texts: list[str] = []
        self._insert = insert

    async def __call__(self, path: str) -> None:
        async with self._connected(path) as connection:
            await connection.initialize("good", instance="one", insert=self._insert)
            started = await connection.call("session/start", {"source": "stream"})
            await connection.call("session/audio", {"session_id": started["session_id"], "pcm": "AAAA"})
            await connection.call("session/stop", {"session_id": started["session_id"]})
            await self._take(connection, started["session_id"])
            await connection.until_closed()
        async with self._connected(path) as connection:
            told = await connection.initialize("good", instance="one", insert=self._insert)
            for one in told["pending"]:
                await self._take(connection, one["session_id"])

    @asynccontextmanager
    async def _connected(self, path: str) -> AsyncIterator[AsyncConnection]:
        async with AsyncConnection.open(path) as connection:
            connection.on_request = self._answer
            yield connection

    async def _take(self, connection: AsyncConnection, session_id: str) -> None:
        result = await connection.call("session/result", {"session_id": session_id}, timeout=None)
        self.texts.append(result["text"])
        await connection.call("session/acknowledge", {"session_id": session_id, "receipt": {"status": "sent"}})

    async def _answer(self, method: str, params: Object) -> Object:
        if method == "insert/prepare":
            return {"target": "window", "context": {}}
        if method != "text/insert":
            raise RefusedError(ErrorCode.METHOD_NOT_FOUND, Reason.PROTOCOL_UNSUPPORTED, f"no {method} here")
        assert params["target"] == "window"
        self.inserted.append(params["text"])
        return {"status": "sent"}


@pytest.mark.asyncio
async def test_a_client_that_dictates_and_comes_back_keeps_to_every_rule() -> None:
    client = GoodClient(insert=False)
    verdicts = await judge(client)
    assert {rule for rule, verdict in verdicts.items() if verdict != "ok"} == {"insert_prepare", "text_insert"}
    assert client.texts == [TEXT, TEXT]


@pytest.mark.asyncio
async def test_a_client_that_inserts_keeps_to_every_rule() -> None:
    client = GoodClient(insert=True)
    assert set((await judge(client)).values()) == {"ok"}
    assert set(client.inserted) == {TEXT}


@pytest.mark.asyncio
async def test_a_one_shot_client_need_not_come_back() -> None:
    async def once(path: str) -> None:
        async with await anyio.connect_unix(path) as stream:
            client = Client(stream, Framing.HEADERS)
            client.conformance = AnythingGoes()
            await client.initialize("one")
            await client.call("session/start", source="file", path="/speech.flac")
            await client.call("session/result")
            await client.call("session/acknowledge", session_id="conformance-1")

    verdicts = await judge(once)
    skipped = {rule for rule, verdict in verdicts.items() if verdict == "skipped"}
    assert skipped == {"unknown_request", "insert_prepare", "text_insert", "reconnect", "pending"}
    assert "failed" not in verdicts.values()


BREACHES: dict[str, list[Object]] = {
    "unknown_request": [{"id": 1, "method": "initialize"}, {"method": "initialized"}],
    "initialize_first": [{"id": 1, "method": "status/get"}],
    "introduction": [{"id": 1, "method": "initialize", "params": {"client": {"name": "x", "instance": ""}}}],
    "initialized": [
        {"id": 1, "method": "initialize", "params": {}},
        {"id": 2, "method": "session/pending", "params": {}},
    ],
    "own_ids": [{"id": 1, "method": "initialize"}, {"method": "initialized"}, {"id": None, "method": "status/get"}],
    "known_methods": [{"id": 1, "method": "initialize"}, {"id": 2, "method": "text/insert!"}, {"method": "no/such"}],
    "tolerance": [{"id": 1, "method": "initialize"}, {"method": "initialized"}],
    "insert_prepare": [
        {"id": 1, "method": "initialize", "params": {"capabilities": {"insert": True}}},
        {"method": "initialized"},
        {"id": "parleqd-insert/prepare", "error": {"code": -32601, "message": "no"}},
    ],
    "text_insert": [
        {"id": 1, "method": "initialize", "params": {"capabilities": {"insert": True}}},
        {"method": "initialized"},
        {"id": "parleqd-insert/prepare", "result": {"target": "w", "context": {}}},
        {"id": "parleqd-text/insert", "result": {"status": "perhaps"}},
    ],
    "session_start": [
        {"id": 1, "method": "initialize"},
        {"method": "initialized"},
        {"id": 2, "method": "session/start", "params": {"source": "thought"}},
    ],
    "session_result": [
        {"id": 1, "method": "initialize"},
        {"method": "initialized"},
        {"id": 2, "method": "session/start", "params": {"source": "file"}},
    ],
    "acknowledge": [
        {"id": 1, "method": "initialize"},
        {"method": "initialized"},
        {"id": 2, "method": "session/start", "params": {"source": "file"}},
        {"id": 3, "method": "session/acknowledge", "params": {"session_id": "conformance-1"}},
    ],
    "acknowledge, never": [
        {"id": 1, "method": "initialize"},
        {"method": "initialized"},
        {"id": 2, "method": "session/start", "params": {"source": "file"}},
        {"id": 3, "method": "session/result", "params": {}},
    ],
}


@pytest.mark.parametrize("rule", BREACHES)
@pytest.mark.asyncio
async def test_a_client_that_breaks_a_rule_is_found_out(rule: str) -> None:
    async def breach(path: str) -> None:
        async with await anyio.connect_unix(path) as stream:
            client = Client(stream)
            client.conformance = AnythingGoes()
            for message in BREACHES[rule]:
                await client.send({"jsonrpc": "2.0", **message}, garbage=True)
            await client.say_no_more()
            await client.end()

    assert (await judge(breach, patience=0.5))[rule.partition(",")[0]] == "failed"


SHAPELESS: list[list[Object]] = [
    [{"id": 1, "method": "initialize", "params": []}],
    [{"id": 1, "method": "initialize", "params": {"client": "me", "capabilities": "all"}}],
    [{"id": 1, "method": "initialize", "params": {"client": {"name": "x", "instance": 5}}}, {"method": "initialized"}],
    [
        {"id": 1, "method": "initialize", "params": {"capabilities": {"insert": True}}},
        {"method": "initialized"},
        {"id": "parleqd-conformance/unknown", "error": "no"},
        {"id": "parleqd-insert/prepare", "result": ["window"]},
        {"id": "parleqd-text/insert", "result": "sent"},
        {"id": True, "method": "session/acknowledge", "params": {"session_id": ["x"], "receipt": "sent"}},
    ],
]


@pytest.mark.parametrize("messages", SHAPELESS, ids=range(len(SHAPELESS)))
@pytest.mark.asyncio
async def test_messages_of_any_shape_are_judged(messages: list[Object]) -> None:
    async def say(path: str) -> None:
        async with await anyio.connect_unix(path) as stream:
            client = Client(stream)
            client.conformance = AnythingGoes()
            for message in messages:
                await client.send({"jsonrpc": "2.0", **message}, garbage=True)
            await client.say_no_more()
            await client.end()

    assert (await judge(say, patience=0.5))["introduction"] == "failed"


@pytest.mark.asyncio
async def test_a_client_that_looks_first_whether_anybody_listens_is_judged_by_what_it_says_then() -> None:
    good = GoodClient(insert=False)

    async def look_first(path: str) -> None:
        async with await anyio.connect_unix(path):
            pass
        await good(path)

    assert "failed" not in (await judge(look_first)).values()
    assert good.texts == [TEXT, TEXT]


@pytest.mark.asyncio
async def test_a_client_that_only_looks_is_told_of() -> None:
    async def look(path: str) -> None:
        async with await anyio.connect_unix(path):
            pass

    assert (await judge(look, patience=0.05))["initialize_first"] == "failed"


@pytest.mark.asyncio
async def test_a_client_that_never_comes_is_told_of() -> None:
    async def nobody(path: str) -> None:
        return

    verdicts = await judge(nobody, patience=0.05)
    assert verdicts["initialize_first"] == "failed"


def test_a_place_where_no_socket_can_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"no socket can be made at .*absent"):
        judged(str(tmp_path / "absent" / "socket"), 1.0)
    with pytest.raises(LocalError, match="too long"):
        judged(str(tmp_path / ("x" * 200)), 1.0)
