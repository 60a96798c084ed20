from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import anyio
import pytest

from parleqd.core.polish.failures import Breakage
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.polish.routing import Health
from parleqd.core.session.outcome import Problem
from parleqd.core.settings import Auth, Family, Provider, Strategy, Target
from parleqd.engine.asking import TOO_LATE, Line, Polished, Reports
from parleqd.engine.polishing import Polisher
from parleqd.protocol.names import Reason
from tests.fakes.chat import NEVER, FakeChat, Reply, broken, streamed
from tests.fakes.log import MemoryLog

RAW = "um so the the meeting is on friday"
CLEAN = "So the meeting is on Friday."


class GivenSecret:
    """A credential that a test changes."""

    def __init__(self, secret: str | None = "key", replacement: str | None = None) -> None:
        self.secret = secret
        self.absence = Problem(Reason.AZ_NOT_LOGGED_IN, "nobody is logged in", "az login")
        self.problem: Problem | None = None
        self.wanted = 0
        self.settled: list[bool] = []
        self.replaced: list[tuple[str, str]] = []
        self._replacement = replacement

    def want(self) -> None:
        self.wanted += 1

    async def settle(self, *, patient: bool) -> None:
        self.settled.append(patient)

    async def replace(self, refused: str, scope: str = "") -> str | None:
        self.replaced.append((refused, scope))
        self.secret = self._replacement
        return self.secret

    async def run(self) -> None:
        await anyio.sleep_forever()


def refused(status: int, code: str = "", param: str = "", **headers: str) -> Reply:
    error = {"error": {"code": code, "message": "so it is", "param": param}}
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, told, [json.dumps(error).encode()])


class Desk:
    """A polisher over some targets: ``east`` and, with ``west``, another."""

    def __init__(
        self,
        chat: FakeChat,
        *names: str,
        secret: GivenSecret | None = None,
        budget_s: float = 5.0,
        family: Family = Family.STANDARD,
        host: str = "",
        trusted: Sequence[str] = (),
        predict: bool = False,
    ) -> None:
        self.chat, self.log, self.advice = chat, MemoryLog(), list[str]()
        self.secret = secret or GivenSecret()
        self._predict = predict
        lines = [
            self._line(name, family, host or f"{name}.openai.azure.com", tuple(trusted)) for name in names or ("east",)
        ]
        self.polisher = Polisher(
            lines,
            Strategy.FALLBACK,
            chat,
            self.log,
            budget_s=budget_s,
            reports=Reports(self.advice.append),
            clock=lambda: 1_700_000_000.0,
        )

    def _line(self, name: str, family: Family, host: str, trusted: tuple[str, ...]) -> Line:
        target = Target(
            name, Provider.AZURE_OPENAI, Auth.API_KEY, host, "gpt-4o-mini", family=family, trusted_hosts=trusted
        )
        return Line(RequestSpec(target, endpoint_of(host, Provider.AZURE_OPENAI), self._predict), self.secret)

    async def text(self, raw: str = RAW) -> str:
        found = await self.polisher.polish(raw)
        assert isinstance(found, Polished), found
        return found.text

    async def problem(self, raw: str = RAW) -> Problem:
        found = await self.polisher.polish(raw)
        assert isinstance(found, Problem), found
        return found

    def hosts(self) -> list[str]:
        return [request.url.split("/")[2].split(".")[0] for request in self.chat.requests]


@pytest.mark.asyncio
async def test_a_text_is_cleaned_and_what_it_cost_is_known() -> None:
    desk = Desk(FakeChat(streamed(CLEAN)))
    found = await desk.polisher.polish(RAW)
    assert isinstance(found, Polished)
    assert (found.text, found.target) == (CLEAN, "east")
    assert found.usage is not None
    assert (found.usage.prompt, found.usage.completion) == (100, 9)
    (fields,) = desk.log.fields("polished")
    assert (fields["target"], fields["characters"]) == ("east", len(CLEAN))
    (request,) = desk.chat.requests
    assert request.url.startswith("https://east.openai.azure.com/openai/deployments/gpt-4o-mini/chat/completions?")
    assert request.headers["api-key"] == "key"
    assert desk.chat.left_early == 0


@pytest.mark.asyncio
async def test_terms_are_told_to_the_target_and_may_stand_in_its_answer() -> None:
    raw, answer = "the meeting is with really fort on friday", "The meeting is with Villefort on Friday."
    desk = Desk(FakeChat(streamed(answer), streamed(answer)))
    found = await desk.polisher.polish(raw, "en", ["Villefort"])
    assert isinstance(found, Polished), found
    assert found.text == answer
    assert isinstance(await desk.polisher.polish(raw, "en"), Problem)
    assert [b"Villefort" in request.body for request in desk.chat.requests] == [True, False]


