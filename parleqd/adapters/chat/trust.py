"""Which certificates are trusted: the system's own, and those of the files that the user names.

A proxy that inspects traffic signs with a certificate of its company. Where it is not in the system's store, people
name its file in the settings, or in a variable that other programs read too.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping

from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import TransportError

# The first two are OpenSSL's (SSL_CTX_load_verify_locations(3)), which lets them replace the system's store on Linux;
# the third is what the Azure CLI documents.
VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


def tls_context(environment: Mapping[str, str], platform: str, *, cafile: str | None = None) -> ssl.SSLContext:
    """What verifies servers on this kind of system (``sys.platform``). ``cafile``: the user's own.

    Reads files and takes tens of milliseconds: call it in a thread. Raises `TransportError` for a file that is
    named and holds no certificates.
    """
    context = _keychain() if platform == "darwin" else ssl.create_default_context()
    named = {name: environment.get(name, "") for name in VARIABLES} | {
        "cleanup.ca_file": os.path.expanduser(cafile or "")
    }
    for name, path in named.items():
        if path:
            _add(context, name, path)
    return context


def _keychain() -> ssl.SSLContext:
    """macOS: OpenSSL cannot read the keychain, where companies put their certificates."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _add(context: ssl.SSLContext, name: str, path: str) -> None:
    folder = name == "SSL_CERT_DIR" or os.path.isdir(path)
    try:
        context.load_verify_locations(cafile=None if folder else path, capath=path if folder else None)
    except OSError:  # ssl.SSLError too
        raise TransportError(Breakage.CA_FILE, f"{name} names no file with certificates that can be read") from None
