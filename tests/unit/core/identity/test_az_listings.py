"""What ``az`` lists, as azure-cli 2.91.0 prints it. (The real one: ``tests/contract/test_azure_directory.py``.)"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from parleqd.core.errors import OutsideError
from parleqd.core.identity import az_listings
from parleqd.protocol.messages import AzureDeployment, AzureResource, AzureSubscription
from parleqd.protocol.names import Reason

DATED = "2025-04-01-preview"


def printed(*entries: object) -> bytes:
    return json.dumps(entries).encode()


def account(name: str, kind: str = "OpenAI", **properties: object) -> dict[str, Any]:
    told = {"endpoint": f"https://{name}.openai.azure.com/", **properties}
    return {"name": name, "kind": kind, "location": "westus", "resourceGroup": "rg", "properties": told, "tags": None}


def deployment(name: str, model: object, **properties: object) -> dict[str, Any]:
    return {"name": name, "resourceGroup": "rg", "properties": {"model": model, **properties}}


def test_the_current_subscription_comes_first_and_disabled_ones_are_left_out() -> None:
    listed = az_listings.subscriptions(
        printed(
            {"id": "s1", "name": "Test", "tenantId": "t", "isDefault": False, "state": "Enabled"},
            {"id": "s2", "name": "Work", "tenantId": "t", "isDefault": True, "state": "Enabled"},
            {"id": "s3", "name": "Old", "tenantId": "t", "isDefault": False, "state": "Disabled"},
            {"id": "s4", "isDefault": "yes"},
        )
    )
    assert listed == [
        AzureSubscription("s2", "Work", "t", current=True),
        AzureSubscription("s1", "Test", "t", current=False),
        AzureSubscription("s4", "s4", "", current=False),
    ]


@pytest.mark.parametrize("stdout", [b"[]\n", b"[ ]", b'[{"name": "no id"}, 3, null]'])
def test_a_list_for_nobody_is_empty(stdout: bytes) -> None:
    with pytest.raises(OutsideError) as caught:
        az_listings.subscriptions(stdout)
    assert (caught.value.reason, caught.value.hint) == (Reason.AZ_NOT_LOGGED_IN, "run `az login`")


def test_resources_are_those_that_serve_models() -> None:
    listed = az_listings.resources(
        printed(
            account("west", "AIServices"),
            account("east"),
            account("speech", "SpeechServices"),
            account("old", "openai"),
            account("bare", endpoint=None),
            {"name": "half", "kind": "OpenAI"},
            {"kind": "OpenAI", "resourceGroup": "rg", "properties": []},
            "east",
        )
    )
    assert [one.name for one in listed] == ["east", "old", "west"]
    assert listed[2] == AzureResource("west", "rg", "westus", "https://west.openai.azure.com/", "AIServices")


def test_deployments_have_what_suits_their_model_and_usable_ones_come_first() -> None:
    chat = {"chatCompletion": "true"}
    mini = {"format": "OpenAI", "name": "gpt-4o-mini", "version": "2024-07-18"}
    listed = az_listings.deployments(
        printed(
            deployment(
                "embed", {"name": "text-embedding-3-small", "version": "1"}, capabilities={"embeddings": "true"}
            ),
            deployment("thinker", {"format": "OpenAI", "name": "gpt-5-mini", "version": "7"}, capabilities=chat),
            deployment("pro", {"name": "gpt-4o"}, capabilities={"responses": "true"}),
            deployment("clean", mini, capabilities=chat, provisioningState="Succeeded"),
            deployment("broken", mini, capabilities=chat, provisioningState="Failed"),
            deployment("untold", mini, capabilities=None),
            deployment("untold-embed", {"name": "text-embedding-ada-002"}),
            deployment("bare", None),
            deployment("", mini),
            {"properties": {}},
        )
    )
    assert listed == [
        AzureDeployment("bare", "", "", "standard", DATED, usable=True),
        AzureDeployment("clean", "gpt-4o-mini", "2024-07-18", "standard", DATED, usable=True),
        AzureDeployment("thinker", "gpt-5-mini", "7", "reasoning", DATED, usable=True),
        AzureDeployment("untold", "gpt-4o-mini", "2024-07-18", "standard", DATED, usable=True),
        AzureDeployment("broken", "gpt-4o-mini", "2024-07-18", "standard", DATED, usable=False),
        AzureDeployment("embed", "text-embedding-3-small", "1", "standard", DATED, usable=False),
        AzureDeployment("pro", "gpt-4o", "", "standard", DATED, usable=False),
        AzureDeployment("untold-embed", "text-embedding-ada-002", "", "standard", DATED, usable=False),
    ]


PARSERS: list[Callable[[bytes], object]] = [
    az_listings.subscriptions,
    az_listings.resources,
    az_listings.deployments,
]


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("stdout", [b"", b"Welcome", b"{}", b'{"a": 1}', b"[", b"][", b"[" * 5000 + b"]" * 5000])
def test_what_is_no_list_says_how_to_see_it(parse: Callable[[bytes], object], stdout: bytes) -> None:
    with pytest.raises(OutsideError) as caught:
        parse(stdout)
    assert caught.value.reason is Reason.TOKEN_FAILED
    assert "run `az " in caught.value.hint


def test_lines_around_the_list_are_ignored() -> None:
    assert az_listings.resources(b"Welcome to az\n" + printed(account("east")) + b"\nGoodbye\n")


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [
        ("ERROR: (AuthorizationFailed) The client 'x' does not have authorization", Reason.PERMISSION_DENIED),
        ("ERROR: (ResourceNotFound) The Resource 'x' was not found.", Reason.RESOURCE_NOT_FOUND),
        ("ERROR: (ResourceGroupNotFound) Resource group 'rg' could not be found.", Reason.RESOURCE_NOT_FOUND),
        ("ERROR: Subscription 'x' not found. Check the spelling", Reason.TOKEN_FAILED),
        ("ERROR: Please run 'az login' to setup account.", Reason.AZ_NOT_LOGGED_IN),
        ("ERROR: AADSTS50076: multi-factor", Reason.TOKEN_FAILED),
        ("requests.exceptions.ConnectionError: x", Reason.NETWORK_ERROR),
        ("ERROR: odd", Reason.TOKEN_FAILED),
    ],
)
def test_a_failure_has_its_reason_and_what_to_do(stderr: str, reason: Reason) -> None:
    error = az_listings.failure(1, stderr.encode(), "az account list")
    assert error.reason is reason
    assert error.hint


def test_what_cannot_be_told_is_to_be_run_by_hand() -> None:
    assert "`az account list`" in az_listings.failure(1, b"ERROR: odd", "az account list").hint
