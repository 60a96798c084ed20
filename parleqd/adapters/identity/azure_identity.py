"""Access tokens from azure-identity: a service's client secret, a managed identity, a workload's federated token.

The library blocks, so each token is minted in a thread. Keeping tokens and calling in the background are the
engine's.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Awaitable, Callable, Mapping

import anyio
import anyio.to_thread

from parleqd.adapters.identity import refusals
from parleqd.adapters.identity.credentials import Credential, connect
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Token
from parleqd.core.settings.sections import Auth
from parleqd.protocol.names import Reason

Connect = Callable[[Auth, Mapping[str, str], str, Callable[[int], object]], Credential]
"""As `credentials.connect`."""
TIMEOUT_S = 40.0
"""Longer than what the library is told to wait for, twice."""


class AzureIdentityTokens:
    """Fills the ``TokenSource`` port for the modes ``client-secret``, ``managed-identity``, ``workload-identity``.

    ``secret``: the target's entry in the keyring, asked for the mode ``client-secret`` only; without one, or without
    a keyring, AZURE_CLIENT_SECRET counts. ``environment``: none given, the daemon's.
    """

    def __init__(
        self,
        auth: Auth,
        secret: Callable[[], Awaitable[str | None]],
        *,
        environment: Mapping[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
        connect: Connect = connect,
    ) -> None:
        self._auth = auth
        self._secret = secret
        self._environment = os.environ if environment is None else environment
        self._timeout_s = timeout_s
        self._connect = connect
        self._given_up = _ended()

    async def mint(self, scope: str) -> Token:
        """A new token. Cancelled or late, its thread is left to the library's own time limits, and none follows yet.

        Raises ``OutsideError`` (``token_failed``, ``key_missing``, ``network_error``, ``tls_error``,
        ``service_unavailable``, ``keyring_locked``, ``keyring_missing``).
        """
        if not self._given_up.is_set():
            raise self._silent()
        secret = await self._client_secret() if self._auth is Auth.CLIENT_SECRET else ""
        ended = _ended()
        try:
            with anyio.move_on_after(self._timeout_s):
                return await anyio.to_thread.run_sync(self._mint, scope, secret, ended, abandon_on_cancel=True)
        finally:
            if not ended.is_set():
                self._given_up = ended
        raise self._silent()

    def _mint(self, scope: str, secret: str, ended: threading.Event) -> Token:
        ended.clear()
        statuses: list[int] = []
        try:
            credential = self._connect(self._auth, self._environment, secret, statuses.append)
            try:
                minted = credential.get_token_info(scope)
                return Token(minted.token, float(minted.expires_on), minted.refresh_on)
            finally:
                credential.close()
        except OutsideError:
            raise
        except Exception as error:  # noqa: BLE001 - four libraries raise here, and what depends on the answer
            raise refusals.meaning(error, self._auth, statuses[-1] if statuses else None) from None
        finally:
            ended.set()

    async def _client_secret(self) -> str:
        own = self._environment.get("AZURE_CLIENT_SECRET", "")
        try:
            kept = await self._secret()
        except OutsideError:
            if not own:
                raise
            kept = None
        if not (kept or own):
            raise OutsideError(
                Reason.KEY_MISSING,
                "there is no client secret",
                "keep it with `parleqctl secret set`, or set AZURE_CLIENT_SECRET in parleqd's environment",
            )
        return (kept or own).strip()

    def _silent(self) -> OutsideError:
        return OutsideError(
            Reason.NETWORK_ERROR,
            f"the sign-in service gave no answer in {self._timeout_s:.0f} s",
            "check the network, VPN and proxy; it is tried again in a minute",
        )


def _ended() -> threading.Event:
    """Whether a thread has ended: so it is until one begins."""
    event = threading.Event()
    event.set()
    return event
