from __future__ import annotations

import json

import anyio
import pytest

from parleqd.core.polish.error_body import LONGEST_BODY
from parleqd.core.polish.failure import Failure, Remedy
from parleqd.core.polish.failures import Breakage
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.polish.stream import Answer
from parleqd.core.ports import ChatRequest
from parleqd.core.settings import Auth, Provider, Target
from parleqd.engine.exchange import Exchange
from parleqd.protocol.names import Reason
from tests.fakes.chat import NEVER, FakeChat, Reply, Step, broken

TARGET = Target("east", Provider.AZURE_OPENAI, Auth.API_KEY, "east", "d")
SPEC = RequestSpec(TARGET, endpoint_of("east", Provider.AZURE_OPENAI))
SECRET = "canaryWithoutDigitsOrSigns"
ASKED = ChatRequest(SPEC.url, {"api-key": SECRET}, b"{}")


def event(chunk: object) -> bytes:
    return f"data: {json.dumps(chunk)}\n\n".encode()


def text(content: str) -> bytes:
    return event({"choices": [{"delta": {"content": content}}]})


FINISHED = event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
END = b"data: [DONE]\n\n"


async def outcome(*body: Step, status: int = 200) -> tuple[Answer | Failure, Exchange, FakeChat, int]:
    """What became of it, and how often it was told that text comes."""
    chat = FakeChat(Reply(status, {"apim-request-id": "r1"}, body))
    told: list[None] = []
    exchange = Exchange(chat, SPEC, lambda: 0.0, lambda: told.append(None))
    return await exchange.run(ASKED), exchange, chat, len(told)


@pytest.mark.asyncio
async def test_an_answer_is_read_to_its_end_so_that_the_connection_can_be_used_again() -> None:
    result, exchange, chat, told = await outcome(event({"choices": []}), text("So "), text("it is."), FINISHED, END)
    assert isinstance(result, Answer)
    assert result.text == "So it is."
    assert exchange.answered
    assert exchange.headers == {"apim-request-id": "r1"}
    assert exchange.first_text_ms is not None
    assert chat.left_early == 0
    assert told == 4  # all that came from the first text on


@pytest.mark.asyncio
@pytest.mark.parametrize("after", [NEVER, Breakage.RESET])
async def test_what_happens_behind_the_end_mark_harms_nobody(after: Step) -> None:
    result, _, chat, _ = await outcome(text("So."), FINISHED, END, after)
    assert isinstance(result, Answer)
    assert chat.left_early == 1


@pytest.mark.asyncio
async def test_an_answer_that_said_it_is_finished_counts_though_its_end_mark_is_missing() -> None:
    result, _, _, _ = await outcome(text("So."), FINISHED, Breakage.RESET)
    assert isinstance(result, Answer)
    assert result.text == "So."


@pytest.mark.asyncio
async def test_an_answer_that_breaks_off_is_a_failure_of_the_connection() -> None:
    result, exchange, _, _ = await outcome(text("So."), Breakage.RESET)
    assert isinstance(result, Failure)
    assert (result.reason, exchange.breakage) == (Reason.NETWORK_ERROR, Breakage.RESET)
    assert "scripted" in result.message


