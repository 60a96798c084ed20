from __future__ import annotations

import pytest

from parleqd.core.errors import ConfigError, RefusedError
from parleqd.core.polish.prompt import Message
from parleqd.core.polish.request import (
    Repairs,
    RequestSpec,
    advice,
    body_of,
    effort_for,
    headers_for,
    repair_for,
)
from parleqd.core.polish.resource import endpoint_of
from parleqd.core.settings.sections import Auth, Family, Provider, Target
from parleqd.protocol.names import Reason

MESSAGES = [Message("system", "Clean."), Message("user", "um hi")]


def spec_of(
    provider: Provider = Provider.AZURE_OPENAI,
    *,
    auth: Auth = Auth.API_KEY,
    resource: str = "my-openai",
    deployment: str = "gpt-4o-mini",
    api_version: str = "2025-04-01-preview",
    family: Family = Family.STANDARD,
    predict: bool = False,
) -> RequestSpec:
    target = Target("eastus", provider, auth, resource, deployment, api_version, family)
    return RequestSpec(target, endpoint_of(resource, provider), predict)


def test_a_standard_model_is_asked_for_no_chance_and_few_tokens() -> None:
    assert body_of(spec_of(), MESSAGES, "um hi") == {
        "messages": [{"role": "system", "content": "Clean."}, {"role": "user", "content": "um hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 258,
        "temperature": 0,
    }


def test_a_reasoning_model_is_asked_to_reason_little_and_given_room() -> None:
    body = body_of(spec_of(family=Family.REASONING, deployment="gpt-5-mini"), MESSAGES, "um hi")
    assert body["max_completion_tokens"] == 4096
    assert body["reasoning_effort"] == "minimal"
    assert not {"max_tokens", "temperature"} & body.keys()


@pytest.mark.parametrize(
    "spec, model",
    [
        (spec_of(), None),
        (spec_of(api_version="v1"), "gpt-4o-mini"),
        (spec_of(Provider.OPENAI, resource=""), "gpt-4o-mini"),
        (spec_of(Provider.OPENAI_COMPATIBLE, resource="localhost:1"), "gpt-4o-mini"),
    ],
)
def test_the_model_is_named_where_the_url_does_not(spec: RequestSpec, model: str | None) -> None:
    assert body_of(spec, MESSAGES, "").get("model") == model


@pytest.mark.parametrize("family, name", [(Family.STANDARD, "max_tokens"), (Family.REASONING, "max_completion_tokens")])
def test_the_token_limit_grows_with_the_text_and_not_for_ever(family: Family, name: str) -> None:
    sizes = [body_of(spec_of(family=family), MESSAGES, "wort " * words)[name] for words in (0, 3000, 100_000)]
    assert sizes[0] == (256 if family is Family.STANDARD else 4096)
    assert isinstance(sizes[1], int)
    assert 7000 < sizes[1] < 16_384
    assert sizes[2] == 16_384


@pytest.mark.parametrize(
    "model, effort",
    [
        ("gpt-5", "minimal"),
        ("gpt-5-mini", "minimal"),
        ("GPT-5-nano-2025-08-07", "minimal"),
        ("team-gpt5", "minimal"),
        ("gpt-5.1", "none"),
        ("gpt-5.4-mini", "none"),
        ("gpt-6", "none"),
        ("gpt-5-codex", "low"),
        ("gpt-5-pro", "low"),
        ("gpt-5-chat", ""),
        ("gpt-5.2-chat", ""),
        ("o3-mini", "low"),
        ("o4-mini", "low"),
        ("gpt-oss-120b", "low"),
        ("cleanup", "low"),
        ("", "low"),
    ],
)
def test_the_effort_is_the_least_the_model_takes(model: str, effort: str) -> None:
    assert effort_for(model) == effort


def test_a_model_that_takes_no_effort_is_sent_none() -> None:
    assert "reasoning_effort" not in body_of(spec_of(family=Family.REASONING, deployment="gpt-5-chat"), MESSAGES, "")


def test_a_predicted_output_is_the_transcript_and_opt_in() -> None:
    assert "prediction" not in body_of(spec_of(), MESSAGES, "um hi")
    body = body_of(spec_of(predict=True), MESSAGES, "um hi")
    assert body["prediction"] == {"type": "content", "content": "um hi"}
    assert "prediction" not in body_of(spec_of(predict=True, family=Family.REASONING), MESSAGES, "um hi")


def test_a_predicted_output_never_goes_with_max_completion_tokens() -> None:
    body = body_of(spec_of(predict=True), MESSAGES, "um hi", Repairs(frozenset({"max_tokens"})))
    assert "max_completion_tokens" in body
    assert "prediction" not in body


def test_two_refusals_are_two_repairs_and_each_name_is_repaired_once() -> None:
    spec, repairs = spec_of(), Repairs()
    for param in ("max_tokens", "temperature"):
        repaired = repair_for(param, body_of(spec, MESSAGES, "", repairs), repairs)
        assert repaired is not None
        assert repair_for(param, body_of(spec, MESSAGES, "", repairs), repaired) is None
        repairs = repaired
    body = body_of(spec, MESSAGES, "", repairs)
    assert body.keys() == {"messages", "stream", "stream_options", "max_completion_tokens"}
    assert body["max_completion_tokens"] == 4096


def test_a_limit_refused_under_both_names_goes() -> None:
    body = body_of(spec_of(), MESSAGES, "", Repairs(frozenset({"max_tokens", "max_completion_tokens"})))
    assert not {"max_tokens", "max_completion_tokens"} & body.keys()


def test_a_reasoning_family_that_is_none_gets_the_other_limit() -> None:
    body = body_of(spec_of(family=Family.REASONING), MESSAGES, "", Repairs(frozenset({"max_completion_tokens"})))
    assert body["max_tokens"] == 256


@pytest.mark.parametrize("param", ["messages", "model", "stream", "top_p", "", "reasoning_effort", "prediction"])
def test_what_was_not_sent_or_is_needed_is_not_repaired(param: str) -> None:
    body = body_of(spec_of(api_version="v1"), MESSAGES, "")
    assert repair_for(param, body, Repairs()) is None


@pytest.mark.parametrize(
    "family, refused, setting",
    [
        (Family.STANDARD, {"max_tokens"}, 'family = "reasoning"'),
        (Family.STANDARD, {"max_tokens", "temperature"}, 'family = "reasoning"'),
        (Family.REASONING, {"max_completion_tokens", "reasoning_effort"}, 'family = "standard"'),
        (Family.STANDARD, {"stream_options"}, 'api_version = "2025-04-01-preview"'),
        (Family.STANDARD, {"prediction"}, "predicted outputs"),
    ],
)
def test_the_user_is_told_which_setting_to_change(family: Family, refused: set[str], setting: str) -> None:
    told = advice(spec_of(family=family, api_version="2024-02-01"), Repairs(frozenset(refused)))
    assert setting in told
    assert '"eastus"' in told


def test_there_is_nothing_to_tell_without_a_setting_to_change() -> None:
    assert advice(spec_of(), Repairs()) == ""
    assert advice(spec_of(family=Family.REASONING), Repairs(frozenset({"reasoning_effort"}))) == ""
    compatible = spec_of(Provider.OPENAI_COMPATIBLE, resource="localhost:1")
    assert advice(compatible, Repairs(frozenset({"stream_options"}))) == ""


@pytest.mark.parametrize(
    "spec, header",
    [
        (spec_of(), ("api-key", "k1")),
        (spec_of(api_version="v1"), ("api-key", "k1")),
        (spec_of(auth=Auth.AZURE_CLI), ("authorization", "Bearer k1")),
        (spec_of(auth=Auth.TOKEN, api_version="v1"), ("authorization", "Bearer k1")),
        (spec_of(Provider.OPENAI, resource=""), ("authorization", "Bearer k1")),
        (spec_of(Provider.OPENAI_COMPATIBLE, resource="localhost:1"), ("authorization", "Bearer k1")),
    ],
)
@pytest.mark.parametrize("secret", ["k1", " k1\n", "Bearer k1", "bearer  k1"])
def test_one_header_carries_the_secret(spec: RequestSpec, header: tuple[str, str], secret: str) -> None:
    headers = headers_for(spec, secret)
    assert {"api-key", "authorization"} & headers.keys() == {header[0]}
    assert headers[header[0]] == header[1]
    assert headers["content-type"] == "application/json"


@pytest.mark.parametrize("secret, reason", [("", Reason.KEY_MISSING), (" \n", Reason.KEY_MISSING),
                                            ("ab\ncd", Reason.KEY_REJECTED), ("schlüssel", Reason.KEY_REJECTED),
                                            ("two words", Reason.KEY_REJECTED)])  # fmt: skip
def test_a_secret_no_header_can_carry_is_refused_and_not_shown(secret: str, reason: Reason) -> None:
    with pytest.raises(RefusedError) as caught:
        headers_for(spec_of(), secret)
    assert caught.value.reason is reason
    assert "eastus" in caught.value.hint
    assert not secret.strip() or secret not in caught.value.message + caught.value.hint


def test_a_server_of_ones_own_may_have_no_key() -> None:
    headers = headers_for(spec_of(Provider.OPENAI_COMPATIBLE, resource="localhost:1"), "")
    assert not {"api-key", "authorization"} & headers.keys()


def test_the_deployment_in_a_pasted_url_stands_in_for_a_missing_one() -> None:
    spec = spec_of(resource="https://r.openai.azure.com/openai/deployments/pasted", deployment="")
    assert spec.deployment == "pasted"
    assert "/deployments/pasted/" in spec.url
    with pytest.raises(ConfigError):
        _ = spec_of(deployment="").url
