from __future__ import annotations

import pytest

from parleqctl.conformance.events import GROUP
from tests.fakes.breaking_server import Breach, all_ok, drops, failed, lacks


class Talkative(Breach):
    """Tells everybody everything."""

    def up(self, data: bytes) -> bytes:
        told = b'"method": "initialized", "params": {}}\n'
        asked = b'{"jsonrpc": "2.0", "id": "x", "method": "events/subscribe", "params": {"topics": ["state"]}}\n'
        return data.replace(told, told + asked)


BREACHES: dict[str, Breach] = {
    "subscribe": lacks("topics"),
    "own_sessions": drops(lambda message: message.get("method") == "session/state"),
    "others_sessions": drops(lambda message: message.get("method") == "session/state"),
    "not_others_sessions": Talkative(),
}


@pytest.mark.asyncio
async def test_our_daemon_keeps_to_every_rule() -> None:
    assert await all_ok(GROUP) == []


@pytest.mark.parametrize("name", [check.name for check in GROUP])
@pytest.mark.asyncio
async def test_a_server_that_breaks_a_rule_is_found_out(name: str) -> None:
    assert await failed(GROUP, BREACHES[name], name)