@pytest.mark.asyncio
async def test_the_text_is_sent_and_the_answer_compared_with_it_and_with_what_was_heard() -> None:
    raw, text = "um it is on friday no monday at five", "It is on Monday at 5."
    desk = Desk(FakeChat(streamed("It is on Monday at five."), streamed("It is on Friday at five.")))
    found = await desk.polisher.polish(text, raw=raw)
    assert isinstance(found, Polished), found
    withdrawn = await desk.polisher.polish(text, raw=raw)
    assert isinstance(withdrawn, Problem)
    assert withdrawn.reason is Reason.GUARD_REJECTED
    assert all(text.encode() in request.body and raw.encode() not in request.body for request in desk.chat.requests)


@pytest.mark.asyncio
async def test_a_server_that_keeps_a_finished_answer_open_delays_nobody() -> None:
    desk = Desk(FakeChat(Reply(body=[*streamed(CLEAN).body, NEVER])))
    assert await desk.text() == CLEAN
    assert desk.chat.left_early == 1


@pytest.mark.asyncio
async def test_a_connection_that_breaks_behind_a_finished_answer_harms_nobody() -> None:
    desk = Desk(FakeChat(Reply(body=[*streamed(CLEAN).body, Breakage.RESET])))
    assert await desk.text() == CLEAN


@pytest.mark.asyncio
async def test_a_parameter_that_is_refused_is_left_out_from_then_on_and_the_setting_named_once() -> None:
    chat = FakeChat(
        refused(400, "unsupported_parameter", "max_tokens"),
        refused(400, "unsupported_value", "temperature"),
        streamed(CLEAN),
        streamed(CLEAN),
    )
    desk = Desk(chat)
    assert await desk.text() == CLEAN
    assert await desk.text() == CLEAN
    bodies = [json.loads(request.body) for request in chat.requests]
    assert ["max_tokens" in body for body in bodies] == [True, False, False, False]
    assert ["temperature" in body for body in bodies] == [True, True, False, False]
    assert len(desk.advice) == 1
    assert 'family = "reasoning"' in desk.advice[0]


@pytest.mark.asyncio
async def test_a_parameter_that_is_refused_twice_is_a_failure() -> None:
    chat = FakeChat(*[refused(400, "unsupported_parameter", "temperature")] * 2)
    assert (await Desk(chat).problem()).reason in (Reason.WRONG_FAMILY, Reason.BAD_REQUEST)
    assert len(chat.requests) == 2


@pytest.mark.asyncio
async def test_a_key_that_is_refused_is_replaced_at_most_once() -> None:
    unauthorised = Reply(401, {}, [b'{"statusCode": 401, "message": "Access token is missing, invalid"}'])
    target = Target("east", Provider.AZURE_OPENAI, Auth.AZURE_CLI, "east", "d")
    for replies, good in (([unauthorised, streamed(CLEAN)], True), ([unauthorised, unauthorised], False)):
        secret = GivenSecret("old", "new")
        line = Line(RequestSpec(target, endpoint_of("east", Provider.AZURE_OPENAI)), secret)
        chat = FakeChat(*replies)
        polisher = Polisher([line], Strategy.SINGLE, chat, MemoryLog(), budget_s=5.0, reports=Reports(lambda _: None))
        found = await polisher.polish(RAW)
        assert isinstance(found, Polished) is good
        assert [request.headers["authorization"] for request in chat.requests] == ["Bearer old", "Bearer new"]
        assert [refused for refused, _ in secret.replaced] == ["old"]


@pytest.mark.asyncio
async def test_who_turns_out_to_be_signed_out_when_the_token_is_refused_is_told_how_to_sign_in() -> None:
    target = Target("east", Provider.AZURE_OPENAI, Auth.AZURE_CLI, "east", "d")
    line = Line(RequestSpec(target, endpoint_of("east", Provider.AZURE_OPENAI)), GivenSecret("old", None))
    chat = FakeChat(Reply(401, {}, [b'{"statusCode": 401, "message": "Access token is missing, invalid"}']))
    polisher = Polisher([line], Strategy.SINGLE, chat, MemoryLog(), budget_s=5.0, reports=Reports(lambda _: None))
    found = await polisher.polish(RAW)
    assert isinstance(found, Problem)
    assert (found.reason, found.hint) == (Reason.AZ_NOT_LOGGED_IN, "az login")


