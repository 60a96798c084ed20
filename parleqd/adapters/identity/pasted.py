"""An access token that somebody pasted: it cannot be renewed, only read anew and told to be over."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from parleqd.core.errors import OutsideError
from parleqd.core.identity import jwt
from parleqd.core.identity.az_output import UNKNOWN_LIFETIME_S
from parleqd.core.ports import Token
from parleqd.protocol.names import Reason

_HINT = "paste a new one with `parleqctl secret set`"


class PastedTokens:
    """Fills the ``TokenSource`` port. ``secret``: the token as it is kept now; ``None`` where there is none."""

    def __init__(self, secret: Callable[[], Awaitable[str | None]], clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    async def mint(self, scope: str) -> Token:
        """The token, whatever scope it is for: the service judges that. One without ``exp`` is read anew soon.

        Raises ``OutsideError`` (``key_missing``, ``token_failed``, and what ``secret`` raises).
        """
        value = jwt.without_bearer(await self._secret() or "")
        if not value:
            raise OutsideError(Reason.KEY_MISSING, "there is no access token", _HINT)
        if not value.isascii() or not value.isprintable() or " " in value:
            raise OutsideError(Reason.TOKEN_FAILED, "what was pasted is no access token", _HINT)
        now = self._clock()
        claims = jwt.read(value)
        expires = now + UNKNOWN_LIFETIME_S if claims is None or claims.expires is None else claims.expires
        if expires <= now:
            raise OutsideError(Reason.TOKEN_FAILED, "the pasted access token has expired", _HINT)
        return Token(value, expires)
