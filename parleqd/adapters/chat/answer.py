"""An answer whose body is still to be read, and what became of its connection."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping

import anyio
import anyio.lowlevel
import httpx

from parleqd.adapters.chat.breakages import FOREIGN, transport_error
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import TransportError

PIECE_BYTES = 16 * 1024
"""Of a body are given at once, at most: what was packed may become much longer."""


class HttpAnswer:
    """Fills the port ``ChatAnswer``. ``body_bytes``: the longest body that is read, unpacked."""

    def __init__(self, response: httpx.Response, body_bytes: int) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = dict(response.headers.items())
        self.whole = False
        """The body was read to its end, so the connection waits for the next request."""
        self._response = response
        self._body = self._read(body_bytes)

    def body(self) -> AsyncIterator[bytes]:
        """As it comes, unpacked (gzip, deflate); iterate once. Raises `TransportError` when it breaks off.

        Others get their turn before each piece, and deadlines count there: thousands may have arrived at once.
        """
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
                for start in range(0, len(chunk), PIECE_BYTES):
                    await anyio.lowlevel.checkpoint()
                    yield chunk[start : start + PIECE_BYTES]
        except FOREIGN as error:
            raise transport_error(error) from None
        self.whole = True
