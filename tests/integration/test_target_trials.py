"""A cleanup target tried hop by hop over real HTTP, each hop failing in turn, at one request each."""

from __future__ import annotations

import base64
import json
import ssl
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from parleqd.adapters.chat.client import HttpChat
from parleqd.adapters.identity.pasted import PastedTokens
from parleqd.core.errors import OutsideError
from parleqd.core.polish.prompt import PROBE_TEXT
from parleqd.core.ports import Chat, Token
from parleqd.core.settings import Auth, Provider, Target
from parleqd.engine.targets import Cloud
from parleqd.engine.trial import Patience, Trial
from parleqd.protocol.names import Reason
from tests.fakes.cloud import cloud
from tests.fakes.command_line import parleqctl_at
from tests.fakes.http_server import Do, HttpServer, Script, chunk, head, running_http_server, whole
from tests.fakes.log import MemoryLog
from tests.fakes.microphone import FakeMicrophone
from tests.fakes.secrets import MemorySecrets
from tests.fakes.token_source import ScriptedTokens
from tests.integration.daemon import running_daemon
from tests.peers.certificates import issue

AUDIENCE = "https://cognitiveservices.azure.com"
LEFT = {"x-ratelimit-remaining-requests": "119", "x-ratelimit-remaining-tokens": "9800"}
UNSUPPORTED = "unsupported_parameter"
KEY, AZ = Auth.API_KEY, Auth.AZURE_CLI
NO_ROLE = "The principal `p` lacks the required data action `Microsoft.CognitiveServices/accounts/OpenAI/x/action`."

Told = dict[str, tuple[str, str, str, str | None]]
"""Hop → verdict, message, hint, reason."""


def token(audience: str = AUDIENCE, minutes: float = 54.5) -> str:
    """One that Entra might give, unsigned."""
    claims = {"aud": audience, "exp": time.time() + minutes * 60, "tid": "t"}
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims))
    return ".".join([*parts, "s"])


def target(resource: str, auth: Auth = KEY, **fields: Any) -> Target:
    return Target("east", Provider.AZURE_OPENAI, auth, resource, "gpt-4o-mini", **fields)


def signing_in(chat: Chat, value: str | None = None) -> Cloud:
    """A key is stored, and whoever signs in gets this token."""
    secrets = MemorySecrets()
    secrets.kept["target/east"] = "stored-key"
    source = ScriptedTokens([Token(value or token(), time.time() + 3000)])
    return cloud(chat, secrets, sign_in=lambda *_: source)


def http_chat() -> HttpChat:
    return HttpChat(ssl.create_default_context, proxy_of=lambda *_: "")


async def tried(
    wanted: Target, using: Cloud | None = None, patience: Patience | None = None, given: str | None = None
) -> Told:
    """What a trial told, without the hops that it did not come to."""
    chat = http_chat()
    log = MemoryLog()
    try:
        trial = Trial(wanted, using or signing_in(chat), log, patience=patience or Patience(), given=given)
        found = await trial.run()
    finally:
        await chat.close()
    assert not any(secret in str(log.records) for secret in ("stored-key", "given-key", "opaque-token", PROBE_TEXT))
    return {one.hop: (one.verdict, one.message, one.hint, one.reason) for one in found}


def verdicts(told: Told) -> dict[str, str]:
    return {hop: verdict for hop, (verdict, _, _, _) in told.items()}


def streamed(*texts: str, headers: dict[str, str] | None = None) -> list[bytes]:
    """An answer in pieces."""
    pieces: list[dict[str, Any]] = [{"choices": [], "model": ""}]
    pieces += [{"model": "gpt-4o-mini-2024-07-18", "choices": [{"delta": {"content": text}}]} for text in texts]
    pieces += [{"choices": [{"delta": {}, "finish_reason": "stop"}]}]
    begun = head(200, {"Transfer-Encoding": "chunked", **(headers or {})})
    events = [chunk(f"data: {json.dumps(piece)}\n\n".encode()) for piece in pieces]
    return [begun, *events, chunk(b"data: [DONE]\n\n"), chunk(b"")]


def refusal(status: int, code: str | None, message: str, param: str | None = None, **headers: str) -> Script:
    error = {"code": code, "message": message, "param": param}
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return [whole(json.dumps({"error": error}).encode(), status, told)]


