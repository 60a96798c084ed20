from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import anyio
import pytest
from anyio import to_thread

from parleqd.core.errors import ConfigError, OutsideError, ParleqError
from parleqd.core.ports import Secrets
from parleqd.protocol.methods import SECRETS_STATUS, TARGETS_ADD, TARGETS_RESOLVE, Method
from parleqd.protocol.names import Mode, Reason
from tests.fakes.chat import FakeChat
from tests.fakes.cloud import cloud
from tests.fakes.engine import Engine, ask, running_engine
from tests.fakes.secrets import LockedSecrets, MemorySecrets

KEY = "k3y-of-the-test"
DATED = "2025-04-01-preview"
PASTED = "https://east.openai.azure.com/openai/deployments/clean%20up/chat/completions?api-version=2024-10-21"
EAST = {
    "name": "east",
    "provider": "azure-openai",
    "auth": "api-key",
    "resource": "east",
    "deployment": "gpt-4o-mini",
}
FILE = """\
# mine
[[cleanup.target]]
name = "east"  # the good one
provider = "azure-openai"
resource = "old"
deployment = "gpt-4o"
weight = 3
predict = true
"""


def engine_with(secrets: Secrets, config: str = "") -> AbstractAsyncContextManager[Engine]:
    return running_engine(config, cloud=cloud(FakeChat(), secrets))


async def file_of(engine: Engine) -> str:
    return await anyio.Path(engine.config).read_text()


async def refusal(engine: Engine, method: Method[Any, Any], **params: object) -> ParleqError:
    with pytest.raises(ParleqError) as raised:
        await ask(engine, method, **params)
    assert KEY not in raised.value.message + raised.value.hint
    return raised.value


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            {"provider": "azure-openai", "resource": "east", "deployment": "gpt-5-mini"},
            ("https://east.openai.azure.com", "east.openai.azure.com", True, "gpt-5-mini", DATED, "reasoning"),
        ),
        (
            {"provider": "azure-openai", "resource": PASTED},
            ("https://east.openai.azure.com", "east.openai.azure.com", True, "clean up", "2024-10-21", "standard"),
        ),
        (
            {"provider": "azure-openai", "resource": PASTED, "deployment": "gpt-4o"},
            ("https://east.openai.azure.com", "east.openai.azure.com", True, "gpt-4o", "2024-10-21", "standard"),
        ),
        (
            {"provider": "azure-openai", "resource": "https://h.services.ai.azure.com/api/projects/p"},
            ("https://h.services.ai.azure.com/api/projects/p", "h.services.ai.azure.com", True, "", "v1", "standard"),
        ),
        (
            {"provider": "openai-compatible", "resource": "https://gw.example.com/v1"},
            ("https://gw.example.com/v1", "gw.example.com", False, "", DATED, "standard"),
        ),
        (
            {"provider": "openai-compatible", "resource": "gw.example.com", "trusted_hosts": ["gw.example.com"]},
            ("https://gw.example.com/v1", "gw.example.com", True, "", DATED, "standard"),
        ),
        (
            {"provider": "openai"},
            ("https://api.openai.com/v1", "api.openai.com", True, "", DATED, "standard"),
        ),
        (
            {"provider": "openai-compatible", "resource": "http://127.0.0.1:8080/v1"},
            ("http://127.0.0.1:8080/v1", "127.0.0.1", True, "", DATED, "standard"),
        ),
    ],
)  # fmt: skip
async def test_what_was_typed_is_read(asked: Mapping[str, object], expected: tuple[object, ...]) -> None:
    fields = ("url", "host", "trusted", "deployment", "api_version", "family")
    async with running_engine() as engine:
        assert await ask(engine, TARGETS_RESOLVE, **asked) == dict(zip(fields, expected, strict=True))


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("provider", "resource"), [("azure", "east"), ("azure-openai", ""), ("azure-openai", "http://gw.example.com")]
)
async def test_what_cannot_be_read_is_refused(provider: str, resource: str) -> None:
    async with running_engine() as engine:
        error = await refusal(engine, TARGETS_RESOLVE, provider=provider, resource=resource)
    assert isinstance(error, ConfigError)
    assert error.hint


