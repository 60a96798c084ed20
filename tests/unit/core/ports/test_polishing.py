from __future__ import annotations

from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import ChatRequest, Token, TransportError


def test_nothing_secret_is_ever_printed() -> None:
    request = ChatRequest("https://host/secret-deployment", {"api-key": "secret"}, b'{"secret": 1}')
    token = Token("secret", 1_700_000_000.4)
    assert "secret" not in f"{request!r} {request} {token!r} {token}"
    assert repr(token) == "Token(expires=1700000000)"


def test_a_transport_error_says_what_kind_it_was() -> None:
    error = TransportError(Breakage.TLS, "certificate has expired")
    assert (error.breakage, error.detail, str(error)) == (Breakage.TLS, "certificate has expired", "tls")
