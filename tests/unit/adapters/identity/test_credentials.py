"""What azure-identity is given, and what is missing for it. (What it then sends: ``tests/contract``.)"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parleqd.adapters.identity.credentials import connect
from parleqd.core.errors import OutsideError
from parleqd.core.settings.sections import Auth
from parleqd.protocol.names import Reason

ENVIRONMENT = {"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_FEDERATED_TOKEN_FILE": "/no/such/file"}


def refusal(auth: Auth, environment: dict[str, str]) -> str:
    with pytest.raises(OutsideError) as caught:
        connect(auth, environment, "s", print)
    assert caught.value.reason is Reason.TOKEN_FAILED
    assert caught.value.hint
    return caught.value.message


@pytest.mark.parametrize(
    ("auth", "names"),
    [
        (Auth.CLIENT_SECRET, ["AZURE_TENANT_ID", "AZURE_CLIENT_ID"]),
        (Auth.WORKLOAD_IDENTITY, ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"]),
    ],
)
def test_a_variable_that_is_not_set_is_named(auth: Auth, names: list[str]) -> None:
    for name in names:
        assert name in refusal(auth, {**ENVIRONMENT, name: " "})


@pytest.mark.parametrize("auth", [Auth.CLIENT_SECRET, Auth.MANAGED_IDENTITY, Auth.WORKLOAD_IDENTITY])
def test_without_the_library_its_extra_is_named(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    assert "azure-identity" in refusal(auth, ENVIRONMENT)


def test_a_federated_token_that_is_not_there() -> None:
    credential = connect(Auth.WORKLOAD_IDENTITY, ENVIRONMENT, "", print)
    with pytest.raises(OutsideError, match="No such file"):
        credential.get_token_info("scope")
    credential.close()


def test_a_federated_token_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"\xff\xfe")
    credential = connect(Auth.WORKLOAD_IDENTITY, {**ENVIRONMENT, "AZURE_FEDERATED_TOKEN_FILE": str(file)}, "", print)
    with pytest.raises(OutsideError, match="no text"):
        credential.get_token_info("scope")
    credential.close()


@pytest.mark.parametrize("authority", ["http://localhost", "http://login.microsoftonline.com/"])
def test_an_authority_without_tls_gets_no_secret(authority: str) -> None:
    with pytest.raises(ValueError, match="https"):
        connect(Auth.CLIENT_SECRET, {**ENVIRONMENT, "AZURE_AUTHORITY_HOST": authority}, "s", print)
