from __future__ import annotations

import pytest

from parleqctl.conformance.ownership import GROUP
from tests.fakes.breaking_server import (
    Breach,
    Object,
    Telling,
    all_ok,
    changes_results,
    drops,
    failed,
    forgives,
    lacks,
)


def with_text(message: Object) -> list[Object]:
    if message.get("method") == "session/final":
        message["params"]["text"] = "Hello there."
    return [message]


def forgetful(result: Object) -> Object:
    return {name: [] if name in ("pending", "sessions") else value for name, value in result.items()}


def indiscreet(result: Object) -> Object:
    for one in result.get("sessions", []) if isinstance(result.get("sessions"), list) else []:
        one["text"] = "Hello there."
    return result


BREACHES: dict[str, Breach] = {
    "file": lacks("raw"),
    "final": Telling(with_text),
    "acknowledge": changes_results(forgetful),
    "acknowledged": forgives(-32000),
    "owned": forgives(-32000),
    "pending_of_all": changes_results(indiscreet),
    "reconnect": changes_results(forgetful),
    "claim": forgives(-32000),
    "insert": drops(lambda message: message.get("method") == "text/insert"),
    "one_route": forgives(-32000),
}


@pytest.mark.asyncio
async def test_our_daemon_keeps_to_every_rule() -> None:
    assert await all_ok(GROUP) == []


@pytest.mark.parametrize("name", [check.name for check in GROUP])
@pytest.mark.asyncio
async def test_a_server_that_breaks_a_rule_is_found_out(name: str) -> None:
    assert await failed(GROUP, BREACHES[name], name)
