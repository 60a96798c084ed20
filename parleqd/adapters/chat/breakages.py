"""What the errors of httpx, and of what it stands on, mean: one `TransportError` each, which quotes none of them.

Their texts may hold addresses, and where a header is at fault the header: the key. What they come from is found along
their chain: httpx keeps the error below as cause or context.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator

import anyio
import httpx

from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import TransportError

FOREIGN = (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError)
"""What a request may raise. ``OSError``: TLS errors while reading. ``UnicodeError``: names and headers."""

# X509_V_ERR_… (X509_STORE_CTX_get_error(3)); 62 and 64 are Python's checks of the name.
_REFUSED_CERTIFICATES = {
    **dict.fromkeys((2, 18, 19, 20, 21), "certificate of an unknown authority"),
    9: "certificate not yet valid",
    10: "certificate expired",
    **dict.fromkeys((62, 64), "certificate for another name"),
    # Security framework, SecBase.h
    -67818: "certificate expired",
    -67819: "certificate not yet valid",
    -67602: "certificate for another name",
    -67843: "certificate of an unknown authority",
}


def transport_error(error: Exception) -> TransportError:
    """What one of `FOREIGN` means."""
    breakage, detail = _meaning(error, tuple(_chain(error)))
    return TransportError(breakage, detail)


def _meaning(error: Exception, chain: tuple[BaseException, ...]) -> tuple[Breakage, str]:
    if isinstance(error, httpx.TimeoutException):
        return Breakage.TIMEOUT, _words(error)
    if isinstance(error, httpx.ProxyError):
        status = re.match(r"\d{3}\b", str(error))
        return Breakage.CONNECT, f"the proxy answered {status[0]}" if status else "the proxy refused"
    if isinstance(error, httpx.LocalProtocolError | UnicodeEncodeError):
        return Breakage.CONNECT, "a header or the address holds what cannot be sent"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | UnicodeError):
        return Breakage.CONNECT, "not an address of the web"
    if any(isinstance(link, socket.gaierror) for link in chain):
        return Breakage.DNS, "name not found"
    while_connecting = isinstance(error, httpx.ConnectError)
    if while_connecting and any(isinstance(link, anyio.EndOfStream | anyio.BrokenResourceError) for link in chain):
        return Breakage.RESET, "closed during the TLS handshake"
    for link in chain:
        if isinstance(link, ssl.SSLError):
            return Breakage.TLS, _refused(link)
    codes = (errno.errorcode.get(link.errno or 0) for link in chain if isinstance(link, OSError))
    code = next((f" ({code})" for code in codes if code), "")
    return Breakage.CONNECT if while_connecting else Breakage.RESET, _words(error) + code


def _refused(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _REFUSED_CERTIFICATES.get(error.verify_code, "certificate refused")
    reason = getattr(error, "reason", None) or "TLS error"  # an error that Python code raised has none
    return str(reason).replace("_", " ").lower()


def _words(error: Exception) -> str:
    """A class's name as words: ``ConnectTimeout`` → "connect timeout"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """It and what it came from. The context counts even where it is suppressed: the library does so on its way out."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
