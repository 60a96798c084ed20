"""The environment of a service that signs in at the emulated authority, in any of azure-identity's ways."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.peers.azure_authority import HEADER_OF_APP_SERVICE, TENANT, Authority
from tests.peers.certificates import Certificates

AUDIENCE = "https://cognitiveservices.azure.com"
SCOPE = f"{AUDIENCE}/.default"
CLIENT = "cccccccc-0000-0000-0000-000000000000"
SECRET = "canary-of-the-secret"
FEDERATED = "canary-of-the-federated-token"


class Variables(NamedTuple):
    """``process``: what the libraries read themselves; ``handed``: what a token source is handed."""

    process: dict[str, str]
    handed: dict[str, str]


def write_federated_token(folder: Path) -> None:
    """As Kubernetes mounts one, with a newline at its end."""
    (folder / "federated").write_text(f"{FEDERATED}\n", "utf-8")


def variables(authority: Authority, certificates: Certificates, folder: Path) -> Variables:
    """Of all the ways at once. ``folder``: where the federated token was written."""
    process = {
        "REQUESTS_CA_BUNDLE": str(certificates.authority),
        "IDENTITY_ENDPOINT": f"{authority.plain}/msi/token",
        "IDENTITY_HEADER": HEADER_OF_APP_SERVICE,
    }
    handed = {
        "AZURE_TENANT_ID": TENANT,
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_CLIENT_SECRET": SECRET,
        "AZURE_FEDERATED_TOKEN_FILE": str(folder / "federated"),
        "AZURE_AUTHORITY_HOST": f"{authority.base}/",
    }
    return Variables(process, handed)
