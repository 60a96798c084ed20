from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel
import pytest

from parleqd.core.errors import OutsideError
from parleqd.core.identity.freshness import AFTER_FAILURE_S, DUE_S, WANTED_AFTER_FAILURE_S
from parleqd.core.ports import Token
from parleqd.engine.tokens import LOOK_S, Tokens
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

    def __init__(self, *script: Token | OutsideError | anyio.Event, look_s: float = LOOK_S) -> None:
        self.source, self.clock, self.log = ScriptedTokens(script), Clock(), MemoryLog()
        self.tokens = Tokens(self.source, "scope", self.log, self.clock, look_s)

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
async def running(*script: Token | OutsideError | anyio.Event, look_s: float = LOOK_S) -> AsyncIterator[Desk]:
    desk = Desk(*script, look_s=look_s)
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
        await desk.later(WANTED_AFTER_FAILURE_S / 2)
        assert desk.asked() == 1
        desk.source.then(token("one"))
        await desk.later(WANTED_AFTER_FAILURE_S / 2)
        assert (desk.asked(), desk.secret()) == (2, "one")


@pytest.mark.asyncio
async def test_the_next_dictation_sees_a_sign_out_and_a_new_sign_in() -> None:
    async with running(token("one"), LOGGED_OUT) as desk:
        await desk.later(0)
        await desk.later(HOUR - DUE_S)
        assert (desk.secret(), desk.tokens.absence.reason) == ("one", Reason.AZ_NOT_LOGGED_IN)
        await desk.later(DUE_S)
        assert (desk.secret(), desk.asked()) == (None, 3)
        desk.source.then(token("two", born=desk.clock.now))
        await desk.later(WANTED_AFTER_FAILURE_S)
        assert (desk.secret(), desk.asked(), desk.tokens.problem) == ("two", 4, None)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "later_s, again_after_s", [(WANTED_AFTER_FAILURE_S / 2, AFTER_FAILURE_S), (WANTED_AFTER_FAILURE_S,) * 2]
)
async def test_a_slow_failure_does_not_answer_who_came_while_it_was_under_way(
    later_s: float, again_after_s: float
) -> None:
    gate = anyio.Event()
    async with running(gate, LOGGED_OUT, look_s=0.001) as desk:
        await desk.later(0)
        await desk.later(later_s)
        gate.set()
        await anyio.wait_all_tasks_blocked()
        desk.clock.now += again_after_s - 1
        for _ in range(100):
            await anyio.lowlevel.checkpoint()
        assert desk.asked() == 1
        desk.clock.now += 1
        with anyio.fail_after(10):
            while desk.asked() == 1:
                await anyio.lowlevel.checkpoint()


@pytest.mark.asyncio
async def test_the_service_may_want_it_renewed_early() -> None:
    async with running(Token("one", NOW + 24 * HOUR, NOW + HOUR), token("two", born=NOW + HOUR)) as desk:
        await desk.later(0)
        await desk.later(HOUR - 1)
        assert desk.secret() == "one"
        await desk.later(1)
        assert desk.secret() == "two"


@pytest.mark.asyncio
async def test_after_a_sleep_of_the_computer_it_is_renewed_before_anybody_wants_it() -> None:
    async with running(token("one"), token("two", born=NOW + 9 * HOUR), look_s=0.001) as desk:
        await desk.later(0)
        desk.clock.now += 9 * HOUR
        with anyio.fail_after(10):
            while desk.secret() != "two":
                await anyio.lowlevel.checkpoint()
    assert desk.asked() == 2


@pytest.mark.asyncio
async def test_a_token_that_comes_again_when_it_was_refused_is_used_on_and_not_asked_about_for_a_while() -> None:
    async with running(token("one")) as desk:
        await desk.later(0)
        assert [await desk.tokens.replace("one") for _ in range(3)] == ["one"] * 3
        assert (desk.asked(), desk.secret()) == (2, "one")
        assert await desk.tokens.replace("one", "another scope") == "one"
        assert desk.asked() == 3
        desk.clock.now += AFTER_FAILURE_S
        desk.source.then(token("two"))
        assert await desk.tokens.replace("one") == "two"


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
