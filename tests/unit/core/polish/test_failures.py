from __future__ import annotations

import json
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.polish.failure import Failure, Remedy
from parleqd.core.polish.failures import (
    Breakage,
    failure_of,
    filtered_failure,
    streamed_failure,
    transport_failure,
    where,
)
from parleqd.core.polish.request import RequestSpec
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.settings.sections import Auth, Family, Provider, Target
from parleqd.protocol.names import Reason

NOW = 1_700_000_000.0
HOST = "my-openai.openai.azure.com"


def spec_of(
    auth: Auth = Auth.API_KEY, provider: Provider = Provider.AZURE_OPENAI, family: Family = Family.STANDARD
) -> RequestSpec:
    resource = "my-openai" if provider is Provider.AZURE_OPENAI else "https://api.openai.com/v1"
    target = Target("eastus", provider, auth, resource, "gpt-4o-mini", family=family)
    return RequestSpec(target, endpoint_of(resource, provider))


KEY, CLI, OPENAI = spec_of(), spec_of(Auth.AZURE_CLI), spec_of(provider=Provider.OPENAI)
REASONING = spec_of(family=Family.REASONING)
GATEWAY = RequestSpec(
    Target("gateway", Provider.AZURE_OPENAI, Auth.API_KEY, "https://gateway.example/x", "gpt-4o-mini"),
    endpoint_of("https://gateway.example/x", Provider.AZURE_OPENAI),
)


def fail(status: int, body: object, spec: RequestSpec = KEY, headers: dict[str, str] | None = None) -> Failure:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return failure_of(status, headers or {}, data, spec, NOW)


def error(message: str, code: object = None, **more: object) -> dict[str, object]:
    return {"error": {"code": code, "message": message, **more}}


class Row(NamedTuple):
    """One way to fail, and what must come of it. ``tells``: parts of message and hint."""

    status: int
    body: object
    reason: Reason
    outcome: tuple[Remedy, bool, bool]
    tells: tuple[str, ...]
    spec: RequestSpec = KEY


NO_ACTION = (
    "The principal `1` lacks the required data action `Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/"
    "completions/action` to perform `POST /openai/deployments/{deployment-id}/chat/completions` operation."
)
NO_TOKEN = {
    "statusCode": 401,
    "message": "Unauthorized. Access token is missing, invalid, audience is incorrect "
    "(https://cognitiveservices.azure.com), or have expired.",
}
FILTERED = {
    "error": {
        "message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        "param": "prompt", "code": "content_filter", "status": 400,
        "innererror": {"code": "ResponsibleAIPolicyViolation",
                       "content_filter_result": {"violence": {"filtered": True, "severity": "high"},
                                                 "hate": {"filtered": False, "severity": "safe"}}},
    }
}  # fmt: skip
JAILBREAK = error("x", "content_filter", inner_error={"content_filter_results": {"jailbreak": {"filtered": True}}})
NO_MAX_TOKENS = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
)
NO_TEMPERATURE = "'temperature' does not support 0.2 with this model. Only the default (1) value is supported."
NO_DEPLOYMENT = (
    "The API deployment for this resource does not exist. "
    "If you created the deployment within the last 5 minutes, please wait."
)
QUOTA = "Requests have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 45 seconds."

# remedy, whether another target may do better, whether it says something of the target's health
FINAL = (Remedy.NOTHING, False, False)
REPAIR = (Remedy.REPAIR, False, False)
ELSEWHERE = (Remedy.NOTHING, True, True)
NEW_TOKEN = (Remedy.NEW_TOKEN, True, True)
AGAIN = (Remedy.AGAIN, True, True)

