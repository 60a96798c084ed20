"""Credentials in threads: given up, not piled up, and their secrets from the right place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import anyio
import anyio.lowlevel
import pytest

from parleqd.adapters.identity.azure_identity import AzureIdentityTokens
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Token
from parleqd.core.settings.sections import Auth
from parleqd.protocol.names import Reason
from tests.fakes.secrets import LockedSecrets, MemorySecrets
from tests.refusals import reason_when


class Minted(NamedTuple):
    token: str
    expires_on: int
    refresh_on: int | None = None


class Library:
    """Credentials without azure-identity: what they were made with, and one answer or error for all."""

    def __init__(self, error: Exception | None = None) -> None:
        self.secrets: list[str] = []
        self.open = 0
        self.answers = threading.Event()
        self.answers.set()
        self._error = error

    def connect(
        self, auth: Auth, environment: Mapping[str, str], secret: str, heard: Callable[[int], object]
    ) -> Library:
        self.secrets.append(secret)
        self.open += 1
        return self

    def get_token_info(self, *scopes: str) -> Minted:
        assert self.answers.wait(10)
        if self._error is not None:
            raise self._error
        return Minted(f"for {scopes[0]}", 100, 50)

    def close(self) -> None:
        self.open -= 1


def tokens(
    library: Library,
    auth: Auth = Auth.MANAGED_IDENTITY,
    kept: str | None = None,
    own: Mapping[str, str] = MappingProxyType({}),
    timeout_s: float = 10,
) -> AzureIdentityTokens:
    secrets = MemorySecrets()
    if kept is not None:
        secrets.kept["target/a"] = kept
    return AzureIdentityTokens(
        auth, lambda: secrets.get("target/a"), environment=own, timeout_s=timeout_s, connect=library.connect
    )


@pytest.mark.asyncio
async def test_each_token_takes_a_credential_of_its_own_which_is_closed() -> None:
    library = Library()
    source = tokens(library)
    assert [await source.mint("a"), await source.mint("b")] == [Token("for a", 100, 50), Token("for b", 100, 50)]
    assert (len(library.secrets), library.open) == (2, 0)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("kept", "own", "secret"),
    [
        ("kept\n", {}, "kept"),
        ("kept", {"AZURE_CLIENT_SECRET": "own"}, "kept"),
        (None, {"AZURE_CLIENT_SECRET": "own"}, "own"),
    ],
)
async def test_the_targets_own_secret_goes_before_the_environments(kept: str, own: dict[str, str], secret: str) -> None:
    library = Library()
    await tokens(library, Auth.CLIENT_SECRET, kept, own).mint("a")
    assert library.secrets == [secret]


@pytest.mark.asyncio
async def test_no_secret_anywhere() -> None:
    library = Library()
    assert await reason_when(tokens(library, Auth.CLIENT_SECRET).mint("a")) is Reason.KEY_MISSING
    assert library.secrets == []


@pytest.mark.asyncio
async def test_a_locked_keyring_does_not_block_the_environment() -> None:
    def source(environment: dict[str, str]) -> AzureIdentityTokens:
        get = LockedSecrets().get
        return AzureIdentityTokens(
            Auth.CLIENT_SECRET, lambda: get("target/a"), environment=environment, connect=Library().connect
        )

    assert await source({"AZURE_CLIENT_SECRET": "own"}).mint("a") == Token("for a", 100, 50)
    assert await reason_when(source({}).mint("a")) is Reason.KEYRING_LOCKED


@pytest.mark.asyncio
async def test_no_other_mode_asks_the_keyring() -> None:
    locked = LockedSecrets()
    source = AzureIdentityTokens(
        Auth.WORKLOAD_IDENTITY, lambda: locked.get("a"), environment={}, connect=Library().connect
    )
    assert await source.mint("a") == Token("for a", 100, 50)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("x"), Reason.TOKEN_FAILED),
        (KeyError("x"), Reason.TOKEN_FAILED),
        (OutsideError(Reason.TLS_ERROR, "m", "h"), Reason.TLS_ERROR),
    ],
)
async def test_what_is_raised_has_a_reason(error: Exception, reason: Reason) -> None:
    library = Library(error)
    assert await reason_when(tokens(library).mint("a")) is reason
    assert library.open == 0


@pytest.mark.asyncio
async def test_one_that_never_answers_is_given_up_and_not_followed_by_another_meanwhile() -> None:
    library = Library()
    library.answers.clear()
    source = tokens(library, timeout_s=0.05)
    assert await reason_when(source.mint("a")) is Reason.NETWORK_ERROR
    assert await reason_when(source.mint("a")) is Reason.NETWORK_ERROR
    assert len(library.secrets) == 1
    library.answers.set()
    with anyio.fail_after(5):
        while not source._given_up.is_set():
            await anyio.lowlevel.checkpoint()
    assert len(library.secrets) == 1


@pytest.mark.asyncio
async def test_cancelling_does_not_wait_for_the_thread() -> None:
    library = Library()
    library.answers.clear()
    source = tokens(library)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(source.mint, "a")
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert not source._given_up.is_set()
    library.answers.set()


@pytest.mark.asyncio
async def test_one_that_was_cancelled_before_it_began_holds_nothing_up() -> None:
    source = tokens(Library())
    with anyio.CancelScope() as scope:
        scope.cancel()
        await source.mint("a")
    assert await source.mint("a") == Token("for a", 100, 50)


@pytest.mark.asyncio
async def test_two_scopes_at_once() -> None:
    source = tokens(Library())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(source.mint, "a")
        tasks.start_soon(source.mint, "b")
