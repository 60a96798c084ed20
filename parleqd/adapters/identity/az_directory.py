"""Subscriptions, resources and deployments as the real ``az`` lists them, for whoever has signed in with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parleqd.adapters.identity.az_process import PLACES, TIMEOUT_S, AzProcess, by_hand
from parleqd.core.identity import az_listings
from parleqd.protocol.messages import AzureDeployment, AzureResource, AzureSubscription

_MOST_BYTES = 8 * 1024 * 1024
"""A resource takes 2 kB: thousands of them may be listed."""
_ACCOUNT = ("cognitiveservices", "account")


class AzDirectory:
    """Fills the ``AzureDirectory`` port. ``environment``, ``places``: as those of ``AzTokens``."""

    def __init__(
        self,
        *,
        timeout_s: float = TIMEOUT_S,
        environment: Mapping[str, str] | None = None,
        places: Sequence[str] = PLACES,
    ) -> None:
        self._az = AzProcess(timeout_s=timeout_s, environment=environment, places=places, most_bytes=_MOST_BYTES)

    async def subscriptions(self) -> list[AzureSubscription]:
        """From what ``az`` has kept at the last sign-in; it asks nobody."""
        return az_listings.subscriptions(await self._listed("account", "list"))

    async def resources(self, subscription: str) -> list[AzureResource]:
        """Of the kinds OpenAI and AIServices."""
        return az_listings.resources(await self._listed(*_ACCOUNT, "list", f"--subscription={subscription}"))

    async def deployments(self, subscription: str, group: str, resource: str) -> list[AzureDeployment]:
        """Those that can be used first."""
        where = (f"--subscription={subscription}", f"--resource-group={group}", f"--name={resource}")
        return az_listings.deployments(await self._listed(*_ACCOUNT, "deployment", "list", *where))

    async def _listed(self, *arguments: str) -> bytes:
        printed = await self._az.run(*arguments)
        if printed.exit_code != 0:
            raise az_listings.failure(printed.exit_code, printed.stderr, by_hand(arguments))
        return printed.stdout
