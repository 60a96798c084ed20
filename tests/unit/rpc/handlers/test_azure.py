from __future__ import annotations

import pytest

from parleqd.core.errors import OutsideError
from parleqd.protocol.messages import AzureDeployment, AzureResource, AzureSubscription
from parleqd.protocol.methods import AZURE_DEPLOYMENTS, AZURE_RESOURCES, AZURE_SUBSCRIPTIONS
from parleqd.protocol.names import Reason
from tests.fakes.chat import FakeChat
from tests.fakes.cloud import cloud
from tests.fakes.directory import FakeDirectory
from tests.fakes.engine import ask, running_engine

DIRECTORY = FakeDirectory(
    [AzureSubscription("s1", "Work", "t", current=True)],
    {"s1": [AzureResource("east", "rg", "westus", "https://east.openai.azure.com/", "OpenAI")]},
    {"east": [AzureDeployment("clean", "gpt-4o-mini", "1", "standard", "v1", usable=True)]},
)


@pytest.mark.asyncio
async def test_lists_go_out_as_they_come() -> None:
    async with running_engine(cloud=cloud(FakeChat(), directory=DIRECTORY)) as engine:
        subscriptions = await ask(engine, AZURE_SUBSCRIPTIONS)
        resources = await ask(engine, AZURE_RESOURCES, subscription="s1")
        deployments = await ask(engine, AZURE_DEPLOYMENTS, subscription="s1", group="rg", resource="east")
    assert subscriptions == {"subscriptions": [{"id": "s1", "name": "Work", "tenant": "t", "current": True}]}
    assert [one["endpoint"] for one in resources["resources"]] == ["https://east.openai.azure.com/"]
    assert [(one["name"], one["usable"]) for one in deployments["deployments"]] == [("clean", True)]


@pytest.mark.asyncio
async def test_nobody_signed_in_is_an_error() -> None:
    async with running_engine() as engine:
        with pytest.raises(OutsideError) as caught:
            await ask(engine, AZURE_SUBSCRIPTIONS)
    assert caught.value.reason is Reason.AZ_NOT_LOGGED_IN
