from __future__ import annotations

import json
from typing import Any

import pytest

from parleqd.core.errors import ConfigError
from parleqd.protocol.methods import TARGETS_TEST
from tests.fakes.chat import FakeChat, Reply
from tests.fakes.cloud import cloud
from tests.fakes.engine import ask, running_engine
from tests.fakes.secrets import MemorySecrets

DRAFT: dict[str, Any] = {
    "name": "east",
    "provider": "azure-openai",
    "auth": "api-key",
    "resource": "http://127.0.0.1:9",
    "deployment": "gpt-4o-mini",
}


def answer() -> Reply:
    chunk = {"choices": [{"delta": {"content": "Hello there."}, "finish_reason": "stop"}]}
    return Reply(body=[f"data: {json.dumps(chunk)}\n\n".encode()])


@pytest.mark.asyncio
async def test_a_target_that_is_in_no_settings_is_tried_and_nothing_is_kept() -> None:
    chat, secrets = FakeChat(answer()), MemorySecrets()
    secrets.kept["target/east"] = "stored-key"
    async with running_engine(cloud=cloud(chat, secrets)) as engine:
        report = await ask(engine, TARGETS_TEST, target=DRAFT, secret="given-key")
        assert engine.services.configuration.settings.cleanup.targets == ()
        assert "given-key" not in str(engine.log.records)
    assert (report["verdict"], report["checks"][0]["check"]) == ("ok", "east: address")
    assert [request.headers["api-key"] for request in chat.requests] == ["given-key"]
    assert secrets.kept == {"target/east": "stored-key"}


@pytest.mark.asyncio
async def test_without_a_secret_the_one_that_is_kept_counts() -> None:
    chat, secrets = FakeChat(answer(), answer()), MemorySecrets()
    secrets.kept["target/east"] = "stored-key"
    async with running_engine(cloud=cloud(chat, secrets)) as engine:
        await ask(engine, TARGETS_TEST, target=DRAFT)
        await ask(engine, TARGETS_TEST, target=DRAFT, secret="")
    assert [request.headers["api-key"] for request in chat.requests] == ["stored-key"] * 2


@pytest.mark.asyncio
async def test_what_saving_would_keep_of_the_target_of_that_name_is_tried_with_it() -> None:
    gateway = "https://gateway.example.com"
    config = (
        f'[[cleanup.target]]\nname = "east"\nresource = "{gateway}"\ndeployment = "d"\n'
        'trusted_hosts = ["gateway.example.com"]\n'
    )
    chat = FakeChat(answer())
    async with running_engine(config, cloud=cloud(chat)) as engine:
        report = await ask(engine, TARGETS_TEST, target={**DRAFT, "resource": f"{gateway}/"}, secret="k")
        assert report["verdict"] == "ok"
        other = {**DRAFT, "resource": "https://gateway.example.com:8443"}
        assert (await ask(engine, TARGETS_TEST, target=other, secret="k"))["verdict"] == "failed"
    assert len(chat.requests) == 1


@pytest.mark.asyncio
async def test_the_settings_rules_hold_and_nothing_is_sent_where_one_is_broken() -> None:
    chat = FakeChat()
    async with running_engine(cloud=cloud(chat)) as engine:
        for wrong, key in (({"family": "huge"}, "family"), ({"weight": -1}, "weight"), ({"resource": None}, "target")):
            with pytest.raises(ConfigError) as raised:
                await ask(engine, TARGETS_TEST, target=DRAFT | wrong)
            assert key in raised.value.message
    assert chat.requests == []


@pytest.mark.asyncio
async def test_a_failure_is_a_report_and_no_error() -> None:
    chat = FakeChat(Reply(404))
    async with running_engine(cloud=cloud(chat)) as engine:
        report = await ask(engine, TARGETS_TEST, target=DRAFT, secret="k")
    assert report["verdict"] == "failed"
    assert [check["check"] for check in report["checks"] if check["verdict"] == "failed"] == ["east: address"]
