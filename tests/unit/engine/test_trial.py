from __future__ import annotations

import json
from typing import Any

import anyio
import pytest

from parleqd.core.polish.failures import Breakage
from parleqd.core.polish.hops import MOST_REASONING_TOKENS, Finding
from parleqd.core.ports import Secrets, Token, TokenSource
from parleqd.core.settings import Auth, Family, Provider, Target
from parleqd.engine.targets import Cloud
from parleqd.engine.trial import Patience, Trial, addresses_of
from tests.fakes.chat import FakeChat, Reply, broken
from tests.fakes.cloud import cloud
from tests.fakes.log import MemoryLog
from tests.fakes.token_source import ScriptedTokens

KEY = {"AZURE_OPENAI_API_KEY": "key-from-the-environment"}


def target(**fields: Any) -> Target:
    given: dict[str, Any] = {"auth": Auth.API_KEY, "resource": "east", "deployment": "gpt-4o-mini", **fields}
    return Target("east", given.pop("provider", Provider.AZURE_OPENAI), **given)


def answer(finish_reason: str = "stop", text: str = "Hello there.", **headers: str) -> Reply:
    chunks = [{"choices": [{"delta": {"content": text}, "finish_reason": finish_reason}]}]
    return Reply(headers=headers, body=[*(f"data: {json.dumps(each)}\n\n".encode() for each in chunks)])


async def public(host: str) -> tuple[str, ...]:
    return ("20.1.2.3",)


async def nowhere(host: str) -> tuple[str, ...]:
    return ()


async def found_by(
    chat: FakeChat, wanted: Target | None = None, using: Cloud | None = None, **options: Any
) -> dict[str, Finding]:
    using = using or cloud(chat, environment=KEY)
    trial = Trial(wanted or target(), using, MemoryLog(), **{"resolve": public, **options})
    with anyio.fail_after(5):
        return {finding.hop: finding for finding in await trial.run()}


def failed(found: dict[str, Finding]) -> list[str]:
    return [hop for hop, finding in found.items() if finding.verdict == "failed"]


@pytest.mark.asyncio
async def test_one_request_tells_of_every_hop() -> None:
    chat = FakeChat(answer())
    found = await found_by(chat)
    assert {finding.verdict for finding in found.values()} == {"ok"}
    assert len(chat.requests) == 1
    assert chat.warmed == []


@pytest.mark.asyncio
async def test_an_address_that_means_nothing_is_told_as_the_settings_tell_it() -> None:
    chat = FakeChat()
    found = await found_by(chat, target(resource="portal.azure.com"))
    assert (failed(found), found["address"].reason) == (["address"], "config_invalid")
    assert chat.requests == []


@pytest.mark.asyncio
async def test_a_name_that_only_a_proxy_knows_is_no_failure() -> None:
    assert (await found_by(FakeChat(answer()), resolve=nowhere))["name"].verdict == "ok"
    refused = await found_by(FakeChat(broken(Breakage.CONNECT)), resolve=nowhere)
    assert (failed(refused), refused["name"].verdict) == (["connection"], "warning")
    unknown = await found_by(FakeChat(broken(Breakage.DNS)), resolve=nowhere)
    assert failed(unknown) == ["name"]


@pytest.mark.asyncio
async def test_a_resolver_that_hangs_is_not_waited_for_for_ever() -> None:
    async def silent(host: str) -> tuple[str, ...]:
        await anyio.sleep_forever()
        return ()

    found = await found_by(FakeChat(answer()), resolve=silent, patience=Patience(name_s=0.01))
    assert failed(found) == []


@pytest.mark.asyncio
async def test_what_the_library_says_of_a_broken_connection_is_passed_on() -> None:
    found = await found_by(FakeChat(broken(Breakage.TLS)))
    assert found["connection"].message.endswith("(scripted)")


@pytest.mark.asyncio
async def test_a_server_of_one_s_own_may_do_without_a_key() -> None:
    chat = FakeChat(answer())
    wanted = target(resource="http://127.0.0.1:1234/v1", provider=Provider.OPENAI_COMPATIBLE)
    found = await found_by(chat, wanted, cloud(chat))
    assert failed(found) == []
    assert found["key"].message.startswith("there is none")
    assert "authorization" not in chat.requests[0].headers


@pytest.mark.asyncio
async def test_a_key_that_no_header_can_carry_is_not_sent() -> None:
    chat = FakeChat()
    found = await found_by(chat, given="two words")
    assert (failed(found), found["key"].reason) == (["key"], "key_rejected")


@pytest.mark.asyncio
async def test_a_secret_that_was_given_is_what_signs_in() -> None:
    seen = []

    def sign_in(wanted: Target, secrets: Secrets) -> TokenSource:
        seen.append(secrets)
        return ScriptedTokens([Token("minted", 2_000_000_000.0)])

    chat = FakeChat(answer())
    found = await found_by(chat, target(auth=Auth.CLIENT_SECRET), cloud(chat, sign_in=sign_in), given="given-secret")
    assert failed(found) == []
    assert await seen[0].get("target/east") == "given-secret"
    assert chat.requests[0].headers["authorization"] == "Bearer minted"


@pytest.mark.asyncio
async def test_an_answer_that_reached_the_small_limit_is_good_enough() -> None:
    chat = FakeChat(answer("length", text=""))
    found = await found_by(chat, target(family=Family.REASONING))
    assert failed(found) == []
    assert "limit" in found["streaming"].message
    assert json.loads(chat.requests[0].body)["max_completion_tokens"] == MOST_REASONING_TOKENS


@pytest.mark.asyncio
async def test_a_refused_parameter_is_told_and_not_repaired() -> None:
    error = {"error": {"code": "unsupported_parameter", "message": "", "param": "max_tokens"}}
    chat = FakeChat(Reply(400, {}, [json.dumps(error).encode()]))
    found = await found_by(chat)
    assert (failed(found), len(chat.requests)) == (["family"], 1)


@pytest.mark.asyncio
async def test_the_log_says_what_failed_and_holds_no_key() -> None:
    log = MemoryLog()
    chat = FakeChat(Reply(401, {}, [b'{"error": {"code": "401"}}']))
    await Trial(target(), cloud(chat, environment=KEY), log, resolve=public).run()
    assert log.fields("target_tried") == [{"target": "east", "failed": "key", "reason": "key_rejected"}]
    assert "key-from" not in str(log.records)


@pytest.mark.asyncio
async def test_a_key_that_the_server_calls_its_model_is_not_shown() -> None:
    key = KEY["AZURE_OPENAI_API_KEY"]
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in key)
    chunk = f'data: {{"model": "{escaped}", "choices": [{{"finish_reason": "stop", "delta": {{}}}}]}}\n\n'.encode()
    found = await found_by(FakeChat(Reply(headers={"x-ms-region": key}, body=[chunk])))
    assert failed(found) == []
    assert key not in repr(found)


@pytest.mark.asyncio
async def test_this_machine_s_own_name_is_known() -> None:
    assert {"127.0.0.1", "::1"} & set(await addresses_of("localhost"))
    assert await addresses_of("." * 300) == ()
