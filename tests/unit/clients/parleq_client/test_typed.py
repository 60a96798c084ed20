from __future__ import annotations

import pytest
from anyio.to_thread import run_sync

from parleq_client import Connection, ProtocolError
from parleq_client.asynchronous import AsyncConnection
from parleq_client.typed import acall, call
from parleqd.protocol import messages, methods
from parleqd.protocol.names import Mode, Source
from tests.fakes.daemon import running_daemon


@pytest.mark.asyncio
async def test_a_call_takes_and_gives_structs() -> None:
    def clean(path: str) -> messages.TextCleanResult:
        with Connection.open(path) as connection:
            return call(connection, methods.TEXT_CLEAN, messages.TextCleanParams(text="um hello", mode=Mode.INSTANT))

    async with running_daemon() as daemon:
        answer = await run_sync(clean, daemon.path)
    assert answer.text == "Hello world."
    assert answer.mode.used is Mode.INSTANT
    assert daemon.asked("text/clean") == [{"text": "um hello", "mode": "instant", "context": None}]


@pytest.mark.asyncio
async def test_so_does_one_within_an_event_loop() -> None:
    async with running_daemon() as daemon, AsyncConnection.open(daemon.path) as connection:
        params = messages.SessionStartParams(source=Source.FILE, path="/speech.flac")
        started = await acall(connection, methods.SESSION_START, params)
        assert started == messages.SessionStarted(session_id="s1")
        with pytest.raises(ProtocolError, match="status/get is not as agreed"):
            await acall(connection, _lying(), messages.Nothing())


@pytest.mark.asyncio
async def test_an_answer_that_does_not_fit_is_no_answer() -> None:
    def ask(path: str) -> None:
        with Connection.open(path) as connection:
            call(connection, _lying(), messages.Nothing())

    async with running_daemon() as daemon:
        with pytest.raises(ProtocolError, match="status/get is not as agreed"):
            await run_sync(ask, daemon.path)


def _lying() -> methods.Method[messages.Nothing, messages.TextCleanResult]:
    """A table entry that says what the daemon does not do."""
    return methods.Method("status/get", messages.Nothing, messages.TextCleanResult, "")
