"""The one HTTP client that audio is given to. It speaks to this machine and to nothing else.

It connects to addresses and never looks a name up, asks the kernel whom it reached before it sends a byte, follows no
redirect and knows of no proxy. One deadline covers the whole exchange, however slowly the answer drips.
"""

from __future__ import annotations

import io
import ipaddress
import socket
import time
from http.client import HTTPException, HTTPResponse
from typing import Any, cast

from parleqd.core.speech.server import SpeechServer
from parleqd.speech_worker.failure import NotDecodedError
from parleqd.speech_worker.served.form import Form

ANSWER_BYTES = 1024 * 1024
"""A longer answer is no transcript of half a minute."""
_OK = 200
_STATUSES = {
    401: "wants a key, and this daemon has none for it",
    403: "does not let this daemon in",
    404: "has no transcriptions at this path, or no such model",
    413: "takes no recording of that length",
    429: "has too much to do",
}


class ServerError(NotDecodedError):
    """A speech server did not answer as it should; the message says how, and never what was said."""


def post(server: SpeechServer, sent: Form, patience_s: float) -> bytes:
    """The body of the server's answer. Raises ``ServerError`` for any other end than a 200 within ``patience_s``."""
    deadline = time.monotonic() + patience_s
    try:
        with _connected(server, deadline) as connection:
            connection.settimeout(_left(deadline))
            connection.sendall(_head(server, sent) + sent.body)
            return _answer(server, connection, deadline)
    except TimeoutError:
        raise _error(server, f"did not answer within {patience_s:.0f} s") from None
    except OSError as error:
        raise _error(server, f"cannot be reached: {error.strerror or 'the connection broke'}") from None
    except (HTTPException, ValueError):
        raise _error(server, "does not speak HTTP") from None


def _connected(server: SpeechServer, deadline: float) -> socket.socket:
    problem: OSError | None = None
    for host in server.hosts:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(_left(deadline))
            connection.connect((str(ipaddress.ip_address(host)), server.port))
            check_here(connection.getpeername()[0])
        except OSError as error:
            connection.close()
            problem = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    assert problem is not None
    raise problem


def check_here(address: str) -> None:
    """Raise ``ServerError`` for the address of another machine: that it can come to this is a bug, and audio waits."""
    if not ipaddress.ip_address(address).is_loopback:
        raise ServerError("the speech server is not on this machine: nothing was sent")


def _head(server: SpeechServer, sent: Form) -> bytes:
    lines = [
        f"POST {server.path_of_texts(translate=sent.translate)} HTTP/1.1",
        f"Host: {server.authority}",
        "Accept: application/json",
        f"Content-Type: {sent.content_type}",
        f"Content-Length: {len(sent.body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _answer(server: SpeechServer, connection: socket.socket, deadline: float) -> bytes:
    response = HTTPResponse(cast("socket.socket", _Readable(connection, deadline)), method="POST")
    try:
        response.begin()
        if response.status != _OK:
            what = _STATUSES.get(response.status, f"answered with the status {response.status}")
            raise _error(server, "wants to send the audio elsewhere" if 300 <= response.status < 400 else what)
        body = response.read(ANSWER_BYTES + 1)
        if len(body) > ANSWER_BYTES:
            raise _error(server, "answered with something that is no transcript")
        if response.length:
            raise _error(server, "broke off in the middle of its answer")
        return body
    finally:
        response.close()


class _Readable:
    """What ``http.client`` needs of a socket."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._raw = _UntilDeadline(connection, deadline)

    def makefile(self, mode: str) -> io.BufferedReader:
        """The bytes that arrive."""
        assert mode == "rb"
        return io.BufferedReader(self._raw)


class _UntilDeadline(io.RawIOBase):
    """Reads what arrives; raises ``TimeoutError`` from the deadline on, which a socket's own timeout does not."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        self._connection.settimeout(_left(self._deadline))
        return self._connection.recv_into(buffer)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _error(server: SpeechServer, what: str) -> ServerError:
    return ServerError(f"the speech server at {server.authority} {what}")
