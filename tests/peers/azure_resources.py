"""The part of Azure Resource Manager that ``az cognitiveservices`` lists from: accounts and their deployments.

Routes and shapes: the public reference of Microsoft.CognitiveServices, accounts and deployments "List".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_PROVIDER = "Microsoft.CognitiveServices"
_DENIED = "The client does not have authorization to perform action 'Microsoft.CognitiveServices/accounts/read'."


@dataclass(frozen=True)
class Deployed:
    """A deployment. ``capabilities``: as the service tells them, in strings."""

    name: str
    model: str
    version: str = "1"
    format: str = "OpenAI"
    capabilities: Mapping[str, str] = field(default_factory=lambda: {"chatCompletion": "true"})


@dataclass(frozen=True)
class Account:
    """A resource and its deployments; ``endpoint``: its URL."""

    name: str
    endpoint: str
    kind: str = "OpenAI"
    group: str = "rg-parleq"
    deployments: Sequence[Deployed] = ()


@dataclass
class Resources:
    """What one subscription holds. ``subscription``: its id. ``denied``: nothing may be listed."""

    subscription: str
    accounts: list[Account] = field(default_factory=list)
    denied: bool = False

    def answer(self, path: str) -> tuple[Mapping[str, Any], int] | None:
        """Body and status for a GET of this path; ``None`` where it is none of these routes."""
        match path.strip("/").split("/"):
            case ["subscriptions", self.subscription, "providers", provider, "accounts"] if provider == _PROVIDER:
                listed = [self._account(account) for account in self.accounts]
            case ["subscriptions", _, "resourceGroups", group, "providers", _, "accounts", name, "deployments"]:
                found = [account for account in self.accounts if (account.group, account.name) == (group, name)]
                if not found:
                    return _error("ResourceNotFound", f"The Resource '{_PROVIDER}/accounts/{name}' was not found."), 404
                listed = [self._deployment(found[0], one) for one in found[0].deployments]
            case _:
                return None
        return (_error("AuthorizationFailed", _DENIED), 403) if self.denied else ({"value": listed}, 200)

    def _account(self, account: Account) -> Mapping[str, Any]:
        told = {"endpoint": account.endpoint, "provisioningState": "Succeeded", "customSubDomainName": account.name}
        return {
            "id": self._id(account),
            "name": account.name,
            "type": f"{_PROVIDER}/accounts",
            "kind": account.kind,
            "location": "swedencentral",
            "sku": {"name": "S0"},
            "properties": told,
        }

    def _deployment(self, account: Account, one: Deployed) -> Mapping[str, Any]:
        return {
            "id": f"{self._id(account)}/deployments/{one.name}",
            "name": one.name,
            "type": f"{_PROVIDER}/accounts/deployments",
            "sku": {"name": "Standard", "capacity": 10},
            "properties": {
                "model": {"format": one.format, "name": one.model, "version": one.version},
                "capabilities": dict(one.capabilities),
                "provisioningState": "Succeeded",
            },
        }

    def _id(self, account: Account) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{account.group}"
            f"/providers/{_PROVIDER}/accounts/{account.name}"
        )


def _error(code: str, message: str) -> Mapping[str, Any]:
    return {"error": {"code": code, "message": message}}
