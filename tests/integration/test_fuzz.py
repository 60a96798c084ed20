"""Both framings under a grammar: whatever comes, in whatever pieces, each well-formed request gets one answer.

The grammar of requests is the published schema. Between them stand notifications, stray answers, and what is no
message at all.
"""

from __future__ import annotations

import asyncio
import gc
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import anyio
import psutil
import pytest
from anyio import to_thread
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.engine.live import LiveSession
from parleqd.protocol.framing import Framing
from parleqd.protocol.methods import METHODS
from parleqd.rpc.connection import Connection
from tests.conforming import SCHEMA
from tests.fakes.client import Client, Object
from tests.integration.daemon import Daemon, running_daemon
from tests.parts import scale

EXAMPLES = scale(140, 6000)
"""Ten seconds' worth, and ten minutes'."""
HANGS_AFTER_S = 15.0
WARMING_UP = 20
MEMORY_BYTES = 32 * 1024 * 1024
"""How much a daemon may grow that was warm already."""
LATEST = "the latest session"

TEXT = st.sampled_from(
    ["", "x", LATEST, LATEST, LATEST, "um hello", "é\0🎤", "/x", "tiny.en", "cleanup.mode", "AQABAA=="]
)
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXT,
    "integer": st.sampled_from([1, 0, -1, 2**53, 2**70]),
    "number": st.sampled_from([0, 0.5, -1, 1e300]),
    "boolean": st.booleans(),
    "null": st.none(),
}
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.one_of(*PLAIN.values()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=4,
)
GARBAGE = [
    b"}", b"nonsense", b"\xff\xfe", b"[]", b"[1,2]", b"17", b"null", b'"text"', b"{}", b'{"jsonrpc":"2.0"}',
    b'{"jsonrpc":"1.0","id":"g","method":"status/get"}', b'{"jsonrpc":"2.0","id":{},"method":"status/get"}',
    b'{"jsonrpc":"2.0","id":"g","method":17}', b'{"jsonrpc":"2.0","id":"g","method":"status/get"',
    b'[{"jsonrpc":"2.0","id":"g","method":"status/get"}]', b'{"jsonrpc":"2.0","method":"x","params":"\\ud800"}',
    b"[" * 5000,
]  # fmt: skip
NOTES: list[Object] = [
    {"method": "initialized"}, {"method": "no/such"}, {"method": "status/get"}, {"method": "initialized", "params": 1},
    {"method": "$/cancelRequest", "params": {"id": "n0"}}, {"method": "$/cancelRequest", "params": {}},
    {"id": "parleqd-1", "result": {}}, {"id": "parleqd-2", "result": {"status": "read"}}, {"id": 1, "error": 1},
    {"id": None, "result": 1}, {"id": "parleqd-1", "error": {"code": 1, "message": ""}, "result": None},
]  # fmt: skip
HEADERS = [
    b"Content-Length: %d\r\n\r\n", b"content-length:%d\r\n\r\n", b"CONTENT-LENGTH: %d \n\n",
    b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
]  # fmt: skip
BAD_HEADERS = [b"Content-Length: none\r\n\r\n", b"Content-Type: x\r\n\r\n", b"Content\r\n\r\n", b"C: \xff\r\n\r\n"]


class Request(NamedTuple):
    """A request that must be answered."""

    method: str
    params: Any
    string_id: bool
    ascii: bool


class Note(NamedTuple):
    """A message that nothing answers."""

    message: Object


class Noise(NamedTuple):
    """What is no message. ``framed``: it stands where one would."""

    data: bytes
    framed: bool


