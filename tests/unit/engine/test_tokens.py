from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleqd.core.errors import OutsideError
from parleqd.core.identity.freshness import DUE_S
from parleqd.core.ports import Token
from parleqd.engine.tokens import Tokens
from parleqd.protocol.names import Reason
from tests.fakes.log import MemoryLog
from tests.fakes.token_source import ScriptedTokens

NOW = 1_700_000_000.0
HOUR = 3600.0
LOGGED_OUT = OutsideError(Reason.AZ_NOT_LOGGED_IN, "nobody is logged in", "az login")


def token(name: str, lives_s: float = HOUR, born: float = NOW) -> Token:
    return Token(name, born + lives_s)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class Desk:
    """Tokens with a script and a clock, and what was logged."""

    def __init__(self, *script: Token | OutsideError | anyio.Event) -> None:
        self.source, self.clock, self.log = ScriptedTokens(script), Clock(), MemoryLog()
        self.tokens = Tokens(self.source, "scope", self.log, self.clock)

    def asked(self) -> int:
        return len(self.source.asked)

    def secret(self) -> str | None:
        return self.tokens.secret

    async def later(self, seconds: float) -> None:
        """Time passes, and a dictation begins."""
        self.clock.now += seconds
        self.tokens.want()
        await anyio.wait_all_tasks_blocked()


@asynccontextmanager
async def running(*script: Token | OutsideError | anyio.Event) -> AsyncIterator[Desk]:
    desk = Desk(*script)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.tokens.run)
        await anyio.wait_all_tasks_blocked()
        yield desk
        tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_nothing_is_minted_before_somebody_wants_it() -> None:
    async with running(token("one")) as desk:
        assert (desk.asked(), desk.secret()) == (0, None)
        assert desk.tokens.absence.reason is Reason.TOKEN_FAILED
        await desk.later(0)
        assert (desk.asked(), desk.secret(), desk.source.asked) == (1, "one", ["scope"])


@pytest.mark.asyncio
async def test_while_it_is_fresh_nobody_is_asked_however_many_want_it() -> None:
    async with running(token("one")) as desk:
        for _ in range(10):
            desk.tokens.want()
        await desk.later(0)
        await desk.later(HOUR / 2)
        assert desk.asked() == 1


@pytest.mark.asyncio
async def test_ten_needs_at_once_are_one_attempt() -> None:
    gate = anyio.Event()
    async with running(gate, token("one")) as desk:
        for _ in range(10):
            await desk.later(0)
        assert (desk.asked(), desk.secret()) == (1, None)
        gate.set()
        await anyio.wait_all_tasks_blocked()
        assert (desk.asked(), desk.secret()) == (1, "one")


@pytest.mark.asyncio
async def test_it_is_renewed_before_it_dies_and_used_meanwhile() -> None:
    gate = anyio.Event()
    async with running(token("one"), gate, token("two", born=NOW + HOUR)) as desk:
        await desk.later(0)
        await desk.later(HOUR - DUE_S + 1)
        assert (desk.asked(), desk.secret()) == (2, "one")
        gate.set()
        await anyio.wait_all_tasks_blocked()
        assert desk.secret() == "two"


@pytest.mark.asyncio
async def test_a_failure_is_known_and_tried_again_later() -> None:
    async with running(LOGGED_OUT) as desk:
        await desk.later(0)
        assert desk.secret() is None
        assert (desk.tokens.absence.reason, desk.tokens.absence.hint) == (Reason.AZ_NOT_LOGGED_IN, "az login")
        await desk.later(1)
        assert desk.asked() == 1
        desk.source.then(token("one", born=desk.clock.now + 10))
        await desk.later(10)
        assert (desk.asked(), desk.secret()) == (2, "one")


@pytest.mark.asyncio
async def test_a_token_that_was_refused_is_replaced_once_for_all_who_were_refused() -> None:
    async with running(token("one"), token("two")) as desk:
        await desk.later(0)
        found: list[str | None] = []

        async def replace() -> None:
            found.append(await desk.tokens.replace("one", "another scope"))

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(replace)
        assert found == ["two"] * 5
        assert desk.source.asked == ["scope", "another scope"]
        assert await desk.tokens.replace("one") == "two"
        assert desk.asked() == 2


@pytest.mark.asyncio
async def test_the_log_knows_how_it_went_and_no_token() -> None:
    async with running(token("secret-one"), LOGGED_OUT) as desk:
        await desk.later(0)
        await desk.later(HOUR)
    assert [fields["reason"] for fields in desk.log.fields("token")] == [None, "az_not_logged_in"]
    assert "secret-one" not in repr(desk.log.records)
