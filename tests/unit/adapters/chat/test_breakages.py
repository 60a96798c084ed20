from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import anyio
import httpx
import pytest

from parleqd.adapters.chat.breakages import FOREIGN, transport_error
from parleqd.core.polish.failures import Breakage

CANARY = "https://host/ canary"


def kinds(base: type[Exception]) -> Iterator[type[Exception]]:
    yield base
    for each in base.__subclasses__():
        yield from kinds(each)


# These two are raised by what is not used: redirects, and raise_for_status.
ERRORS = sorted(set(kinds(httpx.HTTPError)) - {httpx.TooManyRedirects, httpx.HTTPStatusError}, key=lambda k: k.__name__)


@pytest.mark.parametrize("kind", [*ERRORS, httpx.InvalidURL], ids=lambda kind: kind.__name__)
def test_every_error_of_the_library_means_something_and_is_not_quoted(kind: type[Exception]) -> None:
    error = kind(CANARY)
    assert isinstance(error, FOREIGN)
    meaning = transport_error(error)
    assert meaning.detail
    assert "canary" not in f"{meaning} {meaning!r} {meaning.detail}"
    assert "host" not in meaning.detail


@pytest.mark.parametrize(
    "error, breakage, detail",
    [
        (httpx.ConnectTimeout(""), Breakage.TIMEOUT, "connect timeout"),
        (httpx.PoolTimeout(""), Breakage.TIMEOUT, "pool timeout"),
        (httpx.ReadError(""), Breakage.RESET, "read error"),
        (httpx.RemoteProtocolError(CANARY), Breakage.RESET, "remote protocol error"),
        (httpx.DecodingError(CANARY), Breakage.RESET, "decoding error"),
        (httpx.ProxyError("502 Bad Gateway"), Breakage.CONNECT, "the proxy answered 502"),
        (httpx.ProxyError(CANARY), Breakage.CONNECT, "the proxy refused"),
        (httpx.UnsupportedProtocol(CANARY), Breakage.CONNECT, "not an address of the web"),
        (UnicodeError(CANARY), Breakage.CONNECT, "not an address of the web"),
        (httpx.LocalProtocolError(CANARY), Breakage.CONNECT, "a header or the address holds what cannot be sent"),
        (ConnectionResetError(errno.ECONNRESET, CANARY), Breakage.RESET, "connection reset error (ECONNRESET)"),
        (ssl.SSLError(1, CANARY), Breakage.TLS, "tls error"),
    ],
)
def test_what_an_error_means(error: Exception, breakage: Breakage, detail: str) -> None:
    meaning = transport_error(error)
    assert (meaning.breakage, meaning.detail) == (breakage, detail)


@pytest.mark.parametrize(
    "cause, breakage, detail",
    [
        (socket.gaierror(socket.EAI_NONAME, CANARY), Breakage.DNS, "name not found"),
        (socket.gaierror(socket.EAI_AGAIN, CANARY), Breakage.DNS, "name not found"),
        (ConnectionRefusedError(errno.ECONNREFUSED, CANARY), Breakage.CONNECT, "connect error (ECONNREFUSED)"),
        (OSError(errno.EHOSTUNREACH, CANARY), Breakage.CONNECT, "connect error (EHOSTUNREACH)"),
        (anyio.EndOfStream(), Breakage.RESET, "closed during the TLS handshake"),
        (anyio.BrokenResourceError(), Breakage.RESET, "closed during the TLS handshake"),
    ],
)
def test_why_there_is_no_connection_is_found_below(cause: Exception, breakage: Breakage, detail: str) -> None:
    meaning = transport_error(raised_from(cause))
    assert (meaning.breakage, meaning.detail) == (breakage, detail)


def test_a_handshake_that_is_cut_off_is_no_refused_certificate() -> None:
    cut = anyio.EndOfStream()
    cut.__context__ = ssl.SSLEOFError(8, CANARY)
    assert transport_error(raised_from(cut)).breakage is Breakage.RESET


@pytest.mark.parametrize(
    "code, detail",
    [
        (10, "certificate expired"),
        (-67818, "certificate expired"),
        (62, "certificate for another name"),
        (20, "certificate of an unknown authority"),
        (9, "certificate not yet valid"),
        (26, "certificate refused"),
    ],
)
def test_why_a_certificate_is_refused_is_told(code: int, detail: str) -> None:
    cause = ssl.SSLCertVerificationError(1, CANARY)
    cause.verify_code, cause.verify_message = code, CANARY
    meaning = transport_error(raised_from(cause))
    assert (meaning.breakage, meaning.detail) == (Breakage.TLS, detail)


def raised_from(cause: Exception) -> Exception:
    """As the library does it: the cause is kept as context at last, and suppressed."""
    try:
        try:
            raise cause
        except Exception as error:
            raise httpx.ConnectError(CANARY) from error
    except httpx.ConnectError as error:
        error.__cause__ = None
        return error