def of_schema(definition: Object) -> st.SearchStrategy[Any]:
    """Values that fit a definition of the schema."""
    if "$ref" in definition:
        return st.deferred(lambda: of_schema(SCHEMA["$defs"][definition["$ref"].rpartition("/")[2]]))
    if "enum" in definition:
        return st.sampled_from(definition["enum"])
    if "const" in definition:
        return st.just(definition["const"])
    if "anyOf" in definition:
        return st.one_of([of_schema(one) for one in definition["anyOf"]])
    kind = definition.get("type")
    if kind == "array":
        return st.lists(of_schema(definition["items"]), max_size=2)
    if kind == "object" and "properties" in definition:
        needed = definition.get("required", [])
        fields = {name: of_schema(one) for name, one in definition["properties"].items()}
        return st.fixed_dictionaries(
            {name: one for name, one in fields.items() if name in needed},
            optional={name: one for name, one in fields.items() if name not in needed},
        )
    return PLAIN[kind] if isinstance(kind, str) and kind in PLAIN else ANYTHING


def request(method: str, params: str) -> st.SearchStrategy[Request]:
    fitting = of_schema({"$ref": f"#/$defs/{params}"})
    return st.builds(Request, st.just(method), fitting | fitting | fitting | ANYTHING, st.booleans(), st.booleans())


REQUESTS = st.one_of([request(method.name, method.params.__name__) for method in METHODS])
SESSIONS = [method for method in METHODS if method.name.startswith(("session/", "initialize"))]
PIECES = st.one_of(
    st.one_of([request(method.name, method.params.__name__) for method in SESSIONS]),
    REQUESTS,
    st.builds(Request, st.just("no/such"), ANYTHING, st.booleans(), st.booleans()),
    st.builds(Note, st.sampled_from(NOTES)),
    st.builds(Noise, st.sampled_from(GARBAGE), st.just(True))
    | st.builds(Noise, st.sampled_from(BAD_HEADERS), st.just(False)),
)


STATUS = Request("status/get", {}, string_id=True, ascii=True)
"""Answered at once; as the first thing that is sent, it chooses the framing."""


class Talk:
    """One connection of the fuzzer: it sends on and on while it reads."""

    def __init__(self, client: Client, framing: Framing) -> None:
        self.client = client
        self.asked: list[int | str] = []
        self.answers: Counter[Any] = Counter()
        self._framing = framing
        self._latest = ""
        self._answered = anyio.Event()

    async def say(self, pieces: list[Request | Note | Noise], cuts: Iterator[int], header: bytes) -> None:
        """All of it, in pieces as large as ``cuts`` say."""
        for piece in pieces:
            data = self._bytes(piece, header)
            while data:
                size = next(cuts)
                await self.client.send_raw(data[:size])
                data = data[size:]

    async def all_answered(self) -> None:
        """Until each request has an answer."""
        while any(self.answers[name] == 0 for name in self.asked):
            await self._answered.wait()
            self._answered = anyio.Event()

    async def hear(self) -> None:
        """The next message, counted or answered."""
        message = await self.client.receive()
        number = message.get("id")
        if "method" not in message:
            self.answers[number] += 1
            self._answered.set()
            self._latest = (message.get("result") or {}).get("session_id") or self._latest
        elif number is not None:
            await self.client.answer_with(message, {"status": "held"}, garbage=True)

    def _bytes(self, piece: Request | Note | Noise, header: bytes) -> bytes:
        if isinstance(piece, Noise):
            framed = piece.framed or self._framing is Framing.LINES
            return self._framed(piece.data.replace(b"\r\n", b" "), header) if framed else piece.data
        if isinstance(piece, Note):
            return self._framed(json.dumps({"jsonrpc": "2.0", **piece.message}).encode(), header)
        name: int | str = f"n{len(self.asked)}" if piece.string_id else len(self.asked)
        self.asked.append(name)
        params = json.loads(json.dumps(piece.params).replace(json.dumps(LATEST), json.dumps(self._latest)))
        message = {"more": None, "jsonrpc": "2.0", "id": name, "params": params, "method": piece.method}
        self.client.conformance.sent(message)
        return self._framed(json.dumps(message, ensure_ascii=piece.ascii).encode(), header)

    def _framed(self, body: bytes, header: bytes) -> bytes:
        return header % len(body) + body if self._framing is Framing.HEADERS else body + b"\n"


