from __future__ import annotations

import tomllib

import pytest

from parleqd.core.errors import ConfigError
from parleqd.core.settings import Auth, Family, Provider, Target
from parleqd.core.settings.targets import parse_targets, target_of

WHOLE = """
name = "eastus"
provider = "azure-openai"
resource = "my-openai"
deployment = "gpt-4o-mini"
api_version = "v1"
family = "reasoning"
auth = "managed-identity"
weight = 0.5
trusted_hosts = ["gateway.example"]
"""
LEAST = 'name = "a"\nresource = "r"\ndeployment = "d"\n'


def read(text: str) -> tuple[tuple[Target, ...], list[tuple[str, str, str]]]:
    problems: list[tuple[str, str, str]] = []
    targets = parse_targets(tomllib.loads(text)["target"], lambda *problem: problems.append(problem))
    return targets, problems


def test_a_whole_target() -> None:
    targets, problems = read("[[target]]" + WHOLE)
    assert problems == []
    assert targets == (
        Target(
            name="eastus",
            provider=Provider.AZURE_OPENAI,
            auth=Auth.MANAGED_IDENTITY,
            resource="my-openai",
            deployment="gpt-4o-mini",
            api_version="v1",
            family=Family.REASONING,
            weight=0.5,
            trusted_hosts=("gateway.example",),
        ),
    )


@pytest.mark.parametrize(
    ("provider", "auth"),
    [("azure-openai", Auth.AZURE_CLI), ("openai", Auth.API_KEY), ("openai-compatible", Auth.API_KEY)],
)
def test_the_way_to_authorise_follows_from_the_provider(provider: str, auth: Auth) -> None:
    (target,), problems = read(f'[[target]]\nprovider = "{provider}"\n{LEAST}')
    assert (target.auth, problems) == (auth, [])


def test_openai_needs_no_address() -> None:
    (target,), problems = read('[[target]]\nprovider = "openai"\nname = "a"\ndeployment = "gpt-4o-mini"')
    assert (target.resource, problems) == ("", [])


@pytest.mark.parametrize("key", ["name", "resource", "deployment"])
def test_a_target_without_an_essential_key_is_left_out(key: str) -> None:
    text = "\n".join(line for line in LEAST.splitlines() if not line.startswith(key))
    targets, problems = read("[[target]]\n" + text)
    assert targets == ()
    assert problems == [("cleanup.target[0]", f"has no {key}", f'add {key} = "…" under this [[cleanup.target]]')]


@pytest.mark.parametrize("line", ['provider = "azur"', "name = 3", "resource = 3", "deployment = false"])
def test_a_target_whose_essential_key_is_bad_is_left_out(line: str) -> None:
    key = line.split()[0]
    rest = "\n".join(other for other in LEAST.splitlines() if not other.startswith(key))
    targets, problems = read(f"[[target]]\n{rest}\n{line}")
    assert targets == ()
    assert [place for place, _, _ in problems] == [f"cleanup.target[0].{key}"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('weight = "heavy"', 'must be a number, not "heavy"'),
        ("api_version = 2025-04-01", "must be text, not a date or time"),
        ('auth = "azurecli"', '"azurecli" is none of the choices'),
    ],
)
def test_a_lesser_key_takes_its_default_when_it_is_bad(line: str, message: str) -> None:
    (target,), problems = read(f"[[target]]\n{LEAST}{line}")
    assert (target.weight, target.api_version, target.auth) == (1.0, "2025-04-01-preview", Auth.AZURE_CLI)
    assert [text for _, text, _ in problems] == [message]


def test_a_trusted_host_is_kept_in_its_one_form_and_a_pattern_trusts_nobody() -> None:
    (target,), problems = read(f'[[target]]\n{LEAST}trusted_hosts = ["https://GW.example.org/", "[fd00::1]"]')
    assert (target.trusted_hosts, problems) == (("gw.example.org", "fd00::1"), [])
    (target,), problems = read(f'[[target]]\n{LEAST}trusted_hosts = ["gw", "*.example.org"]')
    assert target.trusted_hosts == ()
    assert [(key, message.partition(",")[0]) for key, message, _ in problems] == [
        ("cleanup.target[0].trusted_hosts", '"*.example.org" is a pattern')
    ]


def test_an_unknown_key_is_told_what_was_meant() -> None:
    (_,), problems = read(f"[[target]]\n{LEAST}wieght = 2\ncolour = 1")
    assert [hint.split(",")[0] for _, _, hint in problems] == [
        "did you mean weight?",
        "the keys of a target are name",
    ]


@pytest.mark.parametrize("key", ["api_key", "token", "secret"])
def test_a_secret_in_the_file_is_pointed_to_the_keyring_and_never_repeated(key: str) -> None:
    _, problems = read(f'[[target]]\n{LEAST}{key} = "canary-0123"')
    assert "parleqctl secret set NAME" in problems[0][2]
    assert "canary" not in str(problems)


def test_a_key_pasted_into_the_wrong_place_is_not_repeated() -> None:
    _, problems = read(f'[[target]]\n{LEAST}auth = "canary-0123"')
    assert problems
    assert "canary" not in str(problems)


def test_two_targets_may_not_share_a_name() -> None:
    targets, problems = read(f"[[target]]\n{LEAST}[[target]]\n{LEAST}")
    assert len(targets) == 1
    assert problems == [("cleanup.target[1].name", '"a" names two targets', "give each target its own name")]


@pytest.mark.parametrize(("text", "place"), [("[target]", "cleanup.target"), ("target = [3]", "cleanup.target[0]")])
def test_one_bracket_too_few(text: str, place: str) -> None:
    targets, problems = read(text)
    assert targets == ()
    assert [(key, "two brackets" in hint) for key, _, hint in problems] == [(place, True)]


def test_of_tenant_and_subscription_the_subscription_is_kept() -> None:
    (target,), problems = read(f'[[target]]\n{LEAST}tenant = "t"\nsubscription = "s"')
    assert (target.tenant, target.subscription) == ("", "s")
    assert [(key, message) for key, message, _ in problems] == [
        ("cleanup.target[0].tenant", "is set beside subscription, and az takes one of them only")
    ]
    assert "keep the subscription" in problems[0][2]


def test_one_table_is_a_target_or_an_error() -> None:
    assert target_of(tomllib.loads(WHOLE)) == read(f"[[target]]{WHOLE}")[0][0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('family = "smart"', "family: "),
        ("weight = -1", "weight: "),
        ('name = "two words"', "name: "),
        ('api_key = "k"', "api_key: "),
        ("", "the target: has no resource"),
    ],
)
def test_one_table_with_anything_wrong_is_no_target(line: str, message: str) -> None:
    entry = {"name": "a", "deployment": "d", **({"resource": "r"} if line else {}), **tomllib.loads(line)}
    with pytest.raises(ConfigError) as refused:
        target_of(entry)
    assert refused.value.message.startswith(message)
    assert refused.value.hint
