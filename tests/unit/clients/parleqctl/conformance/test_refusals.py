from __future__ import annotations

import pytest

from parleqctl.conformance.refusals import GROUP
from tests.fakes.breaking_server import Breach, Object, Telling, all_ok, failed, forgives, recodes


def without_data(message: Object) -> list[Object]:
    if "error" in message:
        message["error"].pop("data", None)
    return [message]


def refused(message: Object) -> list[Object]:
    return [{"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32602, "message": "an unknown field"}}]


BREACHES: dict[str, Breach] = {
    "unknown_method": recodes(-32601, -32603),
    "bad_parameters": recodes(-32602, -32000),
    "no_request": recodes(-32600, -32700),
    "other_refusals": Telling(without_data),
    "id_in_use": forgives(-32600),
    "unknown_fields": Telling(refused),
}


@pytest.mark.asyncio
async def test_our_daemon_keeps_to_every_rule() -> None:
    assert await all_ok(GROUP) == []


@pytest.mark.parametrize("name", [check.name for check in GROUP])
@pytest.mark.asyncio
async def test_a_server_that_breaks_a_rule_is_found_out(name: str) -> None:
    assert await failed(GROUP, BREACHES[name], name)
