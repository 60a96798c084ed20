"""Cleanup models in the cloud: HTTP to them, and access tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from parleqd.core.polish.failures import Breakage


class ChatRequest(msgspec.Struct, frozen=True):
    """One request to a cleanup model. ``headers`` hold the key or token: nothing of this is ever printed."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"ChatRequest(to {len(self.url)} characters of URL, {len(self.body)} bytes)"


class TransportError(Exception):
    """A request failed below HTTP. ``detail`` is the library's own short word, without addresses or bodies."""

    def __init__(self, breakage: Breakage, detail: str = "") -> None:
        super().__init__(str(breakage))
        self.breakage = breakage
        self.detail = detail


class ChatAnswer(Protocol):
    """An answer whose body has not been read yet. Header names are lower case."""

    @property
    def status(self) -> int:
        """HTTP's."""

    @property
    def headers(self) -> Mapping[str, str]:
        """All of them."""

    def body(self) -> AsyncIterator[bytes]:
        """As it comes; iterate once. Raises `TransportError` when it breaks off."""


class Chat(Protocol):
    """Speaks HTTP to cleanup models: one pool of warm connections a host, redirects never followed."""

    def send(self, request: ChatRequest) -> AbstractAsyncContextManager[ChatAnswer]:
        """Send it; the connection is closed when the block is left before the body's end.

        Entering raises `TransportError`. There is no deadline of its own but for connecting.
        """

    def trust(self, ca_file: str) -> None:
        """From the next connection on, trust this file's certificates beside the system's; "" for the system's."""

    async def warm(self, url: str) -> None:
        """Have a connection to this URL's host ready. Never raises, and sends no key, no token and no text."""


class Token(msgspec.Struct, frozen=True):
    """An access token. Times in seconds since the epoch; ``renew_at``: when whoever gave it wants it renewed, if they
    said so."""

    value: str
    expires: float
    renew_at: float | None = None

    def __repr__(self) -> str:
        return f"Token(expires={self.expires:.0f})"


class TokenSource(Protocol):
    """Mints access tokens in one way of signing in."""

    async def mint(self, scope: str) -> Token:
        """A token for this scope; may take long, so it is called in the background. Cancelling ends what it started.

        Raises ``OutsideError`` with an identity's reason.
        """