@pytest.mark.asyncio
async def test_a_target_is_written_its_key_is_kept_and_both_are_in_effect() -> None:
    secrets = MemorySecrets()
    async with engine_with(secrets, "# mine\n") as engine:
        added = await ask(engine, TARGETS_ADD, target=EAST, secret=f"{KEY}\n", mode="polished")
        assert added == {"name": "east", "path": str(engine.config), "replaced": False, "dropped": []}
        written = await file_of(engine)
        assert written.startswith("# mine\n")
        assert KEY not in written
        assert secrets.kept == {"target/east": KEY}
        settings = engine.services.configuration.settings.cleanup
        assert (settings.mode, [target.name for target in settings.targets]) == (Mode.POLISHED, ["east"])
        assert engine.services.targets.polisher is not None
        assert [one["state"] for one in (await ask(engine, SECRETS_STATUS))["secrets"]] == ["stored"]


@pytest.mark.asyncio
async def test_a_target_of_that_name_is_replaced_but_for_what_a_draft_cannot_say() -> None:
    async with engine_with(MemorySecrets(), FILE) as engine:
        assert (await ask(engine, TARGETS_ADD, target=EAST))["replaced"]
        (target,) = engine.services.configuration.settings.cleanup.targets
        assert (target.resource, target.weight, target.predict) == ("east", 3, True)
        written = await file_of(engine)
    assert written.startswith('# mine\n[[cleanup.target]]\nname = "east"  # the good one\n')
    assert "mode" not in written


CONFIRMED = 'scope = "https://x/.default"\ntrusted_hosts = ["gw.example.org"]\n'


@pytest.mark.asyncio
@pytest.mark.parametrize("resource", ["old", "https://old.openai.azure.com/"])
async def test_what_a_draft_leaves_out_stays_while_the_target_is_where_it_was(resource: str) -> None:
    async with engine_with(MemorySecrets(), FILE + CONFIRMED) as engine:
        added = await ask(engine, TARGETS_ADD, target={**EAST, "resource": resource})
        (target,) = engine.services.configuration.settings.cleanup.targets
        assert CONFIRMED in await file_of(engine)
    assert (added["replaced"], added["dropped"], target.deployment) == (True, [], "gpt-4o-mini")
    assert (target.weight, target.scope, target.trusted_hosts) == (3, "https://x/.default", ("gw.example.org",))


@pytest.mark.asyncio
@pytest.mark.parametrize("moved", [{"resource": "new"}, {"provider": "openai-compatible", "resource": "old"}])
async def test_of_a_target_at_another_place_what_was_confirmed_is_dropped_and_told(moved: dict[str, str]) -> None:
    async with engine_with(MemorySecrets(), FILE + CONFIRMED) as engine:
        added = await ask(engine, TARGETS_ADD, target={**EAST, **moved})
        (target,) = engine.services.configuration.settings.cleanup.targets
    assert added["dropped"] == ["trusted_hosts", "scope"]
    assert (target.weight, target.scope, target.trusted_hosts) == (3, "", ())


@pytest.mark.asyncio
async def test_what_a_draft_says_goes_before_what_was_there() -> None:
    said = {**EAST, "resource": "old", "weight": 2, "scope": "https://y/.default", "trusted_hosts": []}
    async with engine_with(MemorySecrets(), FILE + CONFIRMED) as engine:
        assert (await ask(engine, TARGETS_ADD, target=said))["dropped"] == []
        (target,) = engine.services.configuration.settings.cleanup.targets
        assert "trusted_hosts" not in await file_of(engine)
        await ask(engine, TARGETS_ADD, target={**said, "trusted_hosts": ["https://GW.example.org/"]})
        assert 'trusted_hosts = ["gw.example.org"]' in await file_of(engine)
    assert (target.weight, target.scope, target.trusted_hosts) == (2, "https://y/.default", ())


