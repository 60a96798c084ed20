"""azure/*: what the Azure account has to offer that ``az`` is signed in with."""

from __future__ import annotations

from parleqd.protocol import messages as m
from parleqd.protocol.methods import AZURE_DEPLOYMENTS, AZURE_RESOURCES, AZURE_SUBSCRIPTIONS
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.services import Call


@handles_async(AZURE_SUBSCRIPTIONS)
async def subscriptions(call: Call, _: m.Nothing) -> m.AzureSubscriptionsResult:
    return m.AzureSubscriptionsResult(list(await call.services.cloud.directory.subscriptions()))


@handles_async(AZURE_RESOURCES)
async def resources(call: Call, params: m.AzureResourcesParams) -> m.AzureResourcesResult:
    return m.AzureResourcesResult(list(await call.services.cloud.directory.resources(params.subscription)))


@handles_async(AZURE_DEPLOYMENTS)
async def deployments(call: Call, params: m.AzureDeploymentsParams) -> m.AzureDeploymentsResult:
    listed = await call.services.cloud.directory.deployments(params.subscription, params.group, params.resource)
    return m.AzureDeploymentsResult(list(listed))
