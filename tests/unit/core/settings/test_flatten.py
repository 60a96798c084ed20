from __future__ import annotations

import pytest

from parleqd.core.settings import AppRule, Auth, Cleanup, Provider, Settings, Target, flatten
from parleqd.core.settings.flatten import public_address
from parleqd.core.settings.table import SECTIONS, TARGET_KEYS
from parleqd.protocol.names import Mode


def test_every_setting_is_shown() -> None:
    target = Target(name="a", provider=Provider.OPENAI, auth=Auth.API_KEY)
    shown = dict(flatten(Settings(cleanup=Cleanup(targets=(target,)))))
    plain = {f"{section}.{key}" for section, rules in SECTIONS.items() for key in rules}
    assert set(shown) == plain | {f"cleanup.target[0].{key}" for key in TARGET_KEYS}


def test_of_a_rule_by_application_there_is_what_it_says() -> None:
    rules = (AppRule(), AppRule(app=("a",), mode=Mode.RAW, capitals=False))
    shown = [(key, value) for key, value in flatten(Settings(apps=rules)) if key.startswith("app[")]
    assert shown == [("app[1].app", ("a",)), ("app[1].mode", "raw"), ("app[1].capitals", False)]


def test_values_are_plain() -> None:
    shown = dict(flatten(Settings()))
    assert shown["cleanup.mode"] == "instant"
    assert repr(shown["audio.max_minutes"]) == "20"
    assert repr(shown["cleanup.budget_s"]) == "4"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("my-openai", "my-openai"),
        ("https://r.openai.azure.com/", "https://r.openai.azure.com/"),
        ("https://u:canary@host:8443/path", "https://host:8443/path"),
        ("https://host/path?api-key=canary", "https://host/path"),
        ("host/path#canary", "host/path"),
        ("u:canary@host", "host"),
        ("https://host/a@b", "https://host/a@b"),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert public_address(address) == shown
    target = Target(name="a", provider=Provider.OPENAI_COMPATIBLE, auth=Auth.API_KEY, resource=address)
    assert dict(flatten(Settings(cleanup=Cleanup(targets=(target,)))))["cleanup.target[0].resource"] == shown
