"""The HTTP client for cleanup models: one pool of connections an origin, opened at first use.

httpx takes a third of a second to import, certificates tens of milliseconds to read, and the system may be slow to
tell of its proxies: all that happens in a thread.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import anyio
import anyio.to_thread

from parleqd.adapters.chat.limits import LIMITS, Limits
from parleqd.adapters.chat.proxies import system_proxy
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import ChatRequest, TransportError

if TYPE_CHECKING:
    from parleqd.adapters.chat.answer import HttpAnswer
    from parleqd.adapters.chat.pool import Pool

Origin = tuple[str, str, int]
"""Scheme, host, port."""


class Contexts(Protocol):
    """As ``ssl.create_default_context``."""

    def __call__(self, *, cafile: str | None = None) -> ssl.SSLContext:
        """What verifies servers: the system's certificates, and those of this file."""


_PORTS = {"http": 80, "https": 443}


class HttpChat:
    """Fills the port ``Chat``. ``context_of`` and ``proxy_of`` are called in a thread.

    ``context_of`` gives what verifies servers, or raises `TransportError`; ``proxy_of`` (scheme, host, port) a URL
    or "".
    """

    def __init__(
        self,
        context_of: Contexts,
        proxy_of: Callable[[str, str, int], str] = system_proxy,
        limits: Limits = LIMITS,
    ) -> None:
        self._context_of = context_of
        self._ca_file = ""
        self._proxy_of = proxy_of
        self._limits = limits
        self._context: ssl.SSLContext | None = None
        self._pools: dict[Origin, Pool] = {}
        self._retired: list[Pool] = []
        self._opening = anyio.Lock()

    @asynccontextmanager
    async def send(self, request: ChatRequest) -> AsyncIterator[HttpAnswer]:
        """Send it, once; the connection is closed when the block is left before the body's end.

        Entering raises `TransportError`. There is no deadline of its own but for connecting.
        """
        async with self._pool(request.url) as pool:
            async with pool.exchange("POST", request.url, request.headers, request.body) as answer:
                yield answer

    def trust(self, ca_file: str) -> None:
        """From the next connection on, trust this file's certificates beside the system's; "" for the system's."""
        if ca_file != self._ca_file:
            self._ca_file, self._context = ca_file, None
            self._retired += self._pools.values()  # a request that is under way may go on
            self._pools.clear()

    async def warm(self, url: str) -> None:
        """Have a connection to this URL's host ready. Never raises, and sends no key, no token and no text.

        An open connection that does not answer is closed, so that no request waits for it.
        """
        try:
            async with self._pool(url) as pool:
                await pool.warm(url)
        except TransportError:
            return  # the request will meet it too, and can say so

    async def close(self) -> None:
        """Close every connection. A request that is sent later opens new ones."""
        self._retired += self._pools.values()
        self._pools.clear()
        while self._retired:
            await self._retired.pop().close()

    @asynccontextmanager
    async def _pool(self, url: str) -> AsyncIterator[Pool]:
        """The pool for this URL. One that failed is forgotten: in another network, another proxy may be in use."""
        origin = _origin(url)
        pool = self._pools.get(origin) or await self._opened(origin)
        try:
            yield pool
        except TransportError:
            if pool.idle and self._pools.get(origin) is pool:
                del self._pools[origin]
                await pool.close()
            raise

    async def _opened(self, origin: Origin) -> Pool:
        async with self._opening:
            for pool in [pool for pool in self._retired if pool.idle]:
                self._retired.remove(pool)
                await pool.close()
            if origin not in self._pools:
                self._pools[origin] = await anyio.to_thread.run_sync(self._open, origin, abandon_on_cancel=True)
        return self._pools[origin]

    def _open(self, origin: Origin) -> Pool:
        from parleqd.adapters.chat.pool import open_pool

        if self._context is None:
            self._context = self._context_of(cafile=self._ca_file or None)
        return open_pool(self._context, self._proxy_of(*origin), self._limits)


def _origin(url: str) -> Origin:
    try:
        parts = urlsplit(url)
        if parts.scheme in _PORTS and parts.hostname:
            return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]
    except ValueError:
        pass  # no number, or half a bracket
    raise TransportError(Breakage.CONNECT, "not an address of the web")
