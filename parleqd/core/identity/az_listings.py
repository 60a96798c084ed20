"""What ``az account list`` and ``az cognitiveservices account [deployment] list`` printed with ``-o json``.

Shapes: azure-cli 2.91.0, whose entries are those of Azure Resource Manager. An entry that lacks what is needed is left
out: the rest can still be offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from parleqd.core.errors import OutsideError
from parleqd.core.identity import az_output
from parleqd.core.polish.models_known import suited
from parleqd.protocol.messages import AzureDeployment, AzureResource, AzureSubscription
from parleqd.protocol.names import Reason

KINDS = frozenset(("openai", "aiservices"))
"""The kinds of account that serve models for chat; written as Azure likes."""
_UNUSABLE_STATES = frozenset(("failed", "canceled", "deleting", "disabled", "creating"))
_DENIED = re.compile(r"AuthorizationFailed|does not have authorization")
_NOT_THERE = re.compile(r"ResourceNotFound|ResourceGroupNotFound|was not found|could not be found")


def subscriptions(stdout: bytes) -> list[AzureSubscription]:
    """The enabled ones, the current one first.

    Raises ``OutsideError`` (``az_not_logged_in`` for none, which is how ``az`` lists for nobody; ``token_failed``).
    """
    found = [
        AzureSubscription(identity, _text(entry, "name") or identity, _text(entry, "tenantId"), _is_current(entry))
        for entry in _entries(stdout, "az account list")
        if (identity := _text(entry, "id")) and _text(entry, "state").lower() in ("", "enabled", "warned", "pastdue")
    ]
    if not found:
        raise OutsideError(Reason.AZ_NOT_LOGGED_IN, "az is signed in to no subscription", "run `az login`")
    return sorted(found, key=lambda one: not one.current)


def resources(stdout: bytes) -> list[AzureResource]:
    """Those of a kind that serves models, by name. Raises ``OutsideError`` (``token_failed``)."""
    found = [
        AzureResource(name, group, _text(entry, "location"), endpoint, kind)
        for entry in _entries(stdout, "az cognitiveservices account list")
        if (kind := _text(entry, "kind")).lower() in KINDS
        and (name := _text(entry, "name"))
        and (group := _text(entry, "resourceGroup"))
        and (endpoint := _text(_part(entry, "properties"), "endpoint"))
    ]
    return sorted(found, key=lambda one: one.name)


def deployments(stdout: bytes) -> list[AzureDeployment]:
    """Every deployment, those that can be used first. Raises ``OutsideError`` (``token_failed``)."""
    found = [
        _deployment(name, _part(entry, "properties"))
        for entry in _entries(stdout, "az cognitiveservices account deployment list")
        if (name := _text(entry, "name"))
    ]
    return sorted(found, key=lambda one: (not one.usable, one.name))


def failure(exit_code: int, stderr: bytes, command: str) -> OutsideError:
    """Why a listing failed: what Resource Manager says of rights and names, else as for a token."""
    text = stderr.decode("utf-8", "replace")
    if _DENIED.search(text):
        return OutsideError(
            Reason.PERMISSION_DENIED,
            "the account that az is signed in with may not list this",
            "ask for the role Reader on it, or type the resource and the deployment",
        )
    if _NOT_THERE.search(text) and "Subscription" not in text:
        return OutsideError(
            Reason.RESOURCE_NOT_FOUND, "Azure has no such resource there", "choose again: it may have been deleted"
        )
    return az_output.failure(exit_code, stderr, command)


def _deployment(name: str, properties: Mapping[str, object]) -> AzureDeployment:
    model = _part(properties, "model")
    known = suited(_text(model, "name"), _text(model, "format"))
    capabilities = _part(properties, "capabilities")
    chat = str(capabilities.get("chatCompletion", "false")).lower() == "true" if capabilities else known.chat
    usable = chat and _text(properties, "provisioningState").lower() not in _UNUSABLE_STATES
    return AzureDeployment(
        name, _text(model, "name"), _text(model, "version"), str(known.family), known.api_version, usable
    )


def _entries(stdout: bytes, command: str) -> Iterator[Mapping[str, object]]:
    """The objects of the array; lines around it are ignored."""
    text = stdout.decode("utf-8", "replace")
    begin, end = text.find("["), text.rfind("]")
    try:
        listed = msgspec.json.decode(text[begin : end + 1].encode()) if 0 <= begin < end else None
    except (msgspec.DecodeError, RecursionError):
        listed = None
    if not isinstance(listed, list):
        raise OutsideError(
            Reason.TOKEN_FAILED,
            f"what az printed ({len(stdout)} bytes) is no JSON list",
            f"run `{command} -o json` and see; a wrapper around az may print of its own",
        )
    return (entry for entry in listed if isinstance(entry, Mapping))


def _is_current(entry: Mapping[str, object]) -> bool:
    return entry.get("isDefault") is True


def _part(entry: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = entry.get(key)
    return value if isinstance(value, Mapping) else {}


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""
