from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import anyio
import pytest

from parleqd.core.ports import Secrets
from parleqd.engine.keys import Keys
from parleqd.protocol.names import Reason
from tests.fakes.log import MemoryLog
from tests.fakes.secrets import LockedSecrets, MemorySecrets

VARIABLES = ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY")


@asynccontextmanager
async def running(secrets: Secrets, environment: Mapping[str, str] | None = None) -> AsyncIterator[Keys]:
    keys = Keys(secrets, "target/east", VARIABLES, environment or {}, MemoryLog())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keys.run)
        await anyio.wait_all_tasks_blocked()
        yield keys
        tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_the_keyring_goes_before_the_environment() -> None:
    secrets = MemorySecrets()
    secrets.kept["target/east"] = "stored"
    async with running(secrets, {"AZURE_OPENAI_API_KEY": "set"}) as keys:
        assert keys.secret == "stored"
    async with running(MemorySecrets(), {"AZURE_OPENAI_KEY": "older"}) as keys:
        assert keys.secret == "older"


@pytest.mark.asyncio
async def test_an_edit_counts_from_the_next_dictation_on() -> None:
    secrets = MemorySecrets()
    async with running(secrets) as keys:
        assert keys.secret is None
        assert (keys.absence.reason, keys.absence.hint) == (
            Reason.KEY_MISSING,
            "store it with `parleqctl secret set east`",
        )
        secrets.kept["target/east"] = "new"
        keys.want()
        await anyio.wait_all_tasks_blocked()
        assert await keys.replace("new") is None
        secrets.kept["target/east"] = "newer"
        assert await keys.replace("new") == "newer"
        secrets.kept["target/east"] = "new"
        assert await keys.replace("old") == "new"


@pytest.mark.asyncio
async def test_a_locked_keyring_does_not_block_the_environment() -> None:
    async with running(LockedSecrets(), {"AZURE_OPENAI_KEY": "set"}) as keys:
        assert keys.secret == "set"
    async with running(LockedSecrets()) as keys:
        assert keys.secret is None
        assert keys.absence.reason is Reason.KEYRING_LOCKED
