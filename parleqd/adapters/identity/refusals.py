"""What an error of azure-identity means. What the service answered is never quoted, but for Entra's error code.

Errors are told apart by their types' names and by status, since the library wraps those of three others (azure-core,
msal, requests) and this module must not load any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from parleqd.core.errors import OutsideError
from parleqd.core.settings.sections import Auth
from parleqd.protocol.names import Reason

_CODE = re.compile(r"AADSTS(\d{4,8})")
_NETWORK = frozenset(
    ("ServiceRequestError", "ServiceResponseError", "ServiceRequestTimeoutError", "ServiceResponseTimeoutError",
     "IncompleteReadError", "RequestException", "ConnectionError", "OSError")
)  # fmt: skip
_TLS = re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLError")

# Entra's public list of codes: those whose remedy a user can act on, for services that sign in by themselves.
_CODES: Mapping[str, tuple[str, str]] = {
    "7000215": ("the client secret is wrong", "keep the secret's value, not its id, with `parleqctl secret set`"),
    "7000222": ("the client secret has expired", "make a new one and keep it with `parleqctl secret set`"),
    "700016": ("the tenant has no application of this client id", "correct AZURE_CLIENT_ID or AZURE_TENANT_ID"),
    "90002": ("there is no such tenant", "correct AZURE_TENANT_ID, and AZURE_AUTHORITY_HOST in another cloud"),
    "900023": ("the tenant's id is no id", "correct AZURE_TENANT_ID"),
    "700213": ("no federated credential of the application matches the token", "correct its subject in Entra"),
    "700211": ("no federated credential of the application matches the token", "correct its issuer in Entra"),
    "70021": ("no federated credential of the application matches the token", "correct it in Entra"),
    "700024": ("the federated token is out of date", "see that the cluster renews AZURE_FEDERATED_TOKEN_FILE"),
    "500011": ("the tenant knows no service of this scope", "correct the scope; it belongs to the cloud's region"),
    "53003": ("the tenant's conditional access forbids it", "ask the tenant's administrator what it asks for"),
}
_NO_MANAGED_IDENTITY = (
    "the managed identity of this machine gives no token",
    "assign one to the machine; AZURE_CLIENT_ID names one that a user made; elsewhere than in Azure use another auth",
)


def meaning(error: BaseException, auth: Auth, status: int | None) -> OutsideError:
    """The reason of what was raised in this mode. ``status``: of the last answer, ``None`` when there was none.

    Of what is not known the type is named: a strange answer makes the library raise nearly anything.
    """
    causes = list(_chain(error))
    kinds = {base.__name__ for cause in causes for base in type(cause).__mro__}
    said = " ".join(str(cause) for cause in causes)
    if _TLS.search(said):
        return OutsideError(
            Reason.TLS_ERROR,
            "the certificate of the sign-in service is not trusted",
            "behind a proxy that opens TLS, name its CA file in REQUESTS_CA_BUNDLE in parleqd's environment",
        )
    if status is not None and (status == 429 or status >= 500):
        return OutsideError(
            Reason.SERVICE_UNAVAILABLE, "the sign-in service is busy", "nothing to do but wait; it is tried again"
        )
    if code := _CODE.search(said):
        return _refused(code[1])
    if auth is Auth.MANAGED_IDENTITY:
        return OutsideError(Reason.TOKEN_FAILED, *_NO_MANAGED_IDENTITY)
    if kinds & _NETWORK:
        return OutsideError(
            Reason.NETWORK_ERROR, "the sign-in service cannot be reached", "check the network, VPN and proxy"
        )
    return OutsideError(
        Reason.TOKEN_FAILED,
        f"azure-identity gave no token ({type(error).__name__})",
        "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_AUTHORITY_HOST in parleqd's environment",
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _refused(code: str) -> OutsideError:
    known, hint = _CODES.get(code, ("", ""))
    return OutsideError(
        Reason.TOKEN_FAILED,
        f"Entra gives no token: {known} (AADSTS{code})" if known else f"Entra gives no token (AADSTS{code})",
        hint or f"Entra explains the code at https://login.microsoftonline.com/error?code={code}",
    )