def unauthorised(audience: str, **headers: str) -> Script:
    """As the gateway before the service says it."""
    message = f"Unauthorized. Access token is missing, invalid, audience is incorrect ({audience}), or have expired."
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return [whole(json.dumps({"statusCode": 401, "message": message}).encode(), 401, told)]


def one_small_request(server: HttpServer) -> dict[str, Any]:
    """All that the server saw; its body."""
    (seen,) = server.seen
    body: dict[str, Any] = json.loads(seen.body)
    assert (seen.method, body["stream"], len(seen.body) < 4096) == ("POST", True, True)
    assert PROBE_TEXT in body["messages"][-1]["content"]
    return body


@pytest.mark.asyncio
async def test_a_target_that_works_says_what_every_hop_is_like() -> None:
    headers = {**LEFT, "x-ratelimit-limit-requests": "120", "x-ms-region": "East US", "apim-request-id": "r-1"}
    async with running_http_server(streamed("Hello", " there.", headers=headers)) as server:
        told = await tried(target(server.address, AZ))
        assert one_small_request(server)["max_tokens"] == 64
        assert server.seen[0].headers["authorization"].startswith("Bearer ")
    assert set(verdicts(told).values()) == {"ok"}
    assert list(told) == [
        "address", "name", "connection", "token", "audience", "permission", "deployment", "family", "streaming", "quota"
    ]  # fmt: skip
    messages = {hop: message for hop, (_, message, _, _) in told.items()}
    assert messages["address"] == f"{server.address}, api_version 2025-04-01-preview"
    assert messages["name"] == "127.0.0.1: 127.0.0.1 (this machine)"
    assert messages["connection"] == "plain http, on this machine"
    assert messages["token"] == "there is one, good for 54 minutes"
    assert messages["audience"] == f"the service accepts a token for {AUDIENCE}"
    assert messages["deployment"].endswith("the model gpt-4o-mini-2024-07-18, in East US")
    assert messages["streaming"].startswith("the first of the answer came after ")
    assert messages["quota"] == "119 of 120 requests and 9,800 tokens left for now"


@pytest.mark.asyncio
async def test_a_target_with_a_key_has_no_hops_of_signing_in() -> None:
    async with running_http_server(streamed("Hello there.")) as server:
        told = await tried(target(server.address))
        assert server.seen[0].headers["api-key"] == "stored-key"
    assert list(told) == [
        "address", "name", "connection", "key", "permission", "deployment", "family", "streaming", "quota"
    ]  # fmt: skip
    assert set(verdicts(told).values()) == {"ok"}
    assert "does not tell" in told["quota"][1]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("resource", "fix"),
    [("http://gateway.example.com/x", "https://"), ("https://gateway.example.com/x", 'trusted_hosts = ["gateway.exam')],
)
async def test_an_address_that_may_not_be_used_ends_the_trial(resource: str, fix: str) -> None:
    told = await tried(target(resource))
    assert verdicts(told) == {"address": "failed", "name": "skipped"}
    assert fix in told["address"][2]
    assert told["name"][1] == (
        "not reached; not tried either: connection, key, permission, deployment, family, streaming, quota"
    )


@pytest.mark.asyncio
async def test_a_name_that_nobody_knows() -> None:
    told = await tried(target("https://nowhere.invalid", trusted_hosts=("nowhere.invalid",)))
    assert verdicts(told) == {"address": "ok", "name": "failed", "connection": "skipped", "key": "ok"}
    assert (told["name"][3], "was not found" in told["name"][1]) == ("network_error", True)


@pytest.mark.asyncio
async def test_a_server_that_is_not_there() -> None:
    async with running_http_server([Do.CLOSE]) as server:
        gone = server.address
    told = await tried(target(gone))
    assert list(verdicts(told).values()) == ["ok", "ok", "failed", "ok", "skipped"]
    assert told["connection"][3] == "network_error"


@pytest.mark.asyncio
async def test_a_certificate_of_an_unknown_authority(tmp_path: Path) -> None:
    certificates = await to_thread.run_sync(issue, tmp_path)
    context = await to_thread.run_sync(certificates.server_context)
    async with running_http_server(streamed("Hello"), tls=context) as server:
        told = await tried(target(server.address))
        assert server.seen == []
    assert (told["name"][0], told["connection"][0], told["connection"][3]) == ("ok", "failed", "tls_error")
    assert "unknown authority" in told["connection"][1]
    assert "CA file" in told["connection"][2]