@pytest.mark.asyncio
async def test_no_answer_at_all_is_told_by_how_the_connection_failed() -> None:
    exchange = Exchange(FakeChat(broken(Breakage.DNS)), SPEC, lambda: 0.0)
    result = await exchange.run(ASKED)
    assert isinstance(result, Failure)
    assert (exchange.headers, exchange.answered, exchange.breakage) == (None, False, Breakage.DNS)
    assert "scripted" not in result.message  # a name was not found: there is no more to say


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "breakage, reason, named, fail_over",
    [
        (Breakage.CA_FILE, Reason.TLS_ERROR, "cleanup.ca_file", False),
        (Breakage.PROXY, Reason.NETWORK_ERROR, "HTTPS_PROXY", True),
    ],
)
async def test_what_is_wrong_on_this_machine_is_no_server_s_fault_and_not_tried_again(
    breakage: Breakage, reason: Reason, named: str, fail_over: bool
) -> None:
    result = await Exchange(FakeChat(broken(breakage)), SPEC, lambda: 0.0).run(ASKED)
    assert isinstance(result, Failure)
    assert (result.reason, result.remedy, result.ails) == (reason, Remedy.NOTHING, False)
    assert result.fail_over is fail_over
    assert result.message.startswith("nothing was sent to ")
    assert result.message.endswith("(scripted)")  # what is at fault: a setting, a variable
    assert named in result.hint
    assert "clock" not in result.hint


@pytest.mark.asyncio
async def test_of_a_refusal_no_more_is_read_than_anybody_has_to_say() -> None:
    result, exchange, chat, _ = await outcome(b"x" * LONGEST_BODY, NEVER, status=503)
    assert isinstance(result, Failure)
    assert (result.reason, exchange.answered, chat.left_early) == (Reason.SERVICE_UNAVAILABLE, False, 1)


@pytest.mark.asyncio
async def test_what_is_known_can_be_read_after_a_cancellation() -> None:
    exchange = Exchange(FakeChat(Reply(body=[text("So"), NEVER])), SPEC, lambda: 0.0)
    with anyio.move_on_after(0.05):
        await exchange.run(ASKED)
    assert exchange.answered
    assert exchange.first_text_ms is not None


@pytest.mark.asyncio
@pytest.mark.parametrize("after", [NEVER, Breakage.RESET])
async def test_a_refusal_counts_though_what_it_says_never_comes_to_its_end(after: Step) -> None:
    chat = FakeChat(Reply(429, {"retry-after": "30", "apim-request-id": "r1"}, [b'{"error":', after]))
    with anyio.fail_after(5):
        result = await Exchange(chat, SPEC, lambda: 0.0).run(ASKED)
    assert isinstance(result, Failure)
    assert (result.reason, result.retry_after_s, result.request_id) == (Reason.RATE_LIMITED, 30, "r1")


@pytest.mark.asyncio
@pytest.mark.parametrize("authorised", [{"api-key": SECRET}, {"authorization": f"Bearer {SECRET}"}])
async def test_a_key_in_the_model_s_name_is_not_passed_on(authorised: dict[str, str]) -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
    for name in (SECRET, escaped, SECRET[1:-1]):
        sent = (event({"model": "m-NAME", "choices": []}).replace(b"NAME", name.encode())) + text("So.") + FINISHED
        chat = FakeChat(Reply(headers={"x-ms-region": f"r-{SECRET}"}, body=[sent[:30], sent[30:], END]))
        exchange = Exchange(chat, SPEC, lambda: 0.0)
        result = await exchange.run(ChatRequest(SPEC.url, authorised, b"{}"))
        assert isinstance(result, Answer)
        assert (result.model, result.text) == ("m-", "So.")
        assert exchange.headers == {"x-ms-region": "r-"}


@pytest.mark.asyncio
@pytest.mark.parametrize("status", [200, 401, 500])
async def test_a_key_in_what_a_refusal_says_is_not_passed_on(status: int) -> None:
    error = {"code": SECRET, "message": f"audience https://{SECRET}"}
    said = event({"error": error}) if status == 200 else json.dumps({"error": error}).encode()
    target = Target("east", Provider.AZURE_OPENAI, Auth.AZURE_CLI, "east", "d")
    chat = FakeChat(Reply(status, {"apim-request-id": f"r-{SECRET}"}, [said]))
    exchange = Exchange(chat, RequestSpec(target, SPEC.endpoint), lambda: 0.0)
    result = await exchange.run(ASKED)
    assert isinstance(result, Failure)
    assert SECRET not in repr(result)
    assert result.request_id == "r-"
