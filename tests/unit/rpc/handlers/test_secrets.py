from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import anyio
import pytest

from parleqd.core.errors import OutsideError, ParleqError, RefusedError
from parleqd.core.ports import Secrets
from parleqd.protocol.methods import SECRETS_DELETE, SECRETS_SET, SECRETS_STATUS, Method
from parleqd.protocol.names import Reason
from tests.fakes.chat import FakeChat
from tests.fakes.cloud import cloud
from tests.fakes.engine import Engine, ask, running_engine
from tests.fakes.secrets import LockedSecrets, MemorySecrets

KEY = "k3y-of-the-test"
CONFIG = """
[[cleanup.target]]
name = "eastus"
provider = "azure-openai"
resource = "east"
deployment = "gpt-4o-mini"
auth = "api-key"

[[cleanup.target]]
name = "signed-in"
provider = "azure-openai"
resource = "west"
deployment = "gpt-4o-mini"
auth = "azure-cli"

[[cleanup.target]]
name = "pasted"
provider = "azure-openai"
resource = "north"
deployment = "gpt-4o-mini"
auth = "token"

[[cleanup.target]]
name = "service"
provider = "azure-openai"
resource = "south"
deployment = "gpt-4o-mini"
auth = "client-secret"

[[cleanup.target]]
name = "local"
provider = "openai-compatible"
resource = "http://127.0.0.1:8080/v1"
deployment = "small"
auth = "api-key"
"""


def engine_with(
    secrets: Secrets, environment: Mapping[str, str] | None = None, config: str = CONFIG
) -> AbstractAsyncContextManager[Engine]:
    return running_engine(config, cloud=cloud(FakeChat(), secrets, environment=environment))


async def listed(engine: Engine) -> dict[str, tuple[str, str, str | None]]:
    """Each target: where its key comes from, from which variable, and what ails the keyring."""
    entries = (await ask(engine, SECRETS_STATUS))["secrets"]
    return {entry["name"]: (entry["state"], entry.get("variable", ""), entry.get("reason")) for entry in entries}


async def refusal(engine: Engine, method: Method[Any, Any], **params: object) -> ParleqError:
    with pytest.raises(ParleqError) as raised:
        await ask(engine, method, **params)
    return raised.value


@pytest.mark.asyncio
async def test_the_status_tells_where_each_key_comes_from() -> None:
    secrets = MemorySecrets()
    async with engine_with(secrets) as engine:
        assert await listed(engine) == {
            "eastus": ("missing", "", None),
            "signed-in": ("not_needed", "", None),
            "pasted": ("missing", "", None),
            "service": ("missing", "", None),
            "local": ("not_needed", "", None),
        }
    secrets.kept = {"target/pasted": KEY, "target/local": KEY}
    async with engine_with(secrets, {"AZURE_OPENAI_KEY": KEY, "AZURE_CLIENT_SECRET": KEY}) as engine:
        assert await listed(engine) == {
            "eastus": ("environment", "AZURE_OPENAI_KEY", None),
            "signed-in": ("not_needed", "", None),
            "pasted": ("stored", "", None),
            "service": ("environment", "AZURE_CLIENT_SECRET", None),
            "local": ("stored", "", None),
        }
        one = await ask(engine, SECRETS_STATUS, name="pasted")
        assert [(entry["name"], entry["auth"]) for entry in one["secrets"]] == [("pasted", "token")]


@pytest.mark.asyncio
async def test_a_locked_keyring_is_told_where_nothing_else_has_the_key() -> None:
    async with engine_with(LockedSecrets(), {"AZURE_OPENAI_API_KEY": KEY}) as engine:
        states = await listed(engine)
        assert states["eastus"] == ("environment", "AZURE_OPENAI_API_KEY", None)
        assert states["signed-in"] == ("not_needed", "", None)
        assert states["pasted"] == ("unknown", "", Reason.KEYRING_LOCKED)
        for method, params in ((SECRETS_SET, {"secret": KEY}), (SECRETS_DELETE, {})):
            problem = await refusal(engine, method, name="eastus", **params)
            assert isinstance(problem, OutsideError)
            assert (problem.reason, problem.hint) == (Reason.KEYRING_LOCKED, "unlock it")


@pytest.mark.asyncio
async def test_a_key_is_kept_without_the_line_end_and_used_at_once() -> None:
    secrets = MemorySecrets()
    async with engine_with(secrets) as engine:
        before = engine.services.targets.polisher
        entry = await ask(engine, SECRETS_SET, name="eastus", secret=f"{KEY}\r\n")
        assert (entry["state"], secrets.kept) == ("stored", {"target/eastus": KEY})
        between = engine.services.targets.polisher
        entry = await ask(engine, SECRETS_DELETE, name="eastus")
        assert (entry["state"], secrets.kept) == ("missing", {})
        assert engine.services.targets.polisher not in (before, between)
        assert between is not before
        assert (await ask(engine, SECRETS_DELETE, name="eastus"))["state"] == "missing"


@pytest.mark.parametrize(
    ("secret", "reason"), [("", Reason.BAD_REQUEST), (" \n", Reason.BAD_REQUEST), ("a\nb", Reason.KEY_REJECTED)]
)
@pytest.mark.asyncio
async def test_what_is_no_key_is_not_kept(secret: str, reason: Reason) -> None:
    secrets = MemorySecrets()
    async with engine_with(secrets) as engine:
        problem = await refusal(engine, SECRETS_SET, name="eastus", secret=secret)
        assert isinstance(problem, RefusedError)
        assert problem.reason is reason
        assert problem.hint
    assert secrets.kept == {}


@pytest.mark.parametrize(
    ("method", "params"), [(SECRETS_SET, {"secret": KEY}), (SECRETS_DELETE, {}), (SECRETS_STATUS, {})]
)
@pytest.mark.asyncio
async def test_only_configured_targets_have_keys(method: Method[Any, Any], params: dict[str, str]) -> None:
    secrets = MemorySecrets()
    async with engine_with(secrets) as engine:
        problem = await refusal(engine, method, name="eastsu", **params)
        assert problem.reason is Reason.NOT_CONFIGURED
        assert problem.hint == "did you mean eastus? the targets are: eastus, signed-in, pasted, service, local"
    async with engine_with(secrets, config="") as engine:
        assert "[[cleanup.target]]" in (await refusal(engine, method, name="eastus", **params)).hint
    assert secrets.kept == {}


@pytest.mark.asyncio
async def test_no_answer_error_or_record_holds_the_key() -> None:
    async with engine_with(MemorySecrets(), {"AZURE_OPENAI_API_KEY": KEY}) as engine:
        answers = [
            await ask(engine, SECRETS_SET, name="eastus", secret=KEY),
            await ask(engine, SECRETS_SET, name="signed-in", secret=KEY),
            await ask(engine, SECRETS_STATUS),
            await ask(engine, SECRETS_DELETE, name="eastus"),
        ]
        problems = [
            await refusal(engine, SECRETS_SET, name=KEY, secret="x"),
            await refusal(engine, SECRETS_SET, name="eastus", secret=f"{KEY}\n{KEY}"),
        ]
        await anyio.wait_all_tasks_blocked()
        told = [repr(answers), *(f"{problem}{problem.hint}" for problem in problems), repr(engine.log.records)]
    assert all(KEY not in text for text in told)
