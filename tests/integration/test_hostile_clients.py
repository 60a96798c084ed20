"""Whatever one client does, the daemon goes on and the others notice nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable

import anyio
import pytest

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.engine.hearing import SESSIONS_AT_ONCE
from parleqd.protocol.names import MAX_MESSAGE_BYTES
from tests.fakes.client import AnsweredError, Client
from tests.fakes.engine import SECOND
from tests.integration.daemon import running_daemon

Mischief = Callable[[Client], Awaitable[None]]


async def say_nothing(_: Client) -> None:
    """Connect, and that is all."""


async def send_half_a_message(client: Client) -> None:
    await client.send_raw(b'{"jsonrpc":"2.0","id":1,"meth')


async def send_half_a_headed_message(client: Client) -> None:
    await client.send_raw(b"Content-Length: 1000\r\n\r\n{")


async def send_headers_without_end(client: Client) -> None:
    for _ in range(50):
        await client.send_raw(b"C" * 10_000)


async def send_a_line_without_end(client: Client) -> None:
    for _ in range(20):
        await client.send_raw(b"x" * 1_000_000)


async def send_noise(client: Client) -> None:
    await client.send_raw(bytes(range(256)) * 100)


async def send_white_space(client: Client) -> None:
    await client.send_raw(b" \n\t\r\n" * 100_000)


async def nest_deeply(client: Client) -> None:
    await client.send_raw(b'{"a":' * 200_000 + b"\n")


async def flood_without_reading(client: Client) -> None:
    request = b'{"jsonrpc":"2.0","id":1,"method":"settings/get"}\n'
    while True:
        await client.send_raw(request * 100)


async def ask_for_too_much_at_once(client: Client) -> None:
    await client.initialize("greedy")
    await client.call("session/start", source="stream")
    for _ in range(1000):
        await client.request("session/result")


async def start_and_leave(client: Client) -> None:
    for _ in range(80):
        await client.request("session/start", source="stream")


async def push_to_a_session_of_its_own_making(client: Client) -> None:
    session_id = (await client.call("session/start", source="stream"))["session_id"]
    for _ in range(3):
        await client.request("session/audio", session_id=session_id, pcm="AAAA" * 100_000)


async def subscribe_and_never_read(client: Client) -> None:
    await client.initialize("deaf", ["state", "partial", "level", "notice"], insert=True)


async def change_its_framing(client: Client) -> None:
    await client.send_raw(b'{"jsonrpc":"2.0","id":1,"method":"status/get"}\nContent-Length: 2\r\n\r\n{}')


MISCHIEF = [
    say_nothing,
    send_half_a_message,
    send_half_a_headed_message,
    send_headers_without_end,
    send_a_line_without_end,
    send_noise,
    send_white_space,
    nest_deeply,
    flood_without_reading,
    ask_for_too_much_at_once,
    start_and_leave,
    push_to_a_session_of_its_own_making,
    subscribe_and_never_read,
    change_its_framing,
]


@pytest.mark.parametrize("leaves", [False, True], ids=["stays", "leaves"])
@pytest.mark.parametrize("mischief", MISCHIEF, ids=lambda mischief: mischief.__name__)
@pytest.mark.asyncio
async def test_mischief_disturbs_nobody_else(mischief: Mischief, leaves: bool) -> None:
    async with running_daemon(recognisers=ScriptedFactory()) as daemon, daemon.client("alice") as alice:
        async with daemon.connect() as client:
            with anyio.move_on_after(0.3):
                await mischief(client)
            if leaves:
                await client.stream.aclose()
            assert (await alice.call("status/get"))["model"]["name"] == "tiny.en"
            assert await alice.call("session/pending") == {"sessions": []}
        async with daemon.client("bob") as bob:
            assert (await bob.call("text/clean", text="um hello"))["text"]


@pytest.mark.asyncio
async def test_a_flood_of_sessions_is_refused_and_its_client_served() -> None:
    async with running_daemon() as daemon, daemon.connect() as client:
        requests = [await client.request("session/start", source="stream") for _ in range(SESSIONS_AT_ONCE + 9)]
        for request in requests[:SESSIONS_AT_ONCE]:
            await client.answer(request)
        for request in requests[SESSIONS_AT_ONCE:]:
            with pytest.raises(AnsweredError) as raised:
                await client.answer(request)
            assert raised.value.reason == "queue_full"


@pytest.mark.parametrize(("spare", "reason"), [(1000, None), (0, "too_large"), (-1, "too_large")])
@pytest.mark.asyncio
async def test_no_message_is_larger_than_the_limit_in_either_direction(spare: int, reason: str | None) -> None:
    async with running_daemon() as daemon, daemon.connect() as client:
        frame = {"jsonrpc": "2.0", "id": 1, "method": "text/clean", "params": {"text": "", "mode": "raw"}}
        length = MAX_MESSAGE_BYTES - len(json.dumps(frame)) - spare
        await client.send({**frame, "params": {"text": "x" * length, "mode": "raw"}})
        answer = await client.receive()
        if reason is None:
            assert len(answer["result"]["text"]) == length
        else:
            assert answer["error"]["data"]["reason"] == reason
        assert (await client.call("status/get"))["state"] == "idle"


@pytest.mark.asyncio
async def test_a_client_that_feeds_faster_than_anything_is_recognised_is_held_up_alone() -> None:
    """Nothing is lost either: what it pushed is heard."""
    recognisers = ScriptedFactory(["hello"])
    async with running_daemon(recognisers=recognisers) as daemon:
        async with daemon.client("eager") as eager, daemon.client("alice") as alice:
            session_id = (await eager.call("session/start", source="stream"))["session_id"]
            pcm = base64.b64encode(SECOND * 10).decode()
            for _ in range(4):
                await eager.request("session/audio", session_id=session_id, pcm=pcm)
                assert (await alice.call("status/get"))["state"] == "recording"
            await eager.call("session/stop", session_id=session_id)
            result = await eager.call("session/result", session_id=session_id)
            assert (result["raw"], result["audio_seconds"]) == ("hello", 40.0)