@pytest.mark.asyncio
async def test_nobody_is_signed_in() -> None:
    refused = ScriptedTokens([OutsideError(Reason.AZ_NOT_LOGGED_IN, "az is not logged in", "run `az login`")])
    async with running_http_server(streamed("Hello")) as server:
        chat = http_chat()
        told = await tried(target(server.address, AZ), cloud(chat, sign_in=lambda *_: refused))
        assert server.seen == []
    assert told["token"] == ("failed", "az is not logged in", "run `az login`", "az_not_logged_in")
    assert verdicts(told)["connection"] == "skipped"


@pytest.mark.asyncio
async def test_no_key_is_stored_anywhere() -> None:
    async with running_http_server(streamed("Hello")) as server:
        told = await tried(target(server.address), cloud(http_chat()))
        assert server.seen == []
    assert (told["key"][0], told["key"][3]) == ("failed", "key_missing")
    assert "parleqctl secret set east" in told["key"][2]


@pytest.mark.asyncio
async def test_a_sign_in_that_hangs_is_not_waited_for_for_ever() -> None:
    async with running_http_server(streamed("Hello")) as server:
        never = ScriptedTokens([anyio.Event()])
        using = cloud(http_chat(), sign_in=lambda *_: never)
        told = await tried(target(server.address, AZ), using, Patience(sign_in_s=0.05))
        assert (server.seen, never.cancelled) == ([], 1)
    assert (told["token"][0], told["token"][1], told["token"][3]) == ("failed", "none came in 0.05 seconds", "timeout")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("script", "auth", "hop", "reason", "said"),
    [
        (refusal(401, "401", "Access denied due to invalid key"), KEY, "key", "key_rejected", "secret set east"),
        (unauthorised("https://ai.azure.com"), AZ, "audience", "token_failed", 'scope = "https://ai.azure.com/.def'),
        (unauthorised("https://graph.example.com"), AZ, "audience", "token_failed", "az login"),
        (unauthorised(AUDIENCE), AZ, "token", "token_failed", "az login"),
        (refusal(401, "PermissionDenied", NO_ROLE), AZ, "permission", "permission_denied", "Services OpenAI User"),
        (refusal(403, "AccessDenied", "Firewall rules."), KEY, "connection", "network_blocked", "VPN"),
        (refusal(404, "404", "Resource not found"), KEY, "address", "resource_not_found", "api_version"),
        (refusal(404, "DeploymentNotFound", ""), AZ, "deployment", "deployment_not_found", "name"),
        (refusal(400, UNSUPPORTED, "", "max_tokens"), AZ, "family", "wrong_family", 'family = "reasoning"'),
        (refusal(400, "unknown_parameter", "", "stream_options"), KEY, "family", "bad_request", "api_version"),
        (refusal(503, "ServiceUnavailable", "busy"), KEY, "deployment", "service_unavailable", "minute"),
        (refusal(429, "429", "", retry_after="7"), KEY, "quota", "rate_limited", "tokens per minute"),
        (refusal(429, "insufficient_quota", ""), KEY, "quota", "quota_exhausted", "billing"),
        ([*streamed("Hel")[:2], Do.CLOSE], KEY, "streaming", "network_error", "proxy"),
        ([*streamed("Hel")[:2], chunk(b"")], KEY, "streaming", "truncated", "proxy"),
        ([whole(b"<html>sign in</html>")], KEY, "streaming", "malformed_response", "sign-in page"),
    ],
)
async def test_a_refusal_is_the_hop_s_that_it_is_about(
    script: Script, auth: Auth, hop: str, reason: str, said: str
) -> None:
    async with running_http_server(script) as server:
        told = await tried(target(server.address, auth))
        one_small_request(server)
    failed = [each for each, verdict in verdicts(told).items() if verdict == "failed"]
    assert (failed, told[hop][3]) == ([hop], reason)
    assert said in told[hop][2]
    before = list(told)[: list(told).index(hop)]
    assert {told[each][0] for each in before} <= {"ok"}


