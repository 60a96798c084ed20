from __future__ import annotations

import tomllib

import pytest

from parleqd.core.policy.reading import NO_POLICY, Limits, Policy, parse_policy, with_pins
from parleqd.core.settings import Auth, Provider, Settings, parse
from parleqd.core.settings.sections import Speech
from parleqd.protocol.names import Mode

TARGET = '[[pin.cleanup.target]]\nname = "ours"\nresource = "our-openai"\ndeployment = "mini"\n'


def read(text: str) -> Policy:
    policy, problems = parse_policy(tomllib.loads(text))
    assert problems == []
    return policy


def test_an_empty_policy_is_none() -> None:
    assert read("") == NO_POLICY == read("[limit]\n[pin.history]\n")


def test_limits_are_read() -> None:
    policy = read("""
[limit]
mode = "instant"
history = 20
targets = ["eastus", "westus"]
hosts = ["*.openai.azure.com", "Gateway.Example.com", "::1"]
providers = ["azure-openai"]
auth = ["azure-cli", "managed-identity"]
static_keys = false
""")
    assert policy.limits == Limits(
        mode=Mode.INSTANT,
        history=20,
        targets=("eastus", "westus"),
        hosts=("*.openai.azure.com", "gateway.example.com", "::1"),
        providers=(Provider.AZURE_OPENAI,),
        auth=(Auth.AZURE_CLI, Auth.MANAGED_IDENTITY),
        static_keys=False,
    )


def test_pins_are_the_keys_that_are_named() -> None:
    policy = read(f'[pin.history]\nkeep = 0\n[pin.cleanup]\nmode = "polished"\n{TARGET}')
    assert policy.pins == {"history.keep": 0, "cleanup.mode": Mode.POLISHED}
    assert policy.targets is not None
    assert [target.name for target in policy.targets] == ["ours"]
    settings = with_pins(Settings(speech=Speech(model="base")), policy)
    assert (settings.history.keep, settings.cleanup.mode, settings.speech.model) == (0, Mode.POLISHED, "base")
    assert settings.cleanup.targets == policy.targets


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[limit]\nmode = "non"', "limit.mode"),
        ("[limit]\nhistory = -1", "limit.history"),
        ('[limit]\nhosts = ["https://x.example.com/path"]', "limit.hosts"),
        ('[limit]\nhosts = ["gateway.example.com:8443"]', "limit.hosts"),
        ('[limit]\nhosts = ["*"]', "limit.hosts"),
        ('[limit]\nhosts = ["*example.com"]', "limit.hosts"),
        ('[limit]\nhost = ["x.example.com"]', "limit.host"),
        ("limit = 3", "limit"),
        ('[limits]\nmode = "raw"', "limits"),
        ("[history]\nkeep = 0", "history"),
        ('[pin.history]\nkeep = "none"', "pin.history.keep"),
        ("[pin.histry]\nkeep = 0", "pin.histry"),
        ("[pin.history]\nkep = 0", "pin.history.kep"),
        ('[pin.cleanup]\nstrategy = "x"', "pin.cleanup.strategy"),
        ('[[pin.cleanup.target]]\nname = "a"', "pin.cleanup.target[0]"),
        ("[pin.audio]\npreroll_s = 9", "pin.audio.preroll_s"),
        ("[pin.audio]\ndevices = 9", "pin.audio.devices"),
        ('[[pin.app]]\napp = "a"\nmode = "polished"', "pin.app"),
        ("pin = 1", "pin"),
    ],
)
def test_what_may_be_about_secrecy_and_cannot_be_understood_closes(text: str, key: str) -> None:
    policy, problems = parse_policy(tomllib.loads(text))
    assert policy.closed
    assert problems[0].key == key


@pytest.mark.parametrize(
    "text", ["[pin.audio]\nmax_minutes = 0", '[pin.speech]\nlanguage = "xx"', "[pin.insertion]\nreview = 1"]
)
def test_what_gives_nothing_away_closes_nothing_and_pins_nothing(text: str) -> None:
    policy, problems = parse_policy(tomllib.loads(text))
    assert (policy, len(problems)) == (NO_POLICY, 1)


def test_a_pinned_model_that_cannot_translate_does_not() -> None:
    user, _ = parse({"speech": {"model": "small", "translate": True}})
    assert not with_pins(user, read('[pin.speech]\nmodel = "tiny.en"\n')).speech.translate
