from __future__ import annotations

import tomllib
from typing import Any

import pytest

from parleqd.core.policy.managing import Managed, manage, refused_change
from parleqd.core.policy.reading import CLOSED_POLICY, NO_POLICY, Policy, parse_policy
from parleqd.core.settings import AppRule, Settings, parse
from parleqd.core.settings.sections import WithoutMemory
from parleqd.protocol.names import Mode

USER = """
[audio]
preroll_s = 2
journal_without_memory = "encrypted"
[history]
keep = 50
[cleanup]
mode = "polished"
[[cleanup.target]]
name = "azure"
resource = "my-openai"
deployment = "mini"
auth = "azure-cli"
[[cleanup.target]]
name = "keyed"
resource = "other-openai"
deployment = "mini"
auth = "api-key"
[[cleanup.target]]
name = "local"
provider = "openai-compatible"
resource = "http://127.0.0.1:8080/v1"
deployment = "small"
[[app]]
app = "slack"
mode = "polished"
"""
PINNED_TARGET = '[[pin.cleanup.target]]\nname = "ours"\nresource = "our-openai"\ndeployment = "mini"\n'


def user(**changed: dict[str, Any]) -> Settings:
    settings, problems = parse({**tomllib.loads(USER), **changed})
    assert problems == []
    return settings


def policy(text: str) -> Policy:
    return parse_policy(tomllib.loads(text))[0]


def under(text: str) -> Managed:
    return manage(user(), policy(text))


def names(managed: Managed) -> list[str]:
    return [target.name for target in managed.settings.cleanup.targets]


def test_without_a_policy_the_user_s_settings_stand() -> None:
    assert manage(user(), NO_POLICY) == Managed(user())


def test_a_pin_goes_before_the_user() -> None:
    managed = under("[pin.history]\nkeep = 7\n")
    assert managed.settings.history.keep == 7
    assert managed.decided == {"history.keep": "pin.history.keep"}


@pytest.mark.parametrize(("limit", "keep"), [(0, 0), (10, 10), (100, 50)])
def test_a_limit_only_lowers(limit: int, keep: int) -> None:
    managed = under(f"[limit]\nhistory = {limit}\n")
    assert managed.settings.history.keep == keep
    assert managed.decided == ({} if keep == 50 else {"history.keep": "limit.history"})


def test_a_limit_holds_for_a_pin_too() -> None:
    assert under("[pin.history]\nkeep = 7\n[limit]\nhistory = 3\n").settings.history.keep == 3


@pytest.mark.parametrize("most", [Mode.RAW, Mode.INSTANT])
def test_cleanup_can_be_kept_on_the_device_or_off(most: Mode) -> None:
    managed = under(f'[limit]\nmode = "{most}"\n')
    cleanup = managed.settings.cleanup
    assert (cleanup.mode, cleanup.refine_mode, cleanup.targets, managed.most) == (most, most, (), most)
    assert managed.settings.apps[0].mode is most
    assert managed.decided == dict.fromkeys(("cleanup.mode", "cleanup.refine_mode", "app[0].mode"), "limit.mode")
    assert {one.key for one in managed.withheld} == {"limit.mode"}


def test_no_rule_by_application_goes_round_a_pinned_mode() -> None:
    managed = under('[pin.cleanup]\nmode = "instant"\n')
    assert managed.settings.apps == (AppRule(app=("slack",), mode=Mode.INSTANT),)
    assert (managed.most, names(managed)) == (Mode.INSTANT, ["azure", "keyed", "local"])


@pytest.mark.parametrize(
    ("limit", "allowed"),
    [
        ('targets = ["azure", "local"]', ["azure", "local"]),
        ("targets = []", []),
        ('hosts = ["*.openai.azure.com"]', ["azure", "keyed"]),
        ('hosts = ["my-openai.openai.azure.com"]', ["azure"]),
        ('hosts = ["*.my-openai.openai.azure.com"]', []),
        ('hosts = ["127.0.0.1"]', ["local"]),
        ('providers = ["azure-openai"]', ["azure", "keyed"]),
        ('auth = ["azure-cli"]', ["azure"]),
        ("static_keys = false", ["azure"]),
        ("static_keys = true", ["azure", "keyed", "local"]),
    ],
)
def test_targets_that_are_not_allowed_are_withheld(limit: str, allowed: list[str]) -> None:
    managed = under(f"[limit]\n{limit}\n")
    assert names(managed) == allowed
    assert sorted([*allowed, *(one.name for one in managed.withheld)]) == ["azure", "keyed", "local"]
    assert {one.key for one in managed.withheld} <= {f"limit.{limit.partition(' ')[0]}"}
    assert all(one.message.startswith("the policy allows") for one in managed.withheld)


def test_an_address_that_nobody_understands_is_no_allowed_host() -> None:
    odd = {"target": [{"name": "odd", "resource": "ftp://x", "deployment": "d"}]}
    managed = manage(user(cleanup=odd), policy('[limit]\nhosts = ["*.openai.azure.com"]\n'))
    assert names(managed) == []


def test_pinned_targets_stand_in_place_of_the_user_s() -> None:
    managed = under(PINNED_TARGET)
    assert names(managed) == ["ours"]


@pytest.mark.parametrize("closed", [CLOSED_POLICY, policy('[limit]\nmode = "polishd"\n')])
def test_a_policy_that_cannot_be_relied_on_closes_everything(closed: Policy) -> None:
    managed = manage(user(), closed)
    settings = managed.settings
    assert (settings.cleanup.mode, settings.cleanup.refine_mode) == (Mode.INSTANT, Mode.INSTANT)
    assert (settings.history.keep, settings.audio.preroll_s) == (0, 0)
    assert settings.audio.journal_without_memory is WithoutMemory.OFF
    assert (settings.cleanup.targets, managed.most) == ((), Mode.INSTANT)
    assert settings.apps[0].mode is Mode.INSTANT
    assert set(managed.decided.values()) == {""}


def test_closing_never_raises_what_is_lower() -> None:
    managed = manage(user(cleanup={"mode": "raw"}), CLOSED_POLICY)
    assert managed.settings.cleanup.mode is Mode.RAW
    assert manage(user(), policy('[limit]\nmode = "raw"\nhistry = 0\n')).most is Mode.RAW


@pytest.mark.parametrize(
    ("text", "key", "by"),
    [
        ("[pin.history]\nkeep = 50\n", "history.keep", "pin.history.keep"),
        ("[limit]\nhistory = 20\n", "history.keep", "limit.history"),
        ("[limit]\nhistory = 60\n", "history.keep", None),
        ('[limit]\nmode = "instant"\n', "cleanup.mode", "limit.mode"),
        ('[limit]\nmode = "instant"\n', "app[0].mode", "limit.mode"),
        ('[limit]\nmode = "instant"\n', "speech.model", None),
        ("[limit]\nstatic_keys = false\n", "cleanup.target[1].auth", "limit.static_keys"),
        ("[limit]\nstatic_keys = false\n", "cleanup.target[0].weight", None),
        (PINNED_TARGET, "cleanup.target[0].name", "pin.cleanup.target"),
    ],
)
def test_a_change_is_refused_by_what_decides(text: str, key: str, by: str | None) -> None:
    assert refused_change(key, user(), policy(text)) == by
