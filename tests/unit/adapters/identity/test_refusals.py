"""Errors of azure-identity by what they mean."""

from __future__ import annotations

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError, ServiceResponseError
from azure.identity import CredentialUnavailableError

from parleqd.adapters.identity.refusals import meaning
from parleqd.core.settings.sections import Auth
from parleqd.protocol.names import Reason


def refused(sentence: str) -> ClientAuthenticationError:
    return ClientAuthenticationError(message=f"Authentication failed: {sentence}")


def wrapped(cause: Exception) -> Exception:
    error = refused(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (refused("AADSTS7000215: canary"), 401, Reason.TOKEN_FAILED),
        (refused("AADSTS90002: canary"), 400, Reason.TOKEN_FAILED),
        (refused("canary"), 429, Reason.SERVICE_UNAVAILABLE),
        (refused("AADSTS90033: canary"), 503, Reason.SERVICE_UNAVAILABLE),
        (wrapped(ServiceRequestError("canary")), None, Reason.NETWORK_ERROR),
        (ServiceResponseError("canary"), None, Reason.NETWORK_ERROR),
        (requests.exceptions.ConnectionError("canary"), None, Reason.NETWORK_ERROR),
        (TimeoutError("canary"), None, Reason.NETWORK_ERROR),
        (wrapped(ServiceRequestError("[SSL: CERTIFICATE_VERIFY_FAILED] canary")), None, Reason.TLS_ERROR),
        (ValueError("canary is no tenant"), None, Reason.TOKEN_FAILED),
        (refused("canary"), 200, Reason.TOKEN_FAILED),
    ],
)
def test_an_error_has_a_reason_and_a_remedy_and_quotes_nothing(
    error: Exception, status: int | None, reason: Reason
) -> None:
    found = meaning(error, Auth.CLIENT_SECRET, status)
    assert (found.reason, bool(found.hint)) == (reason, True)
    assert "canary" not in found.message + found.hint


@pytest.mark.parametrize(("code", "named"), [("7000215", "secret is wrong"), ("12345678", "AADSTS12345678")])
def test_the_code_of_entra_is_named_and_what_it_means_where_that_helps(code: str, named: str) -> None:
    found = meaning(refused(f"AADSTS{code}: whatever"), Auth.CLIENT_SECRET, 400)
    assert named in found.message
    assert f"AADSTS{code}" in found.message


@pytest.mark.parametrize("error", [CredentialUnavailableError("x"), ServiceRequestError("no route to 169.254.169.254")])
def test_a_machine_without_a_managed_identity(error: Exception) -> None:
    found = meaning(error, Auth.MANAGED_IDENTITY, None)
    assert "managed identity" in found.message


def test_of_what_nobody_foresaw_the_type_is_named() -> None:
    assert meaning(KeyError("canary"), Auth.CLIENT_SECRET, 200).message == "azure-identity gave no token (KeyError)"


def test_errors_in_a_circle_are_read_once() -> None:
    one, other = refused("AADSTS53003: x"), ValueError("y")
    one.__cause__, other.__cause__ = other, one
    assert "AADSTS53003" in meaning(other, Auth.CLIENT_SECRET, None).message
