"""The whole polished cleanup at LLMock's v1 URL: every fault ends in a text, and LLMock approves of how."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import anyio.to_thread
import pytest

from parleqd.protocol.names import Mode, Reason
from tests.cleaning import POLISHED, azure, cleaning
from tests.llmock import Behaviour, LLMock, running_llmock

pytestmark = pytest.mark.timeout(60)  # a web framework starts

REPLY: Behaviour = {"type": "reply", "text": POLISHED, "times": None}


def fail(status: int, times: int | None = 1, **more: object) -> Behaviour:
    return {"type": "fail", "status": status, "times": times, **more}


def cut(kind: str, times: int | None = 1) -> Behaviour:
    """In the middle of the answer; a stall never ends by itself."""
    return {"type": "stream_fault", "kind": kind, "after_chunks": 3, "stall_seconds": 60, "times": times}


class Case(NamedTuple):
    """What goes wrong, what the requests are answered with, and the reason, if there is no polished text."""

    fault: Behaviour
    statuses: list[int]
    reason: Reason | None = None
    budget_s: float = 4.0


ONCE = {
    "429 with a hint": Case(fail(429, retry_after=1.2), [429, 200]),
    "503 twice": Case(fail(503, times=2, retry_after=0.3), [503, 503, 200]),
    "400": Case(fail(400), [400], Reason.BAD_REQUEST),
    "truncate": Case(cut("truncate"), [200, 200]),
    "stall": Case(cut("stall"), [200, 200], budget_s=3.0),
    "malformed": Case(cut("malformed"), [200, 200]),
    "disconnect": Case(cut("disconnect"), [200, 200]),
}
FOR_GOOD = {
    "429": Case(fail(429, None, retry_after=0.1), [429] * 3, Reason.RATE_LIMITED),
    "429 for a day": Case(fail(429, None, retry_after=86400), [429], Reason.RATE_LIMITED),
    "503": Case(fail(503, None, retry_after=0.1), [503] * 3, Reason.SERVICE_UNAVAILABLE),
    "truncate": Case(cut("truncate", None), [200] * 3, Reason.TRUNCATED),
    "stall": Case(cut("stall", None), [200] * 2, Reason.TIMEOUT, budget_s=1.5),
    "malformed": Case(cut("malformed", None), [200] * 3, Reason.MALFORMED_RESPONSE),
    "disconnect": Case(cut("disconnect", None), [200] * 3, Reason.NETWORK_ERROR),
}


@pytest.fixture(scope="module")
def llmock() -> Iterator[LLMock]:
    with running_llmock() as running:
        yield running


@pytest.mark.asyncio
@pytest.mark.parametrize("case", ONCE.values(), ids=ONCE)
async def test_a_fault_that_passes_is_taken_as_the_judge_wants_it(llmock: LLMock, case: Case) -> None:
    await the_text_comes(llmock, case)
    verdict = await anyio.to_thread.run_sync(llmock.verdict)
    assert (verdict["passed"], verdict["findings"]) == (True, [])
    assert (verdict["calls"], verdict["attempts"]) == (1, len(case.statuses))


@pytest.mark.asyncio
@pytest.mark.parametrize("case", FOR_GOOD.values(), ids=FOR_GOOD)
async def test_a_fault_that_stays_ends_in_the_devices_text_with_its_reason(llmock: LLMock, case: Case) -> None:
    await the_text_comes(llmock, case)


async def the_text_comes(llmock: LLMock, case: Case) -> None:
    async with cleaning(azure(llmock.resource), budget_s=case.budget_s) as cleaner:
        await anyio.to_thread.run_sync(llmock.play, [case.fault, REPLY])
        cleaned = await cleaner.clean()
        instant = await cleaner.instant()
    assert await anyio.to_thread.run_sync(llmock.statuses) == case.statuses
    if case.reason is None:
        assert (cleaned.text, cleaned.used, cleaned.fallback) == (POLISHED, Mode.POLISHED, None)
        return
    assert (cleaned.text, cleaned.used) == (instant, Mode.INSTANT)
    assert cleaned.fallback is not None
    assert cleaned.fallback.reason is case.reason
    assert cleaned.fallback.message
    assert cleaned.fallback.hint