@pytest.mark.asyncio
async def test_without_a_credential_nothing_is_sent_and_the_reason_is_told_each_time() -> None:
    desk = Desk(FakeChat(), secret=GivenSecret(None))
    for _ in range(3):
        problem = await desk.problem()
        assert (problem.reason, problem.hint) == (Reason.AZ_NOT_LOGGED_IN, "az login")
    assert desk.chat.requests == []


@pytest.mark.asyncio
async def test_signing_in_is_waited_for_only_where_nobody_has_spoken() -> None:
    desk = Desk(FakeChat(), secret=GivenSecret(None))
    await desk.polisher.polish(RAW)
    assert (desk.secret.wanted, desk.secret.settled) == (0, [False])
    await desk.polisher.polish(RAW, patient=True)
    assert (desk.secret.wanted, desk.secret.settled) == (1, [False, True])


@pytest.mark.asyncio
async def test_no_key_goes_to_a_host_that_nobody_confirmed() -> None:
    stranger = Desk(FakeChat(), host="https://gateway.example.com/x")
    problem = await stranger.problem()
    assert (problem.reason, "trusted_hosts" in problem.hint) == (Reason.NOT_CONFIGURED, True)
    assert stranger.chat.requests == []
    known = Desk(FakeChat(streamed(CLEAN)), host="https://gateway.example.com/x", trusted=["gateway.example.com"])
    assert await known.text() == CLEAN


@pytest.mark.asyncio
async def test_another_target_takes_over_at_once_and_the_dead_one_is_left_alone() -> None:
    chat = FakeChat(
        hosts={
            "east.openai.azure.com": [broken(Breakage.CONNECT)],
            "west.openai.azure.com": [streamed(CLEAN), streamed(CLEAN)],
        }
    )
    desk = Desk(chat, "east", "west")
    assert await desk.text() == CLEAN
    assert await desk.text() == CLEAN
    assert desk.hosts() == ["east", "west", "west"]


@pytest.mark.asyncio
async def test_a_lone_target_is_asked_again_after_bad_luck() -> None:
    desk = Desk(FakeChat(refused(503), streamed(CLEAN)))
    assert await desk.text() == CLEAN


@pytest.mark.asyncio
async def test_a_wait_that_ends_too_late_is_not_begun() -> None:
    desk = Desk(FakeChat(refused(429, retry_after="86400")))
    assert (await desk.problem()).reason is Reason.RATE_LIMITED
    assert len(desk.chat.requests) == 1


@pytest.mark.asyncio
async def test_when_all_targets_rest_it_is_said_and_nobody_is_asked() -> None:
    desk = Desk(FakeChat(refused(429, retry_after="86400")))
    await desk.problem()
    assert (await desk.problem()).reason is Reason.COOLING_DOWN
    assert len(desk.chat.requests) == 1


@pytest.mark.asyncio
async def test_the_budget_ends_a_request_and_closes_it() -> None:
    desk = Desk(FakeChat(Reply(body=[NEVER])), budget_s=0.05)
    problem = await desk.problem()
    assert problem.reason is Reason.TIMEOUT
    assert (desk.chat.open, desk.chat.left_early) == (0, 1)


@pytest.mark.asyncio
async def test_who_never_answers_within_the_budget_is_not_asked_by_the_next_dictation() -> None:
    desk = Desk(FakeChat(Reply(body=[NEVER])), budget_s=0.05)
    await desk.problem()
    assert (await desk.problem()).reason is Reason.COOLING_DOWN


@pytest.mark.asyncio
async def test_a_long_answer_that_comes_too_late_says_nothing_of_the_target_s_health() -> None:
    talking = [step for _ in range(20) for step in (streamed(CLEAN).body[1], 0.02)]
    desk = Desk(FakeChat(Reply(body=talking), streamed(CLEAN)), budget_s=0.2)
    assert (await desk.problem()).reason is Reason.TIMEOUT
    assert await desk.text() == CLEAN


@pytest.mark.asyncio
async def test_whoever_comes_behind_a_slow_one_has_what_is_left_and_is_not_blamed_for_it() -> None:
    slow = Reply(body=[0.25, *refused(503).body], status=503)
    chat = FakeChat(hosts={"east.openai.azure.com": [slow], "west.openai.azure.com": [streamed(CLEAN)]})
    desk = Desk(chat, "east", "west", budget_s=0.2, family=Family.REASONING)
    assert await desk.text() == CLEAN
    never = Reply(body=[NEVER])
    chat = FakeChat(hosts={"east.openai.azure.com": [never], "west.openai.azure.com": [streamed(CLEAN)]})
    desk = Desk(chat, "east", "west", budget_s=0.1, family=Family.REASONING)
    await desk.polisher.polish(RAW)
    assert [target.health for target in desk.polisher.health()][1] is Health.HEALTHY