@pytest.mark.asyncio
async def test_a_wrong_audience_names_both() -> None:
    async with running_http_server(unauthorised("https://ai.azure.com", apim_request_id="r-7")) as server:
        told = await tried(target(server.address, AZ))
    message = told["audience"][1]
    assert f"expects one for https://ai.azure.com, and this one is for {AUDIENCE} (request r-7)" in message


@pytest.mark.asyncio
async def test_a_server_that_does_not_stream_is_a_warning() -> None:
    body = {"model": "m", "choices": [{"message": {"content": "Hello there."}, "finish_reason": "stop"}]}
    async with running_http_server([whole(json.dumps(body).encode(), 200, LEFT)]) as server:
        told = await tried(target(server.address))
        one_small_request(server)
    assert (told["streaming"][0], "one piece" in told["streaming"][1]) == ("warning", True)
    assert told["quota"][0] == "ok"


@pytest.mark.asyncio
async def test_a_quota_that_is_used_up_right_now_is_a_warning() -> None:
    headers = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-remaining-tokens": "-1"}
    async with running_http_server(streamed("Hello", headers=headers)) as server:
        told = await tried(target(server.address))
    assert told["quota"][:2] == ("warning", "0 requests left for now")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("script", "hop"),
    [([Do.HANG], "connection"), ([*streamed("Hel")[:2], Do.HANG], "streaming")],
    ids=["before the answer", "in the answer"],
)
async def test_a_server_that_hangs_is_not_waited_for_for_ever(script: Sequence[Any], hop: str) -> None:
    async with running_http_server(script) as server:
        told = await tried(target(server.address), patience=Patience(answer_s=0.5))
        one_small_request(server)
        with anyio.fail_after(5):
            await server.left.wait()
    assert (told[hop][0], told[hop][3]) == ("failed", "timeout")


@pytest.mark.asyncio
async def test_what_is_given_is_used_instead_of_what_is_kept() -> None:
    async with running_http_server(streamed("Hello"), streamed("Hello")) as server:
        with_key = await tried(target(server.address), given="given-key")
        chat = http_chat()
        pasting = cloud(chat, sign_in=lambda wanted, kept: PastedTokens(partial(kept.get, wanted.name)))
        with_token = await tried(target(server.address, Auth.TOKEN), pasting, given="Bearer opaque-token")
        await chat.close()
        assert server.seen[0].headers["api-key"] == "given-key"
        assert server.seen[1].headers["authorization"] == "Bearer opaque-token"
        assert len(server.seen) == 2
    assert {*verdicts(with_key).values(), *verdicts(with_token).values()} == {"ok"}
    assert with_token["token"][1] == "there is one; it does not say how long it lasts"


@pytest.mark.asyncio
async def test_targets_are_tried_at_once_and_told_in_the_order_of_the_settings() -> None:
    west_asked = anyio.Event()
    slow: list[Any] = [west_asked, *streamed("Hello")]
    secrets = MemorySecrets()
    secrets.kept |= {"target/east": "k1", "target/western": "k2"}
    async with running_http_server(slow) as east, running_http_server(refusal(404, "DeploymentNotFound", "")) as west:
        chat = http_chat()
        config = "".join(
            f'[[cleanup.target]]\nname = "{name}"\nresource = "{address}"\ndeployment = "d"\nauth = "api-key"\n'
            for name, address in (("east", east.address), ("western", west.address))
        )
        async with running_daemon(config, microphone=FakeMicrophone(), cloud=cloud(chat, secrets)) as daemon:
            async with anyio.create_task_group() as tasks:

                async def release() -> None:
                    while not west.seen:
                        await anyio.lowlevel.checkpoint()
                    west_asked.set()

                tasks.start_soon(release)
                with anyio.fail_after(10):
                    outcome = await parleqctl_at(daemon, "doctor")
        await chat.close()
        assert (len(east.seen), len(west.seen)) == (1, 1)
    lines = outcome.out.splitlines()
    assert outcome.code == 4
    assert lines[0].startswith(f"ok       {'settings':<19} /")
    assert [line.split()[2] for line in lines if ": " in line and line.split()[1] == "east:"] == [
        "address", "name", "connection", "key", "permission", "deployment", "family", "streaming", "quota"
    ]  # fmt: skip
    assert any(line.startswith("failed   western: deployment ") for line in lines)
