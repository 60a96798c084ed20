from __future__ import annotations

import pytest

from parleqctl.conformance.handshake import GROUP
from tests.fakes.breaking_server import Breach, Object, Telling, all_ok, failed, forgives, lacks


def too_early(message: Object) -> list[Object]:
    told = {"jsonrpc": "2.0", "method": "daemon/notice", "params": {}}
    return [told, message] if "server" in message.get("result", {}) else [message]


BREACHES: dict[str, Breach] = {
    "initialize": lacks("pending"),
    "initialize_again": forgives(-32600),
    "other_protocol": forgives(-32000),
    "instance_length": forgives(-32602),
    "without_handshake": forgives(-32600),
    "silence_before_initialized": Telling(too_early),
}


@pytest.mark.asyncio
async def test_our_daemon_keeps_to_every_rule() -> None:
    assert await all_ok(GROUP) == []


@pytest.mark.parametrize("name", [check.name for check in GROUP])
@pytest.mark.asyncio
async def test_a_server_that_breaks_a_rule_is_found_out(name: str) -> None:
    assert await failed(GROUP, BREACHES[name], name)
