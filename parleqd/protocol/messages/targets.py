"""targets/* and azure/*: trying and adding cleanup targets, and what an Azure account has to offer."""

from __future__ import annotations

from parleqd.protocol.messages.parts import Message
from parleqd.protocol.names import Mode


class TargetDraft(Message, frozen=True):
    """A cleanup target as a ``[[cleanup.target]]`` of the settings has it; ``None`` takes the setting's default.

    ``weight``, ``trusted_hosts``, ``scope``: ``None`` keeps that of the target of this name; the last two only where
    provider and resource are the same.
    """

    name: str
    provider: str
    auth: str
    resource: str | None = None
    deployment: str | None = None
    api_version: str | None = None
    family: str | None = None
    weight: float | None = None
    trusted_hosts: list[str] | None = None
    tenant: str | None = None
    subscription: str | None = None
    scope: str | None = None


class TargetsResolveParams(Message, frozen=True):
    """What was typed so far. ``trusted_hosts``: as in the settings."""

    provider: str
    resource: str = ""
    deployment: str = ""
    trusted_hosts: list[str] | None = None


class ResolvedTarget(Message, frozen=True):
    """``url``: the address without what belongs to one request; ``trusted``: a key may be sent there.

    ``deployment``, ``api_version``: what the pasted URL named, else the deployment as it was given, and the version
    that suits it, as ``family`` does, as far as its name tells.
    """

    url: str
    host: str
    trusted: bool
    deployment: str
    api_version: str
    family: str


class TargetsTestParams(Message, frozen=True):
    """``secret``: a key, token or client secret to try instead of the one that is kept; it is kept nowhere."""

    target: TargetDraft
    secret: str | None = None


class TargetsAddParams(Message, frozen=True):
    """``secret`` goes into the keyring. ``mode``: becomes ``cleanup.mode``, if given."""

    target: TargetDraft
    secret: str | None = None
    mode: Mode | None = None


class TargetAdded(Message, frozen=True):
    """``path``: the settings file; ``replaced``: it had a target of that name.

    ``dropped``: keys of that one which were not kept, since they belonged to its provider and resource.
    """

    name: str
    path: str
    replaced: bool
    dropped: list[str]


class AzureSubscription(Message, frozen=True):
    """``current``: the one that ``az`` uses unless told otherwise."""

    id: str
    name: str
    tenant: str
    current: bool


class AzureSubscriptionsResult(Message, frozen=True):
    subscriptions: list[AzureSubscription]


class AzureResourcesParams(Message, frozen=True):
    """``subscription``: its id."""

    subscription: str


class AzureResource(Message, frozen=True):
    """A resource that serves models. ``endpoint``: its URL; ``kind``: "OpenAI" or "AIServices"."""

    name: str
    group: str
    location: str
    endpoint: str
    kind: str


class AzureResourcesResult(Message, frozen=True):
    resources: list[AzureResource]


class AzureDeploymentsParams(Message, frozen=True):
    """``group``: the resource group of ``resource``."""

    subscription: str
    group: str
    resource: str


class AzureDeployment(Message, frozen=True):
    """``family`` and ``api_version``: what suits the model. ``usable``: it takes chat completions."""

    name: str
    model: str
    version: str
    family: str
    api_version: str
    usable: bool


class AzureDeploymentsResult(Message, frozen=True):
    deployments: list[AzureDeployment]