@pytest.mark.asyncio
async def test_a_file_that_is_read_only_keeps_the_key_that_was_there_too() -> None:
    secrets = MemorySecrets()
    async with engine_with(secrets, FILE) as engine:
        await anyio.Path(engine.config).chmod(0o444)
        assert "read-only" in (await refusal(engine, TARGETS_ADD, target=EAST, secret=KEY)).message
    assert secrets.kept == {}


@pytest.mark.asyncio
async def test_another_key_alone_takes_effect_at_once() -> None:
    secrets = MemorySecrets()
    async with engine_with(secrets) as engine:
        await ask(engine, TARGETS_ADD, target=EAST, secret="first")
        before = engine.services.targets.polisher
        await ask(engine, TARGETS_ADD, target=EAST, secret=KEY)
        assert engine.services.targets.polisher is not before
    assert secrets.kept == {"target/east": KEY}


@pytest.mark.asyncio
async def test_without_a_keyring_nothing_is_written_and_the_environment_is_named() -> None:
    async with engine_with(LockedSecrets(), FILE) as engine:
        error = await refusal(engine, TARGETS_ADD, target=EAST, secret=KEY, mode="polished")
        assert isinstance(error, OutsideError)
        assert (error.reason, error.message) == (Reason.KEYRING_LOCKED, "nothing was saved: the keyring is locked")
        assert "AZURE_OPENAI_API_KEY" in error.hint
        assert await file_of(engine) == FILE
        signed_in = {**EAST, "auth": "azure-cli"}
        assert (await ask(engine, TARGETS_ADD, target=signed_in))["replaced"]  # it needs none


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"provider": "azure"}, "provider"),
        ({"auth": "password"}, "auth"),
        ({"name": "two words"}, "name"),
        ({"name": ""}, "name"),
        ({"api_version": "latest"}, "api_version"),
        ({"deployment": None}, "deployment"),
        ({"resource": None}, "resource"),
        ({"resource": "http://gw.example.com"}, "http://"),
        ({"resource": "https://user:k3y-of-the-test@gw.example.com"}, "user name or password"),
    ],
)
async def test_a_target_that_the_settings_would_not_take_changes_nothing(wrong: dict[str, Any], said: str) -> None:
    secrets = MemorySecrets()
    async with engine_with(secrets, FILE) as engine:
        error = await refusal(engine, TARGETS_ADD, target={**EAST, **wrong}, secret=KEY)
        assert await file_of(engine) == FILE
    assert isinstance(error, ConfigError)
    assert said in error.message
    assert secrets.kept == {}


@pytest.mark.asyncio
@pytest.mark.parametrize("secret", ["", " \n", "two\nlines"])
async def test_what_can_be_no_key_changes_nothing(secret: str) -> None:
    async with engine_with(MemorySecrets(), FILE) as engine:
        await refusal(engine, TARGETS_ADD, target=EAST, secret=secret)
        assert await file_of(engine) == FILE


@pytest.mark.asyncio
@pytest.mark.parametrize("before", [None, "the key before"])
async def test_a_file_with_a_problem_keeps_the_key_that_was_there(before: str | None) -> None:
    secrets = MemorySecrets()
    secrets.kept = {} if before is None else {"target/east": before}
    kept = dict(secrets.kept)
    config = FILE + "\n[history]\nkep = 3\n"
    async with engine_with(secrets, config) as engine:
        error = await refusal(engine, TARGETS_ADD, target=EAST, secret=KEY)
        assert f"{engine.config}:11: history.kep" in error.message
        assert await file_of(engine) == config
    assert secrets.kept == kept


@pytest.mark.asyncio
async def test_a_folder_that_cannot_be_written_is_told() -> None:
    async with engine_with(MemorySecrets()) as engine:
        await to_thread.run_sync(os.remove, engine.config)
        await to_thread.run_sync(os.mkdir, engine.config)
        error = await refusal(engine, TARGETS_ADD, target=EAST)
    assert isinstance(error, ConfigError)
