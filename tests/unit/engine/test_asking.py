"""Most of it is tested through `test_polishing`; here is what concerns one target alone."""

from __future__ import annotations

import json

import anyio
import pytest

from parleqd.core.polish.failure import Failure
from parleqd.core.polish.prediction import TRIED
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.polish.routing import Router
from parleqd.core.settings import Auth, Family, Provider, Strategy, Target
from parleqd.engine.asking import REASONING_FACTOR, Asker, Line, Polished, Reports, attempt_at
from parleqd.protocol.names import Reason
from tests.fakes.chat import NEVER, FakeChat, Reply, streamed
from tests.unit.engine.test_polishing import CLEAN, RAW, Desk, GivenSecret, refused

UNAUTHORISED = Reply(401, {}, [b'{"statusCode": 401, "message": "Access token is missing, invalid"}'])


class Hanging(GivenSecret):
    """A credential whose replacement never comes."""

    async def replace(self, refused: str, scope: str = "") -> str | None:
        self.secret = None
        await anyio.sleep_forever()
        return None


async def asked(
    chat: FakeChat, secret: GivenSecret, *, alone: bool = True, budget_s: float = 2.0, family: Family = Family.STANDARD
) -> Polished | Failure:
    target = Target("east", Provider.AZURE_OPENAI, Auth.AZURE_CLI, "east", "gpt-4o-mini", family=family)
    line = Line(RequestSpec(target, endpoint_of("east", Provider.AZURE_OPENAI)), secret)
    router = Router([target], Strategy.SINGLE)
    asker = Asker(chat, router, budget_s=budget_s, reports=Reports(lambda _: None), clock=lambda: 0.0)
    return await asker.ask(line, attempt_at(RAW, budget_s * REASONING_FACTOR), alone=alone)


@pytest.mark.asyncio
async def test_another_token_that_takes_long_is_not_waited_for_to_the_end() -> None:
    with anyio.fail_after(5):
        found = await asked(FakeChat(UNAUTHORISED), Hanging(), budget_s=0.2)
    assert isinstance(found, Failure)
    assert (found.reason, found.hint) == (Reason.AZ_NOT_LOGGED_IN, "az login")


@pytest.mark.asyncio
async def test_a_hint_of_no_time_at_all_is_a_short_pause_of_our_own() -> None:
    chat = FakeChat(refused(429, retry_after="0"), streamed(CLEAN))
    found = await asked(chat, GivenSecret())
    assert isinstance(found, Polished)
    assert found.text == CLEAN


@pytest.mark.asyncio
async def test_bad_luck_is_another_target_s_chance_where_there_is_one() -> None:
    chat = FakeChat(refused(503))
    found = await asked(chat, GivenSecret(), alone=False)
    assert isinstance(found, Failure)
    assert len(chat.requests) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("family", list(Family))
async def test_a_model_that_reasons_has_longer_for_its_first_word(family: Family) -> None:
    assert REASONING_FACTOR > 2
    thinking = Reply(body=[1.2, *streamed(CLEAN).body])
    found = await asked(FakeChat(thinking), GivenSecret(), alone=False, budget_s=1.0, family=family)
    assert isinstance(found, Polished) == (family is Family.REASONING)


@pytest.mark.asyncio
async def test_silence_in_the_middle_of_an_answer_is_told_as_such() -> None:
    found = await asked(
        FakeChat(Reply(body=[*streamed(CLEAN).body[:2], NEVER])), GivenSecret(), alone=False, budget_s=0.2
    )
    assert isinstance(found, Failure)
    assert found.reason is Reason.TIMEOUT
    assert "silent" in found.message


@pytest.mark.asyncio
async def test_predicted_outputs_that_cost_more_are_left_out_and_it_is_told_once() -> None:
    usage = {"prompt_tokens": 9, "completion_tokens": 9}
    details = {"accepted_prediction_tokens": 1, "rejected_prediction_tokens": 20}
    wasteful = {"choices": [], "usage": {**usage, "completion_tokens_details": details}}
    last = f"data: {json.dumps(wasteful)}\n\n".encode()
    answer = Reply(body=[*streamed(CLEAN).body[:-2], last, b"data: [DONE]\n\n"])
    chat = FakeChat(*[answer] * (TRIED + 1))
    desk = Desk(chat, predict=True)
    for _ in range(TRIED + 1):
        assert await desk.text() == CLEAN
    assert ["prediction" in json.loads(request.body) for request in chat.requests] == [*[True] * TRIED, False]
    assert len(desk.advice) == 1
    assert "predict = false" in desk.advice[0]
