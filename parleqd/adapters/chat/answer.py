"""An answer whose body is still to be read, and what became of its connection."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping

import anyio
import httpx

from parleqd.adapters.chat.breakages import FOREIGN, transport_error
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import TransportError

SHORTEST_SECRET = 16
"""Characters. A server of one's own may have a key that is a common word."""


class HttpAnswer:
    """Fills the port ``ChatAnswer``. ``body_bytes``: the longest body that is read, unpacked.

    ``secret``: what the request was authorised with. A server may send it back, as the id of the request or the name
    of its model, and those are shown and logged: it is taken out of headers, and of each piece of the body.
    """

    def __init__(self, response: httpx.Response, body_bytes: int, secret: str = "") -> None:
        self._secret = secret if len(secret) >= SHORTEST_SECRET else ""
        self.status = response.status_code
        self.headers: Mapping[str, str] = {
            name: value.replace(self._secret, "") if self._secret else value for name, value in response.headers.items()
        }
        self.whole = False
        """The body was read to its end, so the connection waits for the next request."""
        self._response = response
        self._body = self._read(body_bytes)

    def body(self) -> AsyncIterator[bytes]:
        """As it comes, unpacked (gzip, deflate); iterate once. Raises `TransportError` when it breaks off."""
        return self._body

    async def close(self) -> None:
        """Close the connection, unless the body was read to its end."""
        with anyio.CancelScope(shield=True):  # takes no time: what is left is thrown away
            await self._body.aclose()
            await self._response.aclose()

    async def _read(self, left: int) -> AsyncGenerator[bytes, None]:
        try:
            async for chunk in self._response.aiter_bytes():
                left -= len(chunk)
                if left < 0:
                    raise TransportError(Breakage.RESET, "the answer is longer than any should be")
                yield chunk.replace(self._secret.encode(), b"") if self._secret else chunk
        except FOREIGN as error:
            raise transport_error(error) from None
        self.whole = True