ROWS = {
    "filtered": Row(400, FILTERED, Reason.CONTENT_FILTERED, FINAL, ("violence", HOST)),
    "filtered, spelled otherwise": Row(400, JAILBREAK, Reason.CONTENT_FILTERED, FINAL, ("jailbreak", HOST)),
    "filtered, without more": Row(
        400, error("x", "content_filter"), Reason.CONTENT_FILTERED, FINAL, ("content filter",)
    ),
    "max_tokens": Row(
        400,
        error(NO_MAX_TOKENS, "unsupported_parameter", param="max_tokens"),
        Reason.WRONG_FAMILY,
        REPAIR,
        ('family = "reasoning"', "max_tokens"),
    ),
    "temperature": Row(
        400,
        error(NO_TEMPERATURE, "unsupported_value", param="temperature"),
        Reason.WRONG_FAMILY,
        REPAIR,
        ('family = "reasoning"', "temperature"),
    ),
    "temperature without code": Row(
        400, error("Unsupported parameter: 'temperature'"), Reason.WRONG_FAMILY, REPAIR, ("temperature",)
    ),
    "max_tokens without param": Row(400, error(NO_MAX_TOKENS), Reason.WRONG_FAMILY, REPAIR, ("parameter max_tokens",)),
    "other family": Row(
        400,
        error("Unknown parameter: 'max_completion_tokens'."),
        Reason.WRONG_FAMILY,
        REPAIR,
        ('family = "standard"',),
        REASONING,
    ),
    "stream_options": Row(
        400,
        error("Unknown parameter: 'stream_options'.", "unknown_parameter", param="stream_options"),
        Reason.BAD_REQUEST,
        REPAIR,
        ("api_version", "stream_options"),
    ),
    "unprocessable": Row(422, error("x", param="prediction.content"), Reason.BAD_REQUEST, REPAIR, ("prediction",)),
    "unknown name": Row(
        400,
        error("Unknown parameter: 'foo'.", "unknown_parameter", param="foo"),
        Reason.BAD_REQUEST,
        FINAL,
        ("unknown_parameter",),
    ),
    "too long": Row(400, error("x", "context_length_exceeded"), Reason.BAD_REQUEST, FINAL, ("shorter",)),
    "too long, in words": Row(
        400,
        error("This model's maximum context length is 4096 tokens.", 400, type="BadRequestError"),
        Reason.BAD_REQUEST,
        FINAL,
        ("shorter",),
    ),
    "a gateway's own error": Row(
        400, error("No connected db.", "400"), Reason.BAD_REQUEST, FINAL, ("gateway", "key", "deployment"), GATEWAY
    ),
    "invalid": Row(
        400, error("x", None, type="invalid_request_error"), Reason.BAD_REQUEST, FINAL, ("invalid_request_error",)
    ),
    "no chat": Row(400, error("x", "OperationNotSupported"), Reason.BAD_REQUEST, FINAL, ("chat completions",)),
    "regional host": Row(
        400,
        error("Please provide a custom subdomain for token authentication"),
        Reason.BAD_REQUEST,
        FINAL,
        ("own host name",),
        CLI,
    ),
    "plain text": Row(400, b"No connected db.", Reason.BAD_REQUEST, FINAL, ("400",)),
    "wrong key": Row(
        401,
        error("Access denied due to invalid subscription key or wrong API endpoint.", "401"),
        Reason.KEY_REJECTED,
        ELSEWHERE,
        ("key", HOST, "parleqctl secret set eastus"),
    ),
    "wrong key, no error": Row(401, NO_TOKEN, Reason.KEY_REJECTED, ELSEWHERE, ("key",)),
    "stale token": Row(
        401, NO_TOKEN, Reason.TOKEN_FAILED, NEW_TOKEN, ("az login", "https://cognitiveservices.azure.com"), CLI
    ),
    "pasted token": Row(401, NO_TOKEN, Reason.TOKEN_FAILED, ELSEWHERE, ("new token",), spec_of(Auth.TOKEN)),
    "stale secret": Row(401, b"", Reason.TOKEN_FAILED, NEW_TOKEN, ("AZURE_CLIENT_ID",), spec_of(Auth.CLIENT_SECRET)),
    "identity": Row(401, b"", Reason.TOKEN_FAILED, NEW_TOKEN, ("identity",), spec_of(Auth.MANAGED_IDENTITY)),
    "federation": Row(401, b"", Reason.TOKEN_FAILED, NEW_TOKEN, ("federated",), spec_of(Auth.WORKLOAD_IDENTITY)),
    "no role": Row(
        401,
        error(NO_ACTION, "PermissionDenied"),
        Reason.PERMISSION_DENIED,
        ELSEWHERE,
        ("Cognitive Services OpenAI User", "gpt-4o-mini"),
        CLI,
    ),
    "no access": Row(
        401,
        error("Principal does not have access to API/Operation."),
        Reason.PERMISSION_DENIED,
        ELSEWHERE,
        ("Cognitive Services OpenAI User",),
        CLI,
    ),
    "firewall": Row(
        403,
        error("Access denied due to Virtual Network/Firewall rules.", "403"),
        Reason.NETWORK_BLOCKED,
        ELSEWHERE,
        ("VPN", HOST),
    ),
    "private": Row(
        403,
        error("Public access is disabled. Please configure private endpoint.", "AccessDenied"),
        Reason.NETWORK_BLOCKED,
        ELSEWHERE,
        ("VPN",),
    ),
    "suspended": Row(
        403,
        error("This resource has been temporarily blocked because…", "403"),
        Reason.PERMISSION_DENIED,
        ELSEWHERE,
        ("blocked",),
    ),
    "no keys": Row(403, error("x", "AuthenticationTypeDisabled"), Reason.PERMISSION_DENIED, ELSEWHERE, ("azure-cli",)),
    "forbidden": Row(403, b"<html>", Reason.PERMISSION_DENIED, ELSEWHERE, ("Cognitive Services OpenAI User",)),
    "forbidden elsewhere": Row(403, b"", Reason.PERMISSION_DENIED, ELSEWHERE, ("project",), OPENAI),
    "no deployment": Row(
        404,
        error(NO_DEPLOYMENT, "DeploymentNotFound"),
        Reason.DEPLOYMENT_NOT_FOUND,
        ELSEWHERE,
        ('deployment "gpt-4o-mini"', HOST),
    ),
    "no deployment, 400": Row(
        400, error("x", "DeploymentNotFound"), Reason.DEPLOYMENT_NOT_FOUND, ELSEWHERE, ("deployment",)
    ),
    "reworded": Row(
        404,
        error("azure error: The API deployment for this resource does not exist."),
        Reason.DEPLOYMENT_NOT_FOUND,
        ELSEWHERE,
        ("deployment",),
    ),
    "no model": Row(
        404, error("x", "model_not_found"), Reason.DEPLOYMENT_NOT_FOUND, ELSEWHERE, ('model "gpt-4o-mini"',), OPENAI
    ),
    "no resource": Row(
        404,
        error("Resource not found", "404"),
        Reason.RESOURCE_NOT_FOUND,
        ELSEWHERE,
        ("api_version (2025-04-01-preview)", HOST),
    ),
    "no path": Row(404, b"", Reason.RESOURCE_NOT_FOUND, ELSEWHERE, ("/v1",), OPENAI),
    "redirect": Row(307, b"", Reason.RESOURCE_NOT_FOUND, ELSEWHERE, ("another address",)),
    "proxy": Row(407, b"", Reason.NETWORK_BLOCKED, ELSEWHERE, ("proxy",)),
    "slow": Row(408, error("The operation was timeout.", "Timeout"), Reason.TIMEOUT, AGAIN, ("408",)),
    "conflict": Row(409, b"", Reason.SERVICE_UNAVAILABLE, AGAIN, ("409",)),
    "rate": Row(429, error(QUOTA, "429"), Reason.RATE_LIMITED, AGAIN, ("tokens per minute", "45 s")),
    "capacity": Row(
        429,
        error("Due to high demand … Please retry after 6 seconds", "RateLimitReached"),
        Reason.RATE_LIMITED,
        AGAIN,
        ("capacity", "region", "6 s"),
    ),
    "a day": Row(429, error("Please retry after 86400 seconds."), Reason.RATE_LIMITED, AGAIN, ("24 hours",)),
    "some minutes": Row(429, error("Please retry after 600 seconds."), Reason.RATE_LIMITED, AGAIN, ("10 minutes",)),
    "no hint": Row(429, b"", Reason.RATE_LIMITED, AGAIN, ("rate limit",)),
    "no quota": Row(
        429,
        error("You exceeded your current quota", "insufficient_quota"),
        Reason.QUOTA_EXHAUSTED,
        ELSEWHERE,
        ("billing",),
        OPENAI,
    ),
    "unpaid": Row(402, b"", Reason.QUOTA_EXHAUSTED, ELSEWHERE, ("billing",), OPENAI),
    "500": Row(500, b"Internal Server Error", Reason.SERVICE_UNAVAILABLE, AGAIN, ("500",)),
    "502": Row(502, b"<html>", Reason.SERVICE_UNAVAILABLE, AGAIN, ("502",)),
    "503": Row(503, b"", Reason.SERVICE_UNAVAILABLE, AGAIN, ("503",)),
    "504": Row(504, b"\xff\x00", Reason.SERVICE_UNAVAILABLE, AGAIN, ("504",)),
    "529": Row(529, [], Reason.SERVICE_UNAVAILABLE, AGAIN, ("529",)),
    "no answer": Row(204, b"", Reason.MALFORMED_RESPONSE, ELSEWHERE, ("no answer",)),
    "teapot": Row(418, b"", Reason.BAD_REQUEST, FINAL, ("418",)),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_refusal_is_understood(row: Row) -> None:
    failure = fail(row.status, row.body, row.spec)
    assert failure.reason is row.reason
    assert (failure.remedy, failure.fail_over, failure.ails) == row.outcome
    for part in row.tells:
        assert part in f"{failure.message} {failure.hint}"


def test_a_repair_names_its_parameter() -> None:
    assert fail(400, error(NO_MAX_TOKENS)).param == "max_tokens"
    assert fail(422, error("x", param="stream_options.include_usage")).param == "stream_options"


def test_a_401_names_the_audience() -> None:
    assert fail(401, NO_TOKEN, CLI).audience == "https://cognitiveservices.azure.com"
    assert fail(401, NO_TOKEN, KEY).audience == ""


def test_wait_and_request_id_come_with_any_failure() -> None:
    failure = fail(503, b"", headers={"Retry-After-Ms": "150", "Apim-Request-Id": "a-1"})
    assert failure.retry_after_s == pytest.approx(0.15)
    assert failure.request_id == "a-1"
    assert fail(429, b"", headers={"retry-after": "Tue, 14 Nov 2023 22:13:50 GMT"}).retry_after_s == 30


@pytest.mark.parametrize(
    "status, body, should, remedy",
    [
        (429, b"", "false", Remedy.NOTHING),
        (503, b"", "false", Remedy.NOTHING),
        (429, b"", "true", Remedy.AGAIN),
        (404, b"", "true", Remedy.AGAIN),
        (400, FILTERED, "true", Remedy.NOTHING),
        (400, error(NO_MAX_TOKENS), "true", Remedy.REPAIR),
        (400, error(NO_MAX_TOKENS), "false", Remedy.REPAIR),
        (503, b"", "perhaps", Remedy.AGAIN),
    ],
)
def test_x_should_retry_is_obeyed(status: int, body: object, should: str, remedy: Remedy) -> None:
    assert fail(status, body, headers={"X-Should-Retry": should}).remedy is remedy


SECRETS = "the merger with Contoso closes on friday sk-canary-1234"


@given(
    st.integers(100, 599),
    st.sampled_from(["", "unsupported ", "audience is incorrect ", "firewall ", "high demand ", "model not found "]),
    st.sampled_from(["error", "message", "detail", "code", "param", "type", "content", "innererror", "statusCode"]),
    st.sampled_from([KEY, CLI, OPENAI, REASONING]),
)
def test_a_body_is_never_quoted(status: int, known: str, key: str, spec: RequestSpec) -> None:
    text = known + SECRETS
    for body in ({key: text}, {"error": {key: text}}, {"error": {"innererror": {key: text}}}, [text], text):
        shown = repr(fail(status, body, spec, {"x-request-id": text, "retry-after": text, "x-should-retry": text}))
        assert "Contoso" not in shown
        assert "canary" not in shown
        assert "Contoso" not in repr(streamed_failure(body, spec))


@given(st.integers(-1, 1000), st.binary(max_size=100), st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_no_answer_raises(status: int, body: bytes, headers: dict[str, str]) -> None:
    assert fail(status, body, headers=headers).message


@pytest.mark.parametrize(
    "kind, reason, part",
    [
        (Breakage.DNS, Reason.NETWORK_ERROR, "not found"),
        (Breakage.CONNECT, Reason.NETWORK_ERROR, "no connection"),
        (Breakage.TLS, Reason.TLS_ERROR, "certificate"),
        (Breakage.RESET, Reason.NETWORK_ERROR, "closed"),
        (Breakage.TIMEOUT, Reason.TIMEOUT, "in time"),
        (Breakage.STALL, Reason.TIMEOUT, "silent"),
    ],
)
def test_a_broken_connection_may_be_tried_again_and_elsewhere(kind: Breakage, reason: Reason, part: str) -> None:
    failure = transport_failure(kind, KEY)
    assert (failure.reason, failure.remedy, failure.fail_over, failure.ails) == (reason, Remedy.AGAIN, True, True)
    assert part in failure.message
    assert HOST in failure.message
    assert failure.hint


@pytest.mark.parametrize(
    "error, reason, wait",
    [
        ({"code": "429", "message": "Please retry after 6 seconds"}, Reason.RATE_LIMITED, 6),
        ({"code": "rate_limit_exceeded"}, Reason.RATE_LIMITED, None),
        ({"code": "insufficient_quota"}, Reason.QUOTA_EXHAUSTED, None),
        ({"code": "content_filter", "innererror": {}}, Reason.CONTENT_FILTERED, None),
        ({"code": 503}, Reason.SERVICE_UNAVAILABLE, None),
        ({"type": "server_error", "message": "x"}, Reason.SERVICE_UNAVAILABLE, None),
        ("something broke", Reason.SERVICE_UNAVAILABLE, None),
        (True, Reason.SERVICE_UNAVAILABLE, None),
    ],
)
def test_an_error_inside_an_answer_is_judged_alike(error: object, reason: Reason, wait: float | None) -> None:
    failure = streamed_failure(error, KEY, "r-1")
    assert (failure.reason, failure.retry_after_s, failure.request_id) == (reason, wait, "r-1")


def test_a_filter_names_its_categories_in_words() -> None:
    failure = filtered_failure(("self_harm", "hate"), KEY)
    assert "(self harm, hate)" in failure.message
    assert not failure.fail_over
    assert "(" not in filtered_failure((), KEY).message


def test_messages_name_the_deployment_and_its_host() -> None:
    assert where(KEY) == f'the deployment "gpt-4o-mini" at {HOST}'
    assert where(OPENAI) == 'the model "gpt-4o-mini" at api.openai.com'
