"""Whatever is asked for, however senselessly: every request is answered, and none brings out a bug."""

from __future__ import annotations

from typing import Any

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.protocol.methods import METHODS
from parleqd.protocol.names import Deliver, Mode, OnDisconnect, Pace, ReceiptStatus, Source, Topic
from tests.integration.daemon import running_daemon
from tests.parts import scale

LATEST = "the latest session"
NAMES = [*Source, *Deliver, *Mode, *Pace, *OnDisconnect]
VALUES: list[Any] = [
    None, True, 0, 1, -1, 2**70, 1.5, "", "x", "é\0", "/x", "AQABAA==", "x" * 100, [], {}, [None], list(Topic),
    *NAMES, *NAMES, *[LATEST] * 10,
    {"status": "read"}, {"status": ReceiptStatus.HELD}, {"language": "de"}, {"text": "old"}, {"insert": True},
    {"name": "x", "instance": "alice"}, "tiny.en", "base", "history.keep", "audio", "speech.model", "cleanup.mode",
]  # fmt: skip


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A method, with some of its parameters, and values that fit now and then."""
    method = draw(st.sampled_from(METHODS))
    fields = [field for field in method.params.__struct_fields__ if draw(st.booleans())]
    return method.name, {field: draw(st.sampled_from(VALUES)) for field in fields}


START = ("session/start", {"source": "stream"})


@settings(max_examples=scale(25, 1000))
@given(st.lists(st.just(START) | requests(), min_size=5, max_size=40))
def test_every_request_is_answered(asked: list[tuple[str, dict[str, Any]]]) -> None:
    async def ask_all() -> None:
        async with running_daemon(recognisers=ScriptedFactory(["hello there"] * 10)) as daemon:
            async with daemon.connect() as client:
                latest = ""
                for number, (method, params) in enumerate(asked):
                    params = {field: latest if value == LATEST else value for field, value in params.items()}
                    await client.send({"jsonrpc": "2.0", "id": f"n{number}", "method": method, "params": params})
                    if method != "session/result":
                        while f"n{number}" not in client.answers:
                            await client.read_one()
                        latest = client.answers[f"n{number}"].get("result", {}).get("session_id", latest)
                for number in range(len(asked)):
                    await client.notify("$/cancelRequest", id=f"n{number}")
                while len(client.answers) < len(asked):
                    await client.read_one()

    anyio.run(ask_all)
