from __future__ import annotations

import gzip
import zlib

import anyio
import anyio.lowlevel
import httpx
import pytest

from parleqd.adapters.chat.answer import PIECE_BYTES, HttpAnswer
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import TransportError

TEXT = b"data: {}\n" * 200


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "encoding, sent", [("identity", TEXT), ("gzip", gzip.compress(TEXT, mtime=0)), ("deflate", zlib.compress(TEXT))]
)
async def test_a_body_is_unpacked(encoding: str, sent: bytes) -> None:
    answer = answering(Stream(sent[:20], sent[20:]), {"Content-Encoding": encoding})
    assert answer.headers["content-encoding"] == encoding
    assert b"".join([each async for each in answer.body()]) == TEXT
    assert answer.whole


@pytest.mark.asyncio
async def test_what_cannot_be_unpacked_breaks_off() -> None:
    answer = answering(Stream(b"not packed at all"), {"content-encoding": "gzip"})
    with pytest.raises(TransportError) as raised:
        await anext(answer.body())
    assert raised.value.breakage is Breakage.RESET
    assert not answer.whole


@pytest.mark.asyncio
async def test_a_body_without_end_is_given_up() -> None:
    answer = answering(Stream(b"12345", b"67890", b"1"), body_bytes=10)
    body = answer.body()
    assert [await anext(body), await anext(body)] == [b"12345", b"67890"]
    with pytest.raises(TransportError) as raised:
        await anext(body)
    assert (raised.value.breakage, raised.value.detail) == (
        Breakage.RESET,
        "the answer is longer than any should be",
    )


@pytest.mark.asyncio
async def test_closing_early_closes_what_it_came_from() -> None:
    stream = Stream(b"1", b"2")
    answer = answering(stream)
    assert await anext(answer.body()) == b"1"
    await answer.close()
    assert stream.closed
    assert not answer.whole


@pytest.mark.asyncio
async def test_others_get_their_turn_though_all_of_it_is_there() -> None:
    answer = answering(Stream(*[b"\n"] * 1000))
    turns = 0

    async def other() -> None:
        nonlocal turns
        while not answer.whole:
            turns += 1
            await anyio.lowlevel.checkpoint()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(other)
        async for _ in answer.body():
            pass
    assert turns >= 1000


@pytest.mark.asyncio
async def test_a_deadline_counts_though_all_of_it_is_there() -> None:
    answer = answering(Stream(*[b"\n"] * 1000))
    with anyio.move_on_after(0) as scope:
        async for _ in answer.body():
            pass
    assert scope.cancelled_caught
    assert not answer.whole


@pytest.mark.asyncio
async def test_what_was_packed_small_comes_in_pieces() -> None:
    text = b"\n" * (PIECE_BYTES * 3 + 1)
    answer = answering(Stream(gzip.compress(text, mtime=0)), {"content-encoding": "gzip"}, body_bytes=len(text))
    assert [len(each) async for each in answer.body()] == [PIECE_BYTES] * 3 + [1]


class Stream(httpx.AsyncByteStream):
    """Gives these pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.closed = False
        self._pieces = list(pieces)

    def __aiter__(self) -> Stream:
        return self

    async def __anext__(self) -> bytes:
        if not self._pieces:
            raise StopAsyncIteration
        return self._pieces.pop(0)

    async def aclose(self) -> None:
        self.closed = True


def answering(stream: Stream, headers: dict[str, str] | None = None, body_bytes: int = 10_000) -> HttpAnswer:
    return HttpAnswer(httpx.Response(200, headers=headers, stream=stream), body_bytes)
