"""The credentials of azure-identity, set up from the usual ``AZURE_*`` variables. All of this runs in a thread.

Each serves for one token: they keep tokens too, and would hand out again the one that the service has just refused.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from parleqd.core.errors import OutsideError
from parleqd.core.settings.sections import Auth
from parleqd.protocol.names import Reason

_PATIENCE: dict[str, Any] = {"connection_timeout": 5, "read_timeout": 10, "retry_total": 1}
"""Seconds, and one retry: a thread cannot be ended, so its requests end by themselves. The engine tries again."""
_PUBLIC = frozenset(
    ("login.microsoftonline.com", "login.microsoft.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn",
     "login.chinacloudapi.cn")
)  # fmt: skip
"""Authorities that azure-identity may look up at Microsoft's directory of them; one of a private cloud is in none."""
_LOGGERS = ("azure", "msal", "urllib3")


class MintedToken(Protocol):
    """What is used of ``azure.core.credentials.AccessTokenInfo``."""

    @property
    def token(self) -> str:
        """Its value."""

    @property
    def expires_on(self) -> int:
        """Seconds since the epoch."""

    @property
    def refresh_on(self) -> int | None:
        """The same; when the service wants it renewed, or half-way for what lives two hours or more."""


class Credential(Protocol):
    """What is used of azure-identity's credentials."""

    def get_token_info(self, *scopes: str) -> MintedToken:
        """Blocks."""

    def close(self) -> None:
        """Close its connections."""


def connect(auth: Auth, environment: Mapping[str, str], secret: str, heard: Callable[[int], object]) -> Credential:
    """The credential for one of three modes. ``secret``: for ``client-secret``, else unused. ``heard``: is called with
    the status of every answer, since errors do not always tell it.

    ``managed-identity`` is found by azure-identity itself, in the variables of the process. Raises ``OutsideError``
    (``token_failed``) for what is not set and where azure-identity is not installed, and ``ValueError`` as it does.
    """
    try:
        import azure.identity as library
    except ModuleNotFoundError:
        raise OutsideError(
            Reason.TOKEN_FAILED,
            f'auth = "{auth}" needs azure-identity, which is not installed',
            "pip install 'parleqd[identity]', then restart parleqd",
        ) from None
    for name in _LOGGERS:  # they write warnings to stderr, with what the service answered
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    options = {**_PATIENCE, "raw_response_hook": lambda response: heard(response.http_response.status_code)}
    if auth is Auth.MANAGED_IDENTITY:
        return library.ManagedIdentityCredential(client_id=environment.get("AZURE_CLIENT_ID") or None, **options)
    tenant, client = (_set(environment, name, auth) for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID"))
    authority = environment.get("AZURE_AUTHORITY_HOST") or library.AzureAuthorityHosts.AZURE_PUBLIC_CLOUD
    if auth is Auth.WORKLOAD_IDENTITY:
        file = Path(_set(environment, "AZURE_FEDERATED_TOKEN_FILE", auth))
        return library.ClientAssertionCredential(
            tenant, client, lambda: _federated_token(file), authority=authority, **options
        )
    return library.ClientSecretCredential(
        tenant, client, secret, authority=authority, disable_instance_discovery=not _is_public(authority), **options
    )


def _set(environment: Mapping[str, str], name: str, auth: Auth) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise OutsideError(
            Reason.TOKEN_FAILED,
            f'auth = "{auth}" needs {name}, which is not set',
            f"set {name} in parleqd's environment",
        )
    return value


def _is_public(authority: str) -> bool:
    return urlsplit(authority if "//" in authority else f"//{authority}").hostname in _PUBLIC


def _federated_token(file: Path) -> str:
    """Read at each use: Kubernetes replaces it. White space around it would be sent along."""
    try:
        return file.read_text("ascii").strip()
    except (OSError, UnicodeError) as error:
        raise OutsideError(
            Reason.TOKEN_FAILED,
            f"the federated token cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}",
            "AZURE_FEDERATED_TOKEN_FILE names the file that the cluster writes; see that it is mounted",
        ) from None
