from __future__ import annotations

from typing import Any

import anyio
import anyio.lowlevel
import pytest

from parleqd.core.errors import OutsideError
from parleqd.engine.peers import PeerGoneError
from parleqd.protocol import messages as m
from parleqd.protocol.methods import INSERT_PREPARE, TEXT_INSERT
from parleqd.protocol.names import ReceiptStatus
from tests.fakes.client import DEADLINE
from tests.fakes.line import Line, a_line


async def ask(line: Line, results: list[object], timeout: float = DEADLINE) -> None:
    try:
        params = m.TextInsertParams(session_id="s1", text="hello")
        results.append(await line.connection.request(TEXT_INSERT, params, timeout))
    except (PeerGoneError, OutsideError) as problem:
        results.append(problem)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ({"result": {"status": "sent"}}, m.Receipt(status=ReceiptStatus.SENT)),
        ({"result": {"status": "read"}, "error": None}, m.Receipt(status=ReceiptStatus.READ)),
        ({"result": {"status": "perhaps"}}, PeerGoneError),
        ({"result": None}, PeerGoneError),
        ({"error": {"code": -32601, "message": "no"}}, OutsideError),
        ({"error": {"code": -32000, "message": "no", "data": {"reason": "device_lost"}}}, OutsideError),
        ({"error": "no"}, OutsideError),
    ],
)
@pytest.mark.asyncio
async def test_a_client_is_asked_and_its_answer_taken(answer: dict[str, Any], result: object) -> None:
    async with a_line("alice", insert=True) as (_, line):
        results: list[object] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, line, results)
            request = await line.client.asked("text/insert")
            assert request["params"] == {"session_id": "s1", "text": "hello", "target": "", "raw": "", "edits": []}
            await line.client.send({"jsonrpc": "2.0", "id": request["id"], **answer}, garbage=True)
        (found,) = results
        assert isinstance(found, result) if isinstance(result, type) else found == result


@pytest.mark.asyncio
async def test_answers_may_come_in_any_order() -> None:
    async with a_line("alice", insert=True) as (_, line):
        targets: dict[str, str] = {}

        async def prepare(session_id: str) -> None:
            params = m.SessionRef(session_id=session_id)
            targets[session_id] = (await line.connection.request(INSERT_PREPARE, params, DEADLINE)).target

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(prepare, "s1")
            tasks.start_soon(prepare, "s2")
            first, second = await line.client.asked("insert/prepare"), await line.client.asked("insert/prepare")
            for request in (second, first):
                await line.client.answer_with(request, {"target": f"of {request['params']['session_id']}"})
        assert targets == {"s1": "of s1", "s2": "of s2"}


@pytest.mark.asyncio
async def test_a_client_that_does_not_answer_is_as_good_as_gone() -> None:
    async with a_line("alice", insert=True) as (_, line):
        results: list[object] = []
        await ask(line, results, timeout=0.0)
        assert isinstance(results[0], PeerGoneError)


@pytest.mark.asyncio
async def test_a_client_that_hangs_up_instead_of_answering_is_gone_at_once() -> None:
    async with a_line("alice", insert=True) as (_, line):
        results: list[object] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, line, results, 3600.0)
            await line.client.asked("text/insert")
            await line.client.stream.aclose()
            await line.until_over()
        assert isinstance(results[0], PeerGoneError)
        await ask(line, results)
        assert isinstance(results[1], PeerGoneError)
