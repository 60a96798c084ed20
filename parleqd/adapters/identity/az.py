"""Access tokens from the real ``az``, for whoever has signed in with ``az login``.

Every call starts one process: keeping a token, sharing one call among many and calling in the background are the
engine's. ``az`` hands out the token it has while that lives five more minutes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from parleqd.adapters.identity.az_process import MOST_BYTES, PLACES, TIMEOUT_S, AzProcess
from parleqd.core.errors import ConfigError
from parleqd.core.identity import az_output
from parleqd.core.ports import Token


class AzTokens:
    """Fills the ``TokenSource`` port.

    ``tenant``, ``subscription``: where to, if not to what ``az account show`` shows; ``az`` takes one of them only.
    Raises ``ConfigError`` for both. ``environment``: that of ``az``; none given, the daemon's as it is at the call.
    """

    def __init__(
        self,
        tenant: str = "",
        subscription: str = "",
        *,
        timeout_s: float = TIMEOUT_S,
        environment: Mapping[str, str] | None = None,
        places: Sequence[str] = PLACES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        if tenant and subscription:
            raise ConfigError(
                "az takes a tenant or a subscription, and both are set",
                "keep the subscription: it tells az the tenant too",
            )
        self._chosen = [f"--tenant={tenant}"] if tenant else [f"--subscription={subscription}"] if subscription else []
        self._az = AzProcess(timeout_s=timeout_s, environment=environment, places=places, most_bytes=most_bytes)

    async def mint(self, scope: str) -> Token:
        """Ask ``az`` for a token; cancelled or late, it and what it started are killed.

        Raises ``OutsideError`` (``az_missing``, ``az_not_logged_in``, ``az_timeout``, ``token_failed``,
        ``service_unavailable``, ``network_error``, ``tls_error``).
        """
        printed = await self._az.run("account", "get-access-token", f"--scope={scope}", *self._chosen)
        if printed.exit_code != 0:
            raise az_output.failure(printed.exit_code, printed.stderr)
        now = time.time()
        return az_output.parse(printed.stdout, time.localtime(now).tm_gmtoff, now)
