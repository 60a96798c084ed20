"""An Azure account with what a test puts into it: the port ``AzureDirectory``.

Kept honest by ``tests/contract/test_azure_directory.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import anyio.lowlevel

from parleqd.core.errors import OutsideError
from parleqd.protocol.messages import AzureDeployment, AzureResource, AzureSubscription
from parleqd.protocol.names import Reason


class FakeDirectory:
    """``resources``: by subscription. ``deployments``: by the resource's name. No subscription: nobody signed in."""

    def __init__(
        self,
        subscriptions: Sequence[AzureSubscription] = (),
        resources: Mapping[str, Sequence[AzureResource]] | None = None,
        deployments: Mapping[str, Sequence[AzureDeployment]] | None = None,
    ) -> None:
        self.signed_in = list(subscriptions)
        self.denied = False
        """Whether nothing but subscriptions may be listed."""
        self._resources = resources or {}
        self._deployments = deployments or {}

    async def subscriptions(self) -> Sequence[AzureSubscription]:
        await anyio.lowlevel.checkpoint()
        if not self.signed_in:
            raise OutsideError(Reason.AZ_NOT_LOGGED_IN, "nobody is signed in here", "run `az login`")
        return self.signed_in

    async def resources(self, subscription: str) -> Sequence[AzureResource]:
        known = {one.id for one in await self.subscriptions()}
        if subscription not in known:
            raise OutsideError(Reason.TOKEN_FAILED, "there is no such subscription here", "choose another")
        if self.denied:
            raise OutsideError(Reason.PERMISSION_DENIED, "this account may list nothing here", "ask for a role")
        return self._resources.get(subscription, ())

    async def deployments(self, subscription: str, group: str, resource: str) -> Sequence[AzureDeployment]:
        named = {(one.group, one.name) for one in await self.resources(subscription)}
        if (group, resource) not in named:
            raise OutsideError(Reason.RESOURCE_NOT_FOUND, "there is no such resource here", "choose another")
        return self._deployments.get(resource, ())
