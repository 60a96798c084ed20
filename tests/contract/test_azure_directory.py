"""What every list of an Azure account must be: by the real ``az``, and by the fake.

The authority and Resource Manager are emulated on loopback (``tests/peers``); only ``az`` is real.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from parleqd.adapters.identity.az_directory import AzDirectory
from parleqd.core.errors import OutsideError
from parleqd.core.ports import AzureDirectory
from parleqd.protocol.messages import AzureDeployment, AzureResource, AzureSubscription
from parleqd.protocol.names import Reason
from tests.fakes.directory import FakeDirectory
from tests.parts import need
from tests.peers.azure_authority import SUBSCRIPTION, TENANT, Authority, running_authority
from tests.peers.azure_cli import AzureCli
from tests.peers.azure_resources import Account, Deployed
from tests.peers.certificates import Certificates

pytestmark = pytest.mark.timeout(120)  # `az` is a large program on a small machine

DATED = "2025-04-01-preview"
WORK = AzureSubscription(SUBSCRIPTION, "Emulated", TENANT, current=True)
RESOURCES = [
    AzureResource("east", "rg-parleq", "swedencentral", "https://east.openai.azure.com/", "OpenAI"),
    AzureResource("hub", "rg-parleq", "swedencentral", "https://hub.cognitiveservices.azure.com/", "AIServices"),
]
DEPLOYMENTS = [
    AzureDeployment("clean", "gpt-4o-mini", "2024-07-18", "standard", DATED, usable=True),
    AzureDeployment("thinker", "gpt-5-mini", "2025-08-07", "reasoning", DATED, usable=True),
    AzureDeployment("embed", "text-embedding-3-small", "1", "standard", DATED, usable=False),
]
ACCOUNTS = [
    Account(
        "east",
        RESOURCES[0].endpoint,
        deployments=[
            Deployed("clean", "gpt-4o-mini", "2024-07-18"),
            Deployed("embed", "text-embedding-3-small", capabilities={"embeddings": "true"}),
            Deployed("thinker", "gpt-5-mini", "2025-08-07"),
        ],
    ),
    Account("hub", RESOURCES[1].endpoint, "AIServices"),
    Account("ears", "https://ears.cognitiveservices.azure.com/", "SpeechServices"),
]


class Kit(Protocol):
    """A directory; nobody is signed in until somebody does."""

    directory: AzureDirectory

    async def sign_in(self) -> None:
        """From now on there is an account."""

    def deny(self) -> None:
        """From now on it may list nothing."""


class FakeKit:
    def __init__(self) -> None:
        self.fake = FakeDirectory((), {SUBSCRIPTION: RESOURCES}, {"east": DEPLOYMENTS})
        self.directory: AzureDirectory = self.fake

    async def sign_in(self) -> None:
        self.fake.signed_in.append(WORK)

    def deny(self) -> None:
        self.fake.denied = True


class AzKit:
    def __init__(self, az: AzureCli, authority: Authority) -> None:
        self.directory: AzureDirectory = AzDirectory(environment=az.environment)
        self._az = az
        self._authority = authority

    async def sign_in(self) -> None:
        await self._az.log_in()

    def deny(self) -> None:
        self._authority.resources.denied = True


@asynccontextmanager
async def fake(certificates: Certificates, folder: Path) -> AsyncIterator[Kit]:
    yield FakeKit()


@asynccontextmanager
async def real(certificates: Certificates, folder: Path) -> AsyncIterator[Kit]:
    async with running_authority(certificates) as authority:
        authority.resources.accounts = ACCOUNTS
        az = AzureCli(need("az"), folder, authority, certificates)
        await az.register()
        yield AzKit(az, authority)


Open = Callable[[], AbstractAsyncContextManager[Kit]]


@pytest.fixture(params=[fake, real], ids=["fake", "az"])
def opened(request: pytest.FixtureRequest, certificates: Certificates, tmp_path: Path) -> Open:
    return partial(request.param, certificates, tmp_path)


@pytest.mark.asyncio
async def test_everything_is_listed_to_whom_may_see_it(opened: Open) -> None:
    async with opened() as kit:
        with pytest.raises(OutsideError) as caught:
            await kit.directory.subscriptions()
        assert (caught.value.reason, caught.value.hint) == (Reason.AZ_NOT_LOGGED_IN, "run `az login`")
        await kit.sign_in()
        assert await kit.directory.subscriptions() == [WORK]
        assert await kit.directory.resources(SUBSCRIPTION) == RESOURCES
        assert await kit.directory.deployments(SUBSCRIPTION, "rg-parleq", "east") == DEPLOYMENTS
        with pytest.raises(OutsideError) as caught:
            await kit.directory.resources("no-such-subscription")
        assert (caught.value.reason, bool(caught.value.hint)) == (Reason.TOKEN_FAILED, True)
        with pytest.raises(OutsideError) as caught:
            await kit.directory.deployments(SUBSCRIPTION, "rg-parleq", "west")
        assert caught.value.reason is Reason.RESOURCE_NOT_FOUND
        kit.deny()
        with pytest.raises(OutsideError) as caught:
            await kit.directory.resources(SUBSCRIPTION)
        assert (caught.value.reason, bool(caught.value.hint)) == (Reason.PERMISSION_DENIED, True)
