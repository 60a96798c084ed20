from __future__ import annotations

import pytest

from parleqctl.conformance.framing import GROUP
from parleqd.protocol.framing import Framing, encode
from tests.fakes.breaking_server import Breach, Telling, all_ok, drops, failed, forgives


class Reframing(Breach):
    """Answers in its own framing."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing

    def framed(self, body: bytes, framing: Framing) -> bytes:
        return encode(body, self._framing)


class CountingCharacters(Breach):
    """Takes the length of a text for that of its bytes."""

    def framed(self, body: bytes, framing: Framing) -> bytes:
        return b"Content-Length: %d\r\n\r\n%b" % (len(body.decode()), body)


class WholePackets(Breach):
    """Takes what comes at once for one message."""

    def up(self, data: bytes) -> bytes:
        return data[: data.find(b"\n") + 1] or data


class UntilTheEnd(Breach):
    """Says nothing to a client that has said all."""

    def up(self, data: bytes) -> bytes:
        return b""


BREACHES: dict[str, Breach] = {
    "lines": Reframing(Framing.HEADERS),
    "empty_lines": Telling(lambda message: [message, message]),
    "headers": Reframing(Framing.LINES),
    "bytes_count": CountingCharacters(),
    "pieces": WholePackets(),
    "no_json": drops(lambda message: "error" in message),
    "bad_headers": drops(lambda message: "error" in message),
    "batch": forgives(-32600),
    "large": drops(lambda message: "result" in message),
    "too_large": forgives(-32000),
    "half_closed": UntilTheEnd(),
}


@pytest.mark.asyncio
async def test_our_daemon_keeps_to_every_rule() -> None:
    assert await all_ok(GROUP) == []


@pytest.mark.parametrize("name", [check.name for check in GROUP])
@pytest.mark.asyncio
async def test_a_server_that_breaks_a_rule_is_found_out(name: str) -> None:
    assert await failed(GROUP, BREACHES[name], name)
