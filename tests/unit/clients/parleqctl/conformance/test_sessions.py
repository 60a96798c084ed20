from __future__ import annotations

import pytest

from parleqctl.conformance.sessions import GROUP
from tests.fakes.breaking_server import Breach, all_ok, changes_results, failed, forgives, recodes

BREACHES: dict[str, Breach] = {
    "silence": changes_results(lambda result: {**result, "text": "Thank you for watching."}),
    "latest_session": changes_results(lambda result: {**result, **({"session_id": "x"} if "raw" in result else {})}),
    "cancelled": recodes(-32800, -32000),
    "strangers": forgives(-32000),
    "whole_samples": forgives(-32602),
}


@pytest.mark.asyncio
async def test_our_daemon_keeps_to_every_rule() -> None:
    assert await all_ok(GROUP) == []


@pytest.mark.parametrize("name", [check.name for check in GROUP])
@pytest.mark.asyncio
async def test_a_server_that_breaks_a_rule_is_found_out(name: str) -> None:
    assert await failed(GROUP, BREACHES[name], name)
