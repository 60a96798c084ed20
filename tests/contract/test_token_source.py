"""What every way of signing in must do, and what the one by ``az`` does with the real ``az``.

The authority is an emulated one on loopback (``tests/peers/azure_authority.py``); only ``az`` and the library are real.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

import anyio
import anyio.to_thread
import pytest

from parleqd.adapters.identity.az import AzTokens
from parleqd.adapters.identity.azure_identity import AzureIdentityTokens
from parleqd.core.errors import OutsideError
from parleqd.core.identity import jwt
from parleqd.core.ports import Token, TokenSource
from parleqd.core.settings.sections import Auth
from parleqd.protocol.names import Reason
from tests.contract.conftest import Environment
from tests.fakes.token_source import ScriptedTokens
from tests.parts import need
from tests.peers.azure_authority import (
    TENANT,
    Answer,
    Authority,
    Silence,
    refusal,
    running_authority,
)
from tests.peers.azure_cli import AzureCli
from tests.peers.azure_variables import AUDIENCE, CLIENT, SCOPE, SECRET
from tests.peers.certificates import Certificates

pytestmark = pytest.mark.timeout(120)  # `az` is a large program on a small machine


class Kit(Protocol):
    """A way of signing in, and how to make it fail."""

    source: TokenSource

    async def refuse(self) -> None:
        """From now on there is no token."""

    async def mend(self) -> None:
        """From now on there is again."""

    def fall_silent(self) -> None:
        """From now on there is no answer at all."""

    async def wait_until_asked(self) -> None:
        """Until somebody waits for that answer."""


class ScriptedKit:
    def __init__(self) -> None:
        self._scripted = ScriptedTokens([])
        self.source: TokenSource = self._scripted

    async def refuse(self) -> None:
        self._scripted.then(OutsideError(Reason.TOKEN_FAILED, "no token", "ask again"))

    async def mend(self) -> None:
        self._scripted.then(Token("opaque", time.time() + 600))

    def fall_silent(self) -> None:
        self._scripted.then(anyio.Event())

    async def wait_until_asked(self) -> None:
        await anyio.wait_all_tasks_blocked()


class EmulatedKit:
    """``grant``: what fails. ``az`` forgets its refusals when one is given."""

    def __init__(self, source: TokenSource, authority: Authority, grant: str, az: AzureCli | None = None) -> None:
        self.source = source
        self._authority = authority
        self._grant = grant
        self._az = az
        self._silence = Silence()

    async def refuse(self) -> None:
        self._authority.failures[self._grant] = refusal(50173, "Revoked.")

    async def mend(self) -> None:
        self._authority.failures.clear()
        if self._az is not None:
            await self._az.forget_refusals()

    def fall_silent(self) -> None:
        self._authority.silence = self._silence

    async def wait_until_asked(self) -> None:
        await self._silence.begun.wait()

    def end_silence(self) -> None:
        self._silence.over.set()


async def nothing_kept() -> str | None:
    return None


@asynccontextmanager
async def scripted(certificates: Certificates, folder: Path, environment: Environment) -> AsyncIterator[Kit]:
    kit = ScriptedKit()
    await kit.mend()
    yield kit


@asynccontextmanager
async def library(
    auth: Auth, certificates: Certificates, folder: Path, environment: Environment
) -> AsyncIterator[EmulatedKit]:
    grant = "managed_identity" if auth is Auth.MANAGED_IDENTITY else "client_credentials"
    async with running_authority(certificates) as authority:
        source = AzureIdentityTokens(auth, nothing_kept, environment=environment(authority))
        kit = EmulatedKit(source, authority, grant)
        yield kit
        kit.end_silence()  # a thread that was given up ends by its answer only
        assert await anyio.to_thread.run_sync(source._given_up.wait, 10)


@asynccontextmanager
async def azure_cli(certificates: Certificates, folder: Path, environment: Environment) -> AsyncIterator[EmulatedKit]:
    async with running_authority(certificates) as authority, signed_in(certificates, folder, authority) as az:
        authority.expires_in = 200  # so short that it asks the authority every time
        await az.log_in()
        yield EmulatedKit(AzTokens(environment=az.environment), authority, "refresh_token", az)


@asynccontextmanager
async def signed_in(certificates: Certificates, folder: Path, authority: Authority) -> AsyncIterator[AzureCli]:
    az = AzureCli(need("az"), folder, authority, certificates)
    await az.register()
    yield az


MODES = [Auth.CLIENT_SECRET, Auth.MANAGED_IDENTITY, Auth.WORKLOAD_IDENTITY]
KITS: dict[str, Callable[[Certificates, Path, Environment], AbstractAsyncContextManager[Kit]]] = {
    "scripted": scripted,
    "azure-cli": azure_cli,
    **{str(auth): partial(library, auth) for auth in MODES},
}

Open = Callable[[], AbstractAsyncContextManager[Kit]]


@pytest.fixture(params=KITS)
def opened(
    request: pytest.FixtureRequest, certificates: Certificates, tmp_path: Path, environment: Environment
) -> Open:
    return partial(KITS[request.param], certificates, tmp_path, environment)


@pytest.mark.asyncio
async def test_a_token_lives_from_now_on_and_is_not_shown(opened: Open) -> None:
    async with opened() as kit:
        token = await kit.source.mint(SCOPE)
    assert token.expires > time.time() + 100
    assert token.value
    assert token.value not in repr(token)


@pytest.mark.asyncio
async def test_a_refusal_says_what_to_do_and_is_over_when_its_cause_is(opened: Open) -> None:
    async with opened() as kit:
        await kit.refuse()
        with pytest.raises(OutsideError) as caught:
            await kit.source.mint(SCOPE)
        await kit.mend()
        assert (await kit.source.mint(SCOPE)).value
    assert caught.value.reason is Reason.TOKEN_FAILED
    assert caught.value.message
    assert caught.value.hint
    assert "canary" not in caught.value.message + caught.value.hint


@pytest.mark.asyncio
async def test_cancelling_ends_the_wait(opened: Open) -> None:
    async with opened() as kit:
        kit.fall_silent()
        with anyio.fail_after(60):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(kit.source.mint, SCOPE)
                await kit.wait_until_asked()
                tasks.cancel_scope.cancel()


# ── the real az ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.asyncio
async def test_az_signed_in_out_and_in_again(certificates: Certificates, tmp_path: Path) -> None:
    async with running_authority(certificates) as authority, signed_in(certificates, tmp_path, authority) as az:
        source = AzTokens(environment=az.environment)
        assert (await refused(source)).reason is Reason.AZ_NOT_LOGGED_IN
        await az.log_in()
        first = await source.mint(SCOPE)
        claims = jwt.read(first.value)
        assert claims is not None
        assert claims.audience == AUDIENCE
        assert claims.expires == pytest.approx(first.expires, abs=5)
        assert (await source.mint(SCOPE)).value == first.value  # while it lives five minutes more
        assert (await AzTokens(tenant=TENANT, environment=az.environment).mint(SCOPE)).value == first.value
        await az.log_out()
        error = await refused(source)
        assert (error.reason, error.hint) == (Reason.AZ_NOT_LOGGED_IN, "run `az login`")
        await az.log_in_as_service(CLIENT, SECRET)
        assert (await source.mint(SCOPE)).value != first.value


@pytest.mark.asyncio
async def test_az_renews_or_tells_why_not(certificates: Certificates, tmp_path: Path) -> None:
    async with running_authority(certificates) as authority, signed_in(certificates, tmp_path, authority) as az:
        source = AzTokens(environment=az.environment)
        await az.log_in()
        authority.expires_in = 200
        assert (await source.mint(SCOPE)).value != (await source.mint(SCOPE)).value  # less than five minutes left

        authority.failures["refresh_token"] = refusal(700082, "The refresh token has expired due to inactivity.")
        error = await refused(source)
        assert error.reason is Reason.TOKEN_FAILED
        assert "AADSTS700082" in error.message
        assert error.hint.startswith("run `az login --tenant")

        await az.forget_refusals()
        authority.failures["refresh_token"] = Answer({}, 500)
        assert (await refused(source)).reason is Reason.SERVICE_UNAVAILABLE

        await az.forget_refusals()
        authority.failures.clear()
        authority.down = True
        assert (await refused(source)).reason is Reason.NETWORK_ERROR

        authority.down = False
        assert (await source.mint(SCOPE)).value


@pytest.mark.asyncio
async def test_az_with_a_subscription_or_a_certificate_that_is_unknown(
    certificates: Certificates, tmp_path: Path
) -> None:
    async with running_authority(certificates) as authority, signed_in(certificates, tmp_path, authority) as az:
        authority.expires_in = 200
        await az.log_in()
        error = await refused(AzTokens(subscription="none", environment=az.environment))
        assert (error.reason, error.message) == (Reason.TOKEN_FAILED, "az knows no such subscription")
        await az.forget_refusals()
        untrusting = {name: value for name, value in az.environment.items() if name != "REQUESTS_CA_BUNDLE"}
        assert (await refused(AzTokens(environment=untrusting))).reason is Reason.TLS_ERROR


@pytest.mark.asyncio
async def test_az_asks_the_authority_what_it_asks_for_azure_identity(
    certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask_the_library() -> float:
        from azure.identity import AzureCliCredential  # its import runs a program

        return float(AzureCliCredential(process_timeout=60).get_token(SCOPE).expires_on)

    async with running_authority(certificates) as authority, signed_in(certificates, tmp_path, authority) as az:
        await az.log_in()
        authority.expires_in = 200  # so short that it asks the authority every time
        ours = await AzTokens(environment=az.environment).mint(SCOPE)
        assert ours.value == authority.issued[-1]
        ours_asked, asked = asked_for(authority), len(authority.grants)
        for name, value in az.environment.items():
            monkeypatch.setenv(name, value)
        their_expiry = await anyio.to_thread.run_sync(ask_the_library)
        assert (asked_for(authority), len(authority.grants)) == (ours_asked, asked + 1)
    assert ours.expires == pytest.approx(their_expiry, abs=60)


def asked_for(authority: Authority) -> dict[str, str]:
    """The last grant's form, without what is new in each."""
    return {name: value for name, value in authority.grants[-1].form.items() if name != "refresh_token"}


async def refused(source: TokenSource) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        await source.mint(SCOPE)
    assert caught.value.hint
    return caught.value
