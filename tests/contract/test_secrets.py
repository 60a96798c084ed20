"""What every keeper of secrets must do (for the system's keyring see ``tests/unit/adapters/secrets``)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from parleqd.adapters.secrets.keyring import KeyringSecrets
from parleqd.core.ports import Secrets
from tests.fakes.secrets import MemorySecrets, Shelf


def keyring_in_memory() -> Secrets:
    shelf = Shelf()
    return KeyringSecrets(lambda: shelf)


SECRETS: list[Callable[[], Secrets]] = [MemorySecrets, keyring_in_memory]


@pytest.fixture(params=SECRETS, ids=lambda make: make.__name__)
def secrets(request: pytest.FixtureRequest) -> Secrets:
    make: Callable[[], Secrets] = request.param
    return make()


@pytest.mark.asyncio
async def test_what_was_set_last_is_kept_under_its_name(secrets: Secrets) -> None:
    await secrets.set("a", "old")
    await secrets.set("a", "käse")
    await secrets.set("b", "other")
    assert (await secrets.get("a"), await secrets.get("b"), await secrets.get("c")) == ("käse", "other", None)


@pytest.mark.asyncio
async def test_deleting_is_for_good_and_twice_is_no_error(secrets: Secrets) -> None:
    await secrets.set("a", "x")
    await secrets.delete("a")
    await secrets.delete("a")
    assert await secrets.get("a") is None
