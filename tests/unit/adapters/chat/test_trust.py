from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from parleqd.adapters.chat.trust import VARIABLES, tls_context
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import TransportError
from tests.peers.certificates import Certificates, issue

# "darwin" trusts what the library truststore finds, on this system too
PLATFORMS = ["linux", "darwin"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_certificates_of_the_named_file_are_trusted(made: Certificates, platform: str) -> None:
    context = tls_context({}, platform, cafile=str(made.authority))
    shake_hands(context, made.server_context())


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_so_are_those_of_the_environment(made: Certificates, platform: str, variable: str) -> None:
    context = tls_context({variable: str(made.authority)}, platform)
    shake_hands(context, made.server_context())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_others_are_not(made: Certificates, platform: str) -> None:
    context = tls_context({}, platform)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(context, made.server_context())


def test_folders_are_taken_too(tmp_path: Path) -> None:
    tls_context({"SSL_CERT_DIR": str(tmp_path), "REQUESTS_CA_BUNDLE": str(tmp_path)}, "linux")


@pytest.mark.parametrize("name", [*(name for name in VARIABLES if name != "SSL_CERT_DIR"), "cleanup.ca_file"])
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_that_cannot_be_used_is_told_by_what_names_it(tmp_path: Path, name: str, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    ca_file, environment = (str(path), {}) if name == "cleanup.ca_file" else ("", {name: str(path)})
    with pytest.raises(TransportError) as raised:
        tls_context(environment, "linux", cafile=ca_file)
    assert (raised.value.breakage, raised.value.detail) == (
        Breakage.CA_FILE,
        f"{name} names no file with certificates that can be read",
    )


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext) -> None:
    """A TLS handshake in memory, with the server as localhost."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(down, up, server_hostname="localhost")
    theirs = server.wrap_bio(up, down, server_side=True)
    for _ in range(3):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert ours.version() is not None
