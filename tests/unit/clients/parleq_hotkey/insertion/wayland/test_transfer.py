from __future__ import annotations

import os

import anyio
import pytest

from parleq_hotkey.insertion.wayland.transfer import Sending, pipe, receive

LARGE = bytes(range(256)) * 12_000


class End:
    """What became of a sending."""

    def __init__(self) -> None:
        self.whole: bool | None = None
        self.known = anyio.Event()

    def __call__(self, whole: bool) -> None:
        assert self.whole is None, "it ends once"
        self.whole = whole
        self.known.set()


@pytest.mark.asyncio
@pytest.mark.parametrize("content", [b"", b"x", LARGE])
async def test_what_is_sent_is_received_whole(content: bytes) -> None:
    reader, writer = pipe()
    end = End()
    Sending(writer, content, end).start()
    assert await receive(reader, len(content)) == content
    await end.known.wait()
    assert end.whole


@pytest.mark.asyncio
async def test_what_lies_in_the_pipe_has_not_been_read() -> None:
    reader, writer = pipe()
    end = End()
    Sending(writer, b"a text", end, patience_s=0.02).start()
    await end.known.wait()
    assert end.whole is False
    os.close(reader)


@pytest.mark.asyncio
async def test_a_reader_that_stops_taking_is_given_up() -> None:
    reader, writer = pipe()
    end = End()
    Sending(writer, LARGE, end, patience_s=0.02).start()
    await end.known.wait()
    assert end.whole is False
    os.close(reader)


@pytest.mark.asyncio
async def test_a_reader_that_goes_has_not_read() -> None:
    reader, writer = pipe()
    end = End()
    Sending(writer, LARGE, end).start()
    os.close(reader)
    await end.known.wait()
    assert end.whole is False


@pytest.mark.asyncio
async def test_stopped_it_ends_at_once() -> None:
    reader, writer = pipe()
    end = End()
    sending = Sending(writer, LARGE, end)
    sending.start()
    sending.stop()
    sending.stop()
    assert end.whole is False
    os.close(reader)


@pytest.mark.asyncio
async def test_more_than_the_limit_is_not_received() -> None:
    reader, writer = pipe()
    end = End()
    Sending(writer, LARGE, end).start()
    assert await receive(reader, len(LARGE) - 1) is None
    await end.known.wait()
