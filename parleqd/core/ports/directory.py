"""What an Azure account has to offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from parleqd.protocol.messages import AzureDeployment, AzureResource, AzureSubscription


class AzureDirectory(Protocol):
    """Lists what the user may see in Azure. Slow: for a guided setup, never for a dictation.

    Every method raises ``OutsideError`` with an identity's reason, or ``permission_denied``, or ``resource_not_found``
    for what is not there.
    """

    async def subscriptions(self) -> Sequence[AzureSubscription]:
        """At least one: nobody signed in is an error (``az_not_logged_in``)."""

    async def resources(self, subscription: str) -> Sequence[AzureResource]:
        """Those that serve models. ``subscription``: an id."""

    async def deployments(self, subscription: str, group: str, resource: str) -> Sequence[AzureDeployment]:
        """All of the resource, usable or not."""