async def conversation(
    daemon: Daemon, framing: Framing, pieces: list[Request | Note | Noise], cuts: list[int], header: bytes
) -> None:
    async with daemon.connect(framing) as client:
        talk = Talk(client, framing)

        async def hear() -> None:
            while True:
                await talk.hear()

        with anyio.fail_after(HANGS_AFTER_S):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(hear)
                await talk.say([STATUS, *pieces], _forever(cuts), header)
                for name in list(talk.asked):
                    cancel = Note({"method": "$/cancelRequest", "params": {"id": name}})
                    await talk.say([cancel], _forever([1 << 20]), header)
                await talk.all_answered()
                await talk.say([STATUS], _forever([7]), header)
                await talk.all_answered()  # nothing came late, or twice, before this one
                tasks.cancel_scope.cancel()
        assert {name: talk.answers[name] for name in talk.asked} == dict.fromkeys(talk.asked, 1)


def _forever(cuts: list[int]) -> Iterator[int]:
    while True:
        yield from cuts


@pytest.fixture(scope="module", autouse=True)
def no_connection_is_left() -> Iterator[None]:
    """What the daemons of all examples were made of is gone with them. (What hypothesis keeps, grows.)"""
    before = connections_and_sessions()  # a test that failed keeps its own
    yield
    assert [left for left in connections_and_sessions() if all(left is not other for other in before)] == []


def connections_and_sessions() -> list[Connection | LiveSession]:
    gc.collect()
    return [found for found in gc.get_objects() if isinstance(found, Connection | LiveSession)]


@pytest.mark.timeout(1200)
@settings(max_examples=EXAMPLES, phases=[Phase.generate])  # one that hangs takes too long to be made smaller
@given(
    framing=st.sampled_from(Framing),
    pieces=st.lists(PIECES, min_size=5, max_size=40),
    cuts=st.lists(st.sampled_from([1, 2, 3, 17, 100, 5000, 65536]), min_size=1, max_size=5).filter(
        lambda cuts: max(cuts) >= 17
    ),
    header=st.sampled_from(HEADERS),
)
def test_every_well_formed_request_is_answered_once(
    framing: Framing, pieces: list[Request | Note | Noise], cuts: list[int], header: bytes
) -> None:
    async def talk() -> None:
        async with running_daemon(recognisers=ScriptedFactory(["hello there"] * 10)) as daemon:
            await conversation(daemon, framing, pieces, cuts, header)

    anyio.run(talk)


def resident_bytes() -> int:
    return int(psutil.Process().memory_info().rss)


@pytest.mark.timeout(120)
@pytest.mark.asyncio
async def test_a_daemon_that_is_talked_to_for_long_grows_no_further() -> None:
    audio = {"session_id": LATEST, "pcm": "AQAB" * 1000}
    asked = [("session/start", {"source": "stream"}), ("session/audio", audio), ("history/list", {}), ("no/such", {})]
    requests = [Request(method, params, string_id=True, ascii=True) for method, params in asked]
    pieces: list[Request | Note | Noise] = [
        *requests,
        Noise(GARBAGE[1], framed=True),
        Request("session/cancel", {"session_id": LATEST}, True, True),
    ]
    asyncio.get_running_loop().set_debug(False)  # it would keep what it wants to tell
    async with running_daemon(recognisers=ScriptedFactory()) as daemon:
        sizes = []
        for times in (WARMING_UP, scale(30, 2000)):
            for number in range(times):
                await conversation(daemon, list(Framing)[number % 2], pieces * 3, [5000], HEADERS[0])
            sizes.append(await to_thread.run_sync(resident_bytes))
    assert sizes[1] - sizes[0] < MEMORY_BYTES, f"{(sizes[1] - sizes[0]) / 2**20:.0f} MiB more than before"
