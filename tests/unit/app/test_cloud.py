from __future__ import annotations

import pytest

from parleqd.adapters.chat.client import HttpChat
from parleqd.adapters.identity.az import AzTokens
from parleqd.adapters.identity.azure_identity import AzureIdentityTokens
from parleqd.adapters.identity.pasted import PastedTokens
from parleqd.app.cloud import real_cloud
from parleqd.core.settings import Auth, Provider, Target
from tests.fakes.secrets import MemorySecrets


@pytest.mark.parametrize(
    ("auth", "source"),
    [
        (Auth.AZURE_CLI, AzTokens),
        (Auth.TOKEN, PastedTokens),
        (Auth.CLIENT_SECRET, AzureIdentityTokens),
        (Auth.MANAGED_IDENTITY, AzureIdentityTokens),
        (Auth.WORKLOAD_IDENTITY, AzureIdentityTokens),
    ],
)
def test_every_way_of_signing_in_has_its_part(auth: Auth, source: type[object]) -> None:
    secrets = MemorySecrets()
    cloud = real_cloud(secrets, {"HOME": "/"})
    assert isinstance(cloud.sign_in(Target("east", Provider.AZURE_OPENAI, auth, "east", "d"), secrets), source)
    assert isinstance(cloud.chat, HttpChat)
    assert (cloud.secrets, cloud.environment) == (secrets, {"HOME": "/"})
