from __future__ import annotations

from parleqd.core.settings import Auth, Provider, merge, parse

AZURE = {"AZURE_OPENAI_ENDPOINT": "https://r.openai.azure.com", "AZURE_OPENAI_DEPLOYMENT": "d"}


def test_nothing_is_added_to_a_plain_environment() -> None:
    tree = {"audio": {"device": "x"}}
    merged = merge(tree, {"PATH": "/bin", "AZURE_OPENAI_API_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://r"})
    assert (merged.tree, merged.origins) == (tree, {})


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
    assert merge({}, {**AZURE, "AZURE_OPENAI_DEPLOYMENT": ""}).origins == {}


def test_a_broken_section_is_left_to_the_parser() -> None:
    assert merge({"cleanup": 3}, AZURE).tree == {"cleanup": 3}
