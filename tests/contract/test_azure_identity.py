"""What the three ways of signing in by azure-identity send, held against the library's own credentials, and what they
make of the answers. The authority is an emulated one on loopback (``tests/peers/azure_authority.py``).
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import anyio.to_thread
import pytest

from parleqd.adapters.identity.azure_identity import AzureIdentityTokens
from parleqd.adapters.identity.credentials import Credential
from parleqd.core.errors import OutsideError
from parleqd.core.ports import TokenSource
from parleqd.core.settings.sections import Auth
from parleqd.protocol.names import Reason
from tests.contract.conftest import Environment
from tests.peers.azure_authority import TENANT, Answer, Request, running_authority
from tests.peers.azure_variables import AUDIENCE, CLIENT, FEDERATED, SCOPE, SECRET
from tests.peers.certificates import Certificates

MODES = [Auth.CLIENT_SECRET, Auth.MANAGED_IDENTITY, Auth.WORKLOAD_IDENTITY]


async def nothing_kept() -> str | None:
    return None


async def refused(source: TokenSource) -> OutsideError:
    with pytest.raises(OutsideError) as caught:
        await source.mint(SCOPE)
    assert caught.value.hint
    return caught.value


def sent(request: Request) -> tuple[object, ...]:
    """What a service looks at; the rest is who asks, and when."""
    headers = {
        name: request.headers.get(name, "")
        for name in ("content-type", "x-identity-header", "metadata", "authorization")
    }
    form = {name: value.strip() for name, value in request.form.items()}  # the library sends the token file's newline
    return request.method, request.path, request.query, form, headers


def ask_the_library(auth: Auth, handed: dict[str, str]) -> None:
    """Have its own credential for the mode, set up as its documentation says, ask for a token."""
    from azure import identity

    tenant, client, authority = (handed[f"AZURE_{name}"] for name in ("TENANT_ID", "CLIENT_ID", "AUTHORITY_HOST"))
    file = handed["AZURE_FEDERATED_TOKEN_FILE"]
    known: dict[str, Any] = {"authority": authority, "disable_instance_discovery": True}
    credential: Credential
    match auth:
        case Auth.CLIENT_SECRET:
            credential = identity.ClientSecretCredential(tenant, client, SECRET, **known)
        case Auth.MANAGED_IDENTITY:
            credential = identity.ManagedIdentityCredential(client_id=client or None)
        case _:
            credential = identity.WorkloadIdentityCredential(
                tenant_id=tenant, client_id=client, token_file_path=file, **known
            )
    with closing(credential):
        credential.get_token(SCOPE)


EXPECTED: dict[Auth, tuple[str, dict[str, str]]] = {
    Auth.CLIENT_SECRET: (
        f"/{TENANT}/oauth2/v2.0/token",
        {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "client_credentials", "scope": SCOPE},
    ),
    Auth.WORKLOAD_IDENTITY: (
        f"/{TENANT}/oauth2/v2.0/token",
        {
            "client_id": CLIENT,
            "client_assertion": FEDERATED,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "grant_type": "client_credentials",
            "scope": SCOPE,
        },
    ),
    Auth.MANAGED_IDENTITY: ("/msi/token", {"api-version": "2019-08-01", "resource": AUDIENCE, "client_id": CLIENT}),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("auth", MODES)
async def test_the_request_is_the_librarys_own(
    auth: Auth, certificates: Certificates, environment: Environment
) -> None:
    async with running_authority(certificates) as authority:
        handed = environment(authority)
        await AzureIdentityTokens(auth, nothing_kept, environment=handed).mint(SCOPE)
        ours = list(authority.log)
        authority.log.clear()
        await anyio.to_thread.run_sync(ask_the_library, auth, handed)
        assert [sent(request) for request in ours] == [sent(request) for request in authority.log]
    path, fields = EXPECTED[auth]
    assert ours[-1].path == path
    assert (ours[-1].form or ours[-1].query).items() >= fields.items()


@pytest.mark.asyncio
@pytest.mark.parametrize("client", [CLIENT, ""], ids=["the user's", "the system's"])
async def test_the_identity_of_a_virtual_machine(
    client: str, certificates: Certificates, environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_authority(certificates) as authority:
        handed = {**environment(authority), "AZURE_CLIENT_ID": client}
        monkeypatch.delenv("IDENTITY_ENDPOINT")
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", authority.plain)
        source = AzureIdentityTokens(Auth.MANAGED_IDENTITY, nothing_kept, environment=handed)
        assert (await source.mint(SCOPE)).value == authority.issued[-1]
        [ours] = authority.log
        chosen = {"client_id": client} if client else {}
        assert ours.query == {"api-version": "2018-02-01", "resource": AUDIENCE, **chosen}
        assert ours.headers["metadata"] == "true"
        await anyio.to_thread.run_sync(ask_the_library, Auth.MANAGED_IDENTITY, handed)
        assert sent(authority.log[-1]) == sent(ours)
        authority.failures["managed_identity"] = Answer({"error": "invalid_request"}, 400)
        assert "managed identity" in (await refused(source)).message


@pytest.mark.asyncio
async def test_a_token_is_renewed_when_its_service_says_so_or_half_way(
    certificates: Certificates, environment: Environment
) -> None:
    async with running_authority(certificates) as authority:
        handed = environment(authority)
        authority.expires_in, authority.refresh_in = 4000, 1000
        token = await AzureIdentityTokens(Auth.CLIENT_SECRET, nothing_kept, environment=handed).mint(SCOPE)
        assert token.renew_at == pytest.approx(token.expires - 3000, abs=5)
        authority.expires_in, authority.refresh_in = 86400, None
        token = await AzureIdentityTokens(Auth.MANAGED_IDENTITY, nothing_kept, environment=handed).mint(SCOPE)
        assert token.renew_at == pytest.approx(token.expires - 43200, abs=5)


@pytest.mark.asyncio
@pytest.mark.parametrize("auth", MODES)
async def test_each_token_is_new_and_errors_have_their_reasons(
    auth: Auth, certificates: Certificates, environment: Environment, caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    grant = "managed_identity" if auth is Auth.MANAGED_IDENTITY else "client_credentials"
    errors = []
    with caplog.at_level("DEBUG"):
        async with running_authority(certificates) as authority:
            source = AzureIdentityTokens(auth, nothing_kept, environment=environment(authority))
            assert (await source.mint(SCOPE)).value != (await source.mint(SCOPE)).value
            authority.failures[grant] = Answer({"error": "canary"}, 503)
            errors.append(await refused(source))
            authority.failures.clear()
            authority.down = True
            errors.append(await refused(source))
    # Where nothing answers there is no managed identity: that is how it shows.
    offline = Reason.TOKEN_FAILED if auth is Auth.MANAGED_IDENTITY else Reason.NETWORK_ERROR
    assert [error.reason for error in errors] == [Reason.SERVICE_UNAVAILABLE, offline]
    shown = "".join([caplog.text, *capfd.readouterr(), *(error.message + error.hint for error in errors)])
    assert not [secret for secret in ["canary", *authority.issued] if secret in shown]


@pytest.mark.asyncio
@pytest.mark.parametrize("auth", MODES)
@pytest.mark.parametrize("body", [{}, {"access_token": 5, "expires_in": "soon"}, {"access_token": "t"}])
async def test_a_strange_answer_is_a_failure_of_the_token(
    auth: Auth, body: dict[str, object], certificates: Certificates, environment: Environment
) -> None:
    async with running_authority(certificates) as authority:
        source = AzureIdentityTokens(auth, nothing_kept, environment=environment(authority))
        authority.failures = dict.fromkeys(["client_credentials", "managed_identity"], Answer(body))
        assert (await refused(source)).reason is Reason.TOKEN_FAILED
