"""The warm connections to one origin (scheme, host and port), directly or through a proxy.

What httpx calls a transport: HTTP/1.1 without the client above it, which would follow redirects, keep cookies, read
passwords out of the environment and log addresses.

A request is sent once. A connection that the server has closed meanwhile is found out before anything is sent, and a
new one opened; one that dies after that is ``Breakage.RESET``, and whoever asked decides what to do.
"""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import anyio
import httpx

from parleqd.adapters.chat.answer import HttpAnswer
from parleqd.adapters.chat.breakages import FOREIGN, transport_error
from parleqd.adapters.chat.limits import Limits
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import TransportError

# Every request of both is logged: addresses at INFO, headers of answers at DEBUG.
for _library in ("httpx", "httpcore"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)

# A compressed stream comes in blocks instead of words.
_HEADERS = {"user-agent": "parleqd", "accept-encoding": "identity"}

# After sleep, or in another network, a connection may be dead without a word. tcp(7): what is sent must be received
# within 2 s, and while nothing is sent, the other side is asked every 15 s. macOS knows these by other names, or not.
_SOCKET_OPTIONS = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)] + [
    (socket.IPPROTO_TCP, getattr(socket, name), value)
    for name, value in {
        "TCP_KEEPIDLE": 15,
        "TCP_KEEPALIVE": 15,
        "TCP_KEEPINTVL": 5,
        "TCP_KEEPCNT": 2,
        "TCP_USER_TIMEOUT": 2000,
    }.items()
    if hasattr(socket, name)
]


class Pool:
    """Connections to the origin of every URL that it is given. ``proxy``: its URL, or ""."""

    def __init__(self, context: ssl.SSLContext, proxy: str, limits: Limits) -> None:
        self._limits = limits
        self._proxied = bool(proxy)
        self._transport = httpx.AsyncHTTPTransport(
            verify=context,
            proxy=_through(proxy, context) if proxy else None,
            limits=httpx.Limits(max_keepalive_connections=4, keepalive_expiry=limits.idle_s),
            socket_options=_SOCKET_OPTIONS,
        )
        self._timeouts = httpx.Timeout(None, connect=limits.connect_s).as_dict()
        self._users = 0
        self._proved = float("-inf")  # when a connection was last seen to work, and left open

    @property
    def idle(self) -> bool:
        """Nobody sends, and nobody reads an answer."""
        return not self._users

    @asynccontextmanager
    async def exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> AsyncIterator[HttpAnswer]:
        """Send a request and have its answer; leaving closes the connection, unless the body was read to its end.

        Entering raises `TransportError`.
        """
        self._users += 1
        self._proved = float("-inf")
        try:
            answer = HttpAnswer(await self._send(method, url, headers, body), self._limits.body_bytes)
            try:
                yield answer
            finally:
                await answer.close()
            if answer.whole and answer.headers.get("connection", "").lower() != "close":
                self._proved = anyio.current_time()
        finally:
            self._users -= 1

    async def warm(self, url: str) -> None:
        """Open a connection, or see whether the open one still works; nothing, if one did a moment ago.

        The question is one that does nothing and tells nothing (RFC 9110, 9.3.7). Raises `TransportError`.
        """
        if anyio.current_time() - self._proved < self._limits.proved_s:
            return
        root = urlsplit(url)._replace(path="/", query="", fragment="").geturl()
        with anyio.move_on_after(self._limits.warm_s):
            async with self.exchange("OPTIONS", root, {}, b"") as answer:
                async for _ in answer.body():
                    pass

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        try:
            request = httpx.Request(
                method, url, headers={**_HEADERS, **headers}, content=body, extensions={"timeout": self._timeouts}
            )
            return await self._transport.handle_async_request(request)
        except FOREIGN as error:
            if isinstance(error, httpx.ProxyError) and str(error).startswith("407"):
                return httpx.Response(407)  # a proxy's by definition (RFC 9110, 15.5.8), so no server can be meant
            raise self._told(transport_error(error)) from None

    def _told(self, error: TransportError) -> TransportError:
        if not self._proxied or error.breakage is Breakage.TLS:
            return error
        return TransportError(error.breakage, f"through the proxy: {error.detail}")


def open_pool(context: ssl.SSLContext, proxy: str, limits: Limits) -> Pool:
    """Raises `TransportError` for a proxy that cannot be used."""
    try:
        return Pool(context, proxy, limits)
    except (ValueError, ImportError, httpx.InvalidURL):  # the second: what SOCKS needs is not installed
        detail = "its address is to be http://… or https://…"
        raise TransportError(Breakage.PROXY, detail) from None


def _through(proxy: str, context: ssl.SSLContext) -> httpx.Proxy:
    """A proxy that is spoken to over TLS is trusted as a server is."""
    url = httpx.URL(proxy)
    if not url.host:
        raise ValueError("no host")
    return httpx.Proxy(url, ssl_context=context if url.scheme == "https" else None)