@pytest.mark.asyncio
async def test_who_is_late_again_and_again_is_held_to_be_ailing() -> None:
    talking = [step for _ in range(20) for step in (streamed(CLEAN).body[1], 0.02)]
    desk = Desk(FakeChat(*[Reply(body=talking)] * TOO_LATE), budget_s=0.2)
    reasons = [(await desk.problem()).reason for _ in range(TOO_LATE + 1)]
    assert reasons == [*[Reason.TIMEOUT] * TOO_LATE, Reason.COOLING_DOWN]


@pytest.mark.asyncio
async def test_a_model_that_reasons_may_take_longer_and_no_other() -> None:
    slow = Reply(body=[0.3, *streamed(CLEAN).body])
    assert await Desk(FakeChat(slow), budget_s=0.2, family=Family.REASONING).text() == CLEAN
    assert (await Desk(FakeChat(slow), budget_s=0.2).problem()).reason is Reason.TIMEOUT


@pytest.mark.asyncio
async def test_a_target_that_is_slow_to_begin_is_left_for_another() -> None:
    chat = FakeChat(hosts={"east.openai.azure.com": [Reply(body=[NEVER])], "west.openai.azure.com": [streamed(CLEAN)]})
    assert await Desk(chat, "east", "west", budget_s=0.5).text() == CLEAN


@pytest.mark.parametrize("targets", [("east",), ("east", "west")])
@pytest.mark.asyncio
async def test_an_answer_that_stands_still_is_asked_for_again(targets: tuple[str, ...]) -> None:
    stalled = Reply(body=[*streamed(CLEAN).body[:2], NEVER])
    desk = Desk(FakeChat(stalled, streamed(CLEAN)), *targets, budget_s=1.5)
    assert await desk.text() == CLEAN
    assert desk.hosts() == [targets[0], targets[-1]]
    assert desk.chat.open == 0


@pytest.mark.asyncio
async def test_an_answer_may_take_longer_than_any_of_its_pauses() -> None:
    pieces = [step for piece in streamed(CLEAN).body for step in (piece, 0.08)]
    assert await Desk(FakeChat(Reply(body=pieces)), "east", "west", budget_s=1.0).text() == CLEAN


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(body=streamed(CLEAN).body[:3]), Reason.TRUNCATED),
        (streamed("I'm sorry, I cannot help with that."), Reason.GUARD_REJECTED),
        (streamed("The capital of France is Paris, and it has many museums."), Reason.GUARD_REJECTED),
        (Reply(body=[b"<html>busy</html>"]), Reason.MALFORMED_RESPONSE),
        (broken(Breakage.TLS), Reason.TLS_ERROR),
        (refused(403, "AccessDenied"), Reason.PERMISSION_DENIED),
    ],
)
@pytest.mark.asyncio
async def test_what_is_no_cleanup_is_a_problem(reply: Reply, reason: Reason) -> None:
    desk = Desk(FakeChat(*[reply] * 3))
    assert (await desk.problem()).reason in (reason, Reason.NETWORK_BLOCKED)
    assert RAW not in repr(desk.log.records)


@pytest.mark.asyncio
async def test_at_key_down_connections_are_warmed_and_credentials_wanted_at_its_end_connections_alone() -> None:
    async with running(Desk(FakeChat(), "east", "west")) as desk:
        for begins, warmed in ((True, 2), (False, 4)):
            desk.polisher.prepare(begins=begins)
            await anyio.wait_all_tasks_blocked()
            assert len(desk.chat.warmed) == warmed
            assert desk.secret.wanted == 2
        assert desk.chat.requests == []


@pytest.mark.asyncio
async def test_what_was_prepared_before_it_runs_is_warmed_when_it_does() -> None:
    desk = Desk(FakeChat())
    desk.polisher.prepare()
    async with running(desk):
        assert len(desk.chat.warmed) == 1


@pytest.mark.asyncio
async def test_a_target_that_rests_is_not_even_warmed() -> None:
    async with running(Desk(FakeChat(refused(429, retry_after="30")))) as desk:
        assert (await desk.problem()).reason is Reason.RATE_LIMITED
        desk.polisher.prepare()
        await anyio.wait_all_tasks_blocked()
        assert desk.chat.warmed == []


@asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[Desk]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.polisher.run)
        await anyio.wait_all_tasks_blocked()
        yield desk
        tasks.cancel_scope.cancel()
