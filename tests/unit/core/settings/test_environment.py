from __future__ import annotations

import pytest

from parleqd.core.settings import Auth, Provider, merge, parse

AZURE = {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com", "AZURE_OPENAI_DEPLOYMENT": "d"}


def test_nothing_is_added_to_a_plain_environment() -> None:
    tree = {"audio": {"device": "x"}}
    merged = merge(tree, {"PATH": "/bin", "AZURE_OPENAI_API_KEY": "k"})
    assert (merged.tree, merged.origins, merged.problems) == (tree, {}, ())


def test_azure_with_a_key() -> None:
    merged = merge({}, {**AZURE, "AZURE_OPENAI_KEY": "canary", "AZURE_OPENAI_API_VERSION": "2024-10-21"})
    settings, problems = parse(merged.tree)
    (target,) = settings.cleanup.targets
    assert problems == []
    assert (target.provider, target.auth) == (Provider.AZURE_OPENAI, Auth.API_KEY)
    assert (target.resource, target.deployment, target.api_version) == (
        "https://r.openai.azure.com",
        "d",
        "2024-10-21",
    )
    assert merged.origins["cleanup.target[0].auth"] == "AZURE_OPENAI_KEY"
    assert merged.origins["cleanup.target[0].api_version"] == "AZURE_OPENAI_API_VERSION"
    assert "canary" not in str(merged)


def test_azure_without_a_key_signs_in_with_the_command_line() -> None:
    (target,) = parse(merge({}, AZURE).tree)[0].cleanup.targets
    assert target.auth is Auth.AZURE_CLI


def test_openai() -> None:
    merged = merge({}, {"OPENAI_API_KEY": "canary"})
    (target,) = parse(merged.tree)[0].cleanup.targets
    assert (target.name, target.provider, target.resource) == ("openai", Provider.OPENAI, "")
    assert target.deployment
    assert "canary" not in str(merged)


def test_openai_elsewhere() -> None:
    environment = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://localhost:1234/v1", "OPENAI_MODEL": "m"}
    merged = merge({}, environment)
    (target,) = parse(merged.tree)[0].cleanup.targets
    assert (target.resource, target.deployment) == ("http://localhost:1234/v1", "m")
    assert merged.origins["cleanup.target[0].resource"] == "OPENAI_BASE_URL"


def test_both_give_two_targets() -> None:
    merged = merge({"cleanup": {"mode": "raw"}}, {**AZURE, "OPENAI_API_KEY": "k"})
    settings, problems = parse(merged.tree)
    assert [target.name for target in settings.cleanup.targets] == ["azure", "openai"]
    assert (settings.cleanup.mode, problems) == ("raw", [])
    assert merged.origins["cleanup.target[1].name"] == "OPENAI_API_KEY"


def test_the_file_wins() -> None:
    tree = {"cleanup": {"target": [{"name": "mine"}]}}
    assert merge(tree, AZURE).tree is tree


def test_an_empty_variable_counts_as_absent() -> None:
    merged = merge({}, {**AZURE, "AZURE_OPENAI_DEPLOYMENT": ""})
    assert (merged.tree, len(merged.problems)) == ({}, 1)
    assert merge({}, {**AZURE, "AZURE_OPENAI_API_VERSION": ""}).origins.keys() == merge({}, AZURE).origins.keys()


@pytest.mark.parametrize(
    ("have", "lack"),
    [("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_DEPLOYMENT"), ("AZURE_OPENAI_DEPLOYMENT", "AZURE_OPENAI_ENDPOINT")],
)
def test_half_a_target_names_the_variable_that_is_missing(have: str, lack: str) -> None:
    environment = {have: AZURE[have], "AZURE_OPENAI_API_KEY": "canary", "OPENAI_API_KEY": "k"}
    merged = merge({}, environment)
    (problem,) = merged.problems
    assert merged.origins[problem.key] == have
    assert f"set {lack}" in problem.hint
    assert "canary" not in str(merged)
    assert [target.name for target in parse(merged.tree)[0].cleanup.targets] == ["openai"]
    assert merge({"cleanup": {"target": []}}, environment).problems == ()


CLASSIC = "https://r.openai.azure.com/openai/deployments/clean%20up/chat/completions?api-version=2024-10-21"


@pytest.mark.parametrize(
    ("url", "deployment", "version"),
    [
        (CLASSIC, "clean up", "2024-10-21"),
        ("r.openai.azure.com/OpenAI/Deployments/x?a=b&api-version=2024-10-21-preview&c=d", "x", "2024-10-21-preview"),
        ("https://gw.example.org/east/openai/deployments/x", "x", None),
        ("https://gw.example.org/openai/deployments/x?api-version=soon", "x", None),
    ],
)
def test_an_endpoint_may_name_the_deployment_and_the_version(url: str, deployment: str, version: str | None) -> None:
    merged = merge({}, {"AZURE_OPENAI_ENDPOINT": url, "AZURE_OPENAI_API_KEY": "k"})
    settings, problems = parse(merged.tree)
    (target,) = settings.cleanup.targets
    assert (problems, merged.problems) == ([], ())
    assert (target.resource, target.deployment, target.api_version) == (url, deployment, version or target.api_version)
    assert merged.origins["cleanup.target[0].deployment"] == "AZURE_OPENAI_ENDPOINT"
    assert ("cleanup.target[0].api_version" in merged.origins) == (version is not None)


def test_variables_go_before_what_the_endpoint_names() -> None:
    environment = {**AZURE, "AZURE_OPENAI_ENDPOINT": CLASSIC, "AZURE_OPENAI_API_VERSION": "v1"}
    (target,) = parse(merge({}, environment).tree)[0].cleanup.targets
    assert (target.deployment, target.api_version) == ("d", "v1")


@pytest.mark.parametrize(
    ("url", "version"),
    [
        ("https://r.openai.azure.com/openai/v1/", "v1"),
        ("https://r.openai.azure.com/openai/v1?api-version=preview", "v1"),
        ("https://r.openai.azure.com/openai/v12", "2025-04-01-preview"),
        (
            "https://r.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview",
            "2025-04-01-preview",
        ),
        ("https://openai/deployments/x?api-version=2024-10-21", "2025-04-01-preview"),
    ],
)
def test_only_a_path_of_the_service_names_a_version(url: str, version: str) -> None:
    (target,) = parse(merge({}, {**AZURE, "AZURE_OPENAI_ENDPOINT": url}).tree)[0].cleanup.targets
    assert (target.deployment, target.api_version) == ("d", version)


def test_a_broken_section_is_left_to_the_parser() -> None:
    assert merge({"cleanup": 3}, AZURE).tree == {"cleanup": 3}
