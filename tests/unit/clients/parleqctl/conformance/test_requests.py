from __future__ import annotations

import pytest

from parleqctl.conformance.requests import GROUP
from tests.fakes.breaking_server import Breach, Object, all_ok, drops, failed


class Shuffling(Breach):
    """Answers every second request before the first."""

    def __init__(self) -> None:
        self._kept: list[Object] = []

    def down(self, message: Object) -> list[Object]:
        if not self._kept:
            self._kept.append(message)
            return []
        return [message, self._kept.pop()]


class Deaf(Breach):
    """Does not hear that a request is given up."""

    def up(self, data: bytes) -> bytes:
        return b"".join(line for line in data.splitlines(keepends=True) if b"cancelRequest" not in line)


class Answering(Breach):
    """Answers notifications."""

    def up(self, data: bytes) -> bytes:
        return data.replace(b'"method": "no/such"', b'"id": 99, "method": "no/such"')


BREACHES: dict[str, Breach] = {
    "in_order": Shuffling(),
    "waiting": drops(lambda message: "uptime_seconds" in message.get("result", {})),
    "cancel_request": Deaf(),
    "ignored": Answering(),
}


@pytest.mark.asyncio
async def test_our_daemon_keeps_to_every_rule() -> None:
    assert await all_ok(GROUP) == []


@pytest.mark.parametrize("name", [check.name for check in GROUP])
@pytest.mark.asyncio
async def test_a_server_that_breaks_a_rule_is_found_out(name: str) -> None:
    assert await failed(GROUP, BREACHES[name], name)
