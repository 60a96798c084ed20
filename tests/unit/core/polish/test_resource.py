from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.errors import ConfigError
from parleqd.core.polish.resource import (
    Cloud,
    Endpoint,
    Kind,
    acceptable_audience,
    chat_url,
    default_scope,
    endpoint_of,
    is_v1,
    may_hold_secret,
    scope_of,
)
from parleqd.core.settings.sections import Provider

DATED = "2024-10-21"


def azure(resource: str) -> Endpoint:
    return endpoint_of(resource, Provider.AZURE_OPENAI)


@pytest.mark.parametrize(
    "typed, base, cloud, kind",
    [
        # every row of what users have
        ("my-openai", "https://my-openai.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("r.openai.azure.com", "https://r.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("r.cognitiveservices.azure.com", "https://r.cognitiveservices.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("r.services.ai.azure.com", "https://r.services.ai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        (
            "https://eastus.api.cognitive.microsoft.com/",
            "https://eastus.api.cognitive.microsoft.com",
            Cloud.PUBLIC,
            Kind.REGIONAL,
        ),
        ("r.openai.azure.us", "https://r.openai.azure.us", Cloud.USGOV, Kind.RESOURCE),
        ("r.cognitiveservices.azure.us", "https://r.cognitiveservices.azure.us", Cloud.USGOV, Kind.RESOURCE),
        ("r.openai.azure.cn", "https://r.openai.azure.cn", Cloud.CHINA, Kind.RESOURCE),
        ("r.cognitiveservices.azure.cn", "https://r.cognitiveservices.azure.cn", Cloud.CHINA, Kind.RESOURCE),
        ("r.privatelink.openai.azure.com", "https://r.privatelink.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("https://gw/x/", "https://gw/x", Cloud.OTHER, Kind.OTHER),
        ("https://gw.example.org/apim/path/openai", "https://gw.example.org/apim/path", Cloud.OTHER, Kind.OTHER),
        # how they write it
        ("  my-openai\n", "https://my-openai.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("My-OpenAI", "https://my-openai.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("my-openai/openai/v1/", "https://my-openai.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("HTTPS://R.OpenAI.Azure.COM/", "https://r.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("https://r.openai.azure.com.", "https://r.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("r.openai.azure.com:443", "https://r.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("r.openai.azure.com:8443", "https://r.openai.azure.com:8443", Cloud.PUBLIC, Kind.RESOURCE),
        ("r.openai.azure.com?api-version=x", "https://r.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("https://r.openai.azure.com//openai//v1", "https://r.openai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        ("https://r.services.ai.azure.com/models", "https://r.services.ai.azure.com", Cloud.PUBLIC, Kind.RESOURCE),
        (
            "https://r.services.ai.azure.com/api/projects/p-1/openai/v1",
            "https://r.services.ai.azure.com/api/projects/p-1",
            Cloud.PUBLIC,
            Kind.PROJECT,
        ),
        ("https://gw.example.org/openai/openai/v1/", "https://gw.example.org/openai", Cloud.OTHER, Kind.OTHER),
        ("http://127.0.0.1:18444", "http://127.0.0.1:18444", Cloud.OTHER, Kind.LOOPBACK),
        ("http://localhost:80/groq/openai/v1", "http://localhost/groq", Cloud.OTHER, Kind.LOOPBACK),
        ("localhost:8080", "http://localhost:8080", Cloud.OTHER, Kind.LOOPBACK),
        ("https://[::1]:18443/", "https://[::1]:18443", Cloud.OTHER, Kind.LOOPBACK),
        ("[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080", Cloud.OTHER, Kind.LOOPBACK),
        # strangers that look like friends
        ("r.openai.azure.com.example.org", "https://r.openai.azure.com.example.org", Cloud.OTHER, Kind.OTHER),
        ("ropenai.azure.com", "https://ropenai.azure.com", Cloud.OTHER, Kind.OTHER),
        ("openai.azure.com", "https://openai.azure.com", Cloud.OTHER, Kind.OTHER),
        ("localhost.example.org", "https://localhost.example.org", Cloud.OTHER, Kind.OTHER),
        ("https://my-openai", "https://my-openai", Cloud.OTHER, Kind.OTHER),
    ],
)
def test_what_was_typed_is_understood(typed: str, base: str, cloud: Cloud, kind: Kind) -> None:
    endpoint = azure(typed)
    assert (endpoint.base, endpoint.cloud, endpoint.kind) == (base, cloud, kind)


@pytest.mark.parametrize(
    "typed, deployment, version",
    [
        ("https://r.openai.azure.com/openai/deployments/x/chat/completions?api-version=y", "x", "y"),
        ("https://r.openai.azure.com/openai/deployments/gpt-5%20mini%2F%CE%B1", "gpt-5 mini/α", ""),
        ("https://r.openai.azure.com/openai/deployments/openai/chat/completions", "openai", ""),
        ("https://r.cognitiveservices.azure.com/openai/responses?api-version=2025-03-01-preview",
         "", "2025-03-01-preview"),
        ("https://r.openai.azure.com/openai/v1/?api-version=preview", "", "v1"),
        ("https://gw/x/openai/deployments/d?API-Version=2024-10-21", "d", "2024-10-21"),
        ("https://r.openai.azure.com/?api-version=%0Ahost", "", ""),
        ("my-openai", "", ""),
    ],
)  # fmt: skip
def test_what_a_pasted_url_names_is_offered(typed: str, deployment: str, version: str) -> None:
    endpoint = azure(typed)
    assert (endpoint.deployment, endpoint.api_version) == (deployment, version)


@pytest.mark.parametrize(
    "typed, provider, url",
    [
        ("", Provider.OPENAI, "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com", Provider.OPENAI, "https://api.openai.com/v1/chat/completions"),
        ("eu.api.openai.com/v1", Provider.OPENAI, "https://eu.api.openai.com/v1/chat/completions"),
        ("http://127.0.0.1:11434", Provider.OPENAI_COMPATIBLE, "http://127.0.0.1:11434/v1/chat/completions"),
        ("https://h.example.org/a/chat/completions", Provider.OPENAI_COMPATIBLE, "https://h.example.org/a/chat/completions"),
        ("https://h.example.org/openai/v1/", Provider.OPENAI_COMPATIBLE, "https://h.example.org/openai/v1/chat/completions"),
    ],
)  # fmt: skip
def test_openai_and_its_like_have_a_base_of_their_own(typed: str, provider: Provider, url: str) -> None:
    assert chat_url(endpoint_of(typed, provider), "gpt-4o-mini", "2025-04-01-preview") == url


@pytest.mark.parametrize(
    "typed, said",
    [
        ("", "empty"),
        ("   ", "empty"),
        ("https://user:hunter2@r.openai.azure.com", "user name"),
        ("ftp://r.openai.azure.com", "ftp"),
        ("http://r.openai.azure.com", "in the clear"),
        ("http://192.168.1.5:11434/v1", "in the clear"),
        ("my openai", "space"),
        ("my_openai!", "no host"),
        ("a\\b", "space"),
        ("x", "name"),
        ("-openai", "no host"),
        ("r..openai.azure.com", "no host"),
        ("ｒ．openai．azure．com", "no host"),
        ("r.openai.azure.com:0", "port"),
        ("r.openai.azure.com:99999", "port"),
        ("r.openai.azure.com:x", "port"),
        ("https://[::1", "no address"),
        ("https://[fe80::1%25eth0]/", "IPv6"),
        ("https:///openai", "no host"),
        ("https://ai.azure.com/resource/x", "portal"),
        ("https://api.openai.com/v1", "OpenAI's"),
    ],
)
def test_what_is_no_address_is_refused_with_what_would_be_right(typed: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        azure(typed)
    assert said in caught.value.message
    assert caught.value.hint
    assert "hunter2" not in f"{caught.value.message}{caught.value.hint}{caught.value.__cause__}"


def test_a_compatible_server_has_no_address_of_its_own() -> None:
    with pytest.raises(ConfigError):
        endpoint_of("", Provider.OPENAI_COMPATIBLE)


@given(
    st.text(alphabet=st.sampled_from("aA1.-_/:?#[]@%&= \\\n\tαｏ。℀\x00") | st.characters()), st.sampled_from(Provider)
)
def test_nothing_typed_raises_anything_else(typed: str, provider: Provider) -> None:
    for resource in (typed, f"https://{typed}", f"r.openai.azure.com{typed}", f"https://h.example.org/{typed}"):
        try:
            endpoint = endpoint_of(resource, provider)
        except ConfigError:
            continue
        assert not endpoint.base.endswith("/")
        assert endpoint.base.isascii()
        again = endpoint_of(endpoint.base, provider)
        assert (again.host, again.cloud) == (endpoint.host, endpoint.cloud)


RESOURCE = "https://r.openai.azure.com"


@pytest.mark.parametrize(
    "typed, deployment, version, url",
    [
        # what the official client library was seen to send, but for its "v1", which Azure does not serve
        (RESOURCE, "gpt-4o-mini", "2025-04-01-preview",
         f"{RESOURCE}/openai/deployments/gpt-4o-mini/chat/completions?api-version=2025-04-01-preview"),
        (RESOURCE, "fixed-dep", DATED, f"{RESOURCE}/openai/deployments/fixed-dep/chat/completions?api-version={DATED}"),
        (RESOURCE, "gpt-5 mini/α", DATED,
         f"{RESOURCE}/openai/deployments/gpt-5%20mini%2F%CE%B1/chat/completions?api-version={DATED}"),
        (RESOURCE, "d", "v1", f"{RESOURCE}/openai/v1/chat/completions"),
        (RESOURCE, "d", " V1 ", f"{RESOURCE}/openai/v1/chat/completions"),
        (RESOURCE, "d", "latest", f"{RESOURCE}/openai/v1/chat/completions"),
        (RESOURCE, "d", "preview", f"{RESOURCE}/openai/v1/chat/completions?api-version=preview"),
        (RESOURCE, "d", " ", f"{RESOURCE}/openai/deployments/d/chat/completions?api-version=2025-04-01-preview"),
        ("https://gw/apim/path/openai", "d1", DATED,
         f"https://gw/apim/path/openai/deployments/d1/chat/completions?api-version={DATED}"),
        ("https://gw/apim/path/", "d1", "v1", "https://gw/apim/path/openai/v1/chat/completions"),
        (f"{RESOURCE}/openai/deployments/pasted", "", DATED,
         f"{RESOURCE}/openai/deployments/pasted/chat/completions?api-version={DATED}"),
        ("https://r.services.ai.azure.com/api/projects/p", "d", DATED,
         "https://r.services.ai.azure.com/api/projects/p/openai/v1/chat/completions"),
        ("http://127.0.0.1:14100/groq", "d", "v1", "http://127.0.0.1:14100/groq/openai/v1/chat/completions"),
    ],
)  # fmt: skip
def test_the_url_of_a_chat_completion(typed: str, deployment: str, version: str, url: str) -> None:
    assert chat_url(azure(typed), deployment, version) == url


@pytest.mark.parametrize(
    "typed, base",
    [
        ("my-openai", "https://my-openai.openai.azure.com"),
        ("r.openai.azure.com", "https://r.openai.azure.com"),
        ("r.cognitiveservices.azure.com", "https://r.cognitiveservices.azure.com"),
        ("r.services.ai.azure.com", "https://r.services.ai.azure.com"),
        ("eastus.api.cognitive.microsoft.com", "https://eastus.api.cognitive.microsoft.com"),
        ("r.openai.azure.us", "https://r.openai.azure.us"),
        ("r.cognitiveservices.azure.us", "https://r.cognitiveservices.azure.us"),
        ("r.openai.azure.cn", "https://r.openai.azure.cn"),
        ("r.cognitiveservices.azure.cn", "https://r.cognitiveservices.azure.cn"),
        ("r.privatelink.openai.azure.com", "https://r.privatelink.openai.azure.com"),
        ("https://gw/x/", "https://gw/x"),
    ],
)
def test_every_kind_of_host_has_the_classic_url_and_v1s(typed: str, base: str) -> None:
    classic, v1 = (chat_url(azure(typed), "d", version) for version in (DATED, "v1"))
    assert classic == f"{base}/openai/deployments/d/chat/completions?api-version={DATED}"
    assert v1 == f"{base}/openai/v1/chat/completions"


def test_a_version_of_another_api_is_not_offered() -> None:
    endpoint = azure("https://r.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview")
    assert (endpoint.base, endpoint.deployment, endpoint.api_version) == ("https://r.services.ai.azure.com", "", "")
    assert azure("https://r.openai.azure.com/openai/models?api-version=2024-10-21").api_version == "2024-10-21"


@pytest.mark.parametrize("deployment", ["", " ", ".", ".."])
def test_a_deployment_must_be_named(deployment: str) -> None:
    with pytest.raises(ConfigError, match="no deployment"):
        chat_url(azure("my-openai"), deployment, DATED)


def test_who_names_the_deployment_in_the_body() -> None:
    assert is_v1(azure("my-openai"), "v1")
    assert not is_v1(azure("my-openai"), DATED)
    assert is_v1(endpoint_of("", Provider.OPENAI), DATED)


@pytest.mark.parametrize(
    "typed, trusted, may",
    [
        ("my-openai", [], True),
        ("r.openai.azure.us", [], True),
        ("http://127.0.0.1:9000", [], True),
        ("https://[::1]:9000", [], True),
        ("r.openai.azure.com.example.org", [], False),
        ("ropenai.azure.com", [], False),
        ("gw.azure-api.net", [], False),
        ("gw.example.org:8443", [], False),
        ("gw.example.org:8443", [" GW.Example.org. "], True),
        ("gw.example.org:8443", ["gw.example.org:8443"], True),
        ("gw.example.org", ["gw.example.org:8443"], False),
        ("gw.example.org", ["example.org", ""], False),
        ("gw.example.org", ["gw.example.org:443"], True),
        ("gw.example.org:8443", ["gw.example.org:443"], False),
        ("gw.example.org", ["https://gw.example.org"], True),
        ("gw.example.org", ["gw.example.org/"], True),
        ("gw.example.org", ["*.example.org"], False),
        ("https://[fd00::1]:9443", ["[fd00::1]"], True),
        ("https://[fd00::1]:9443", ["fd00::1"], True),
        ("https://[fd00::1]:9443", ["[fd00::1]:9443"], True),
        ("https://[fd00::1]:9443", ["[fd00::1]:443"], False),
    ],
)
def test_who_may_hold_a_secret(typed: str, trusted: list[str], may: bool) -> None:
    assert may_hold_secret(azure(typed), trusted) is may


def test_openai_may_hold_its_key_and_nobody_may_in_the_clear() -> None:
    assert may_hold_secret(endpoint_of("", Provider.OPENAI), [])
    clear = Endpoint(
        "http://r.openai.azure.com", "r.openai.azure.com", Provider.AZURE_OPENAI, Cloud.PUBLIC, Kind.RESOURCE
    )
    assert not may_hold_secret(clear, ["r.openai.azure.com"])


@pytest.mark.parametrize(
    "typed, scope, other",
    [
        ("my-openai", "https://cognitiveservices.azure.com/.default", "https://ai.azure.com"),
        ("r.services.ai.azure.com/api/projects/p", "https://ai.azure.com/.default", "https://cognitiveservices.azure.com/"),
        ("r.openai.azure.us", "https://cognitiveservices.azure.us/.default", "https://ai.azure.us/.default"),
        ("r.openai.azure.cn", "https://cognitiveservices.azure.cn/.default", "https://ai.azure.cn"),
        ("https://gw/x/", "https://cognitiveservices.azure.com/.default", "https://ai.azure.com"),
    ],
)  # fmt: skip
def test_the_scope_follows_the_host(typed: str, scope: str, other: str) -> None:
    endpoint = azure(typed)
    assert default_scope(endpoint) == scope
    assert acceptable_audience(endpoint, scope)
    assert acceptable_audience(endpoint, other)


@pytest.mark.parametrize(
    "audience",
    ["", "https://management.azure.com", "https://graph.microsoft.com", "https://cognitiveservices.azure.us",
     "https://cognitiveservices.azure.com.example.org", "http://ai.azure.com", "api://x"],
)  # fmt: skip
def test_a_service_cannot_ask_for_a_token_of_its_choice(audience: str) -> None:
    assert not acceptable_audience(azure("my-openai"), audience)


def test_openai_takes_no_token() -> None:
    endpoint = endpoint_of("", Provider.OPENAI)
    assert default_scope(endpoint) == ""
    assert not acceptable_audience(endpoint, "https://ai.azure.com")


@pytest.mark.parametrize("audience", ["https://ai.azure.com", "https://ai.azure.com/", "https://ai.azure.com/.default"])
def test_a_resource_and_a_scope_are_the_same_audience(audience: str) -> None:
    assert scope_of(audience) == "https://ai.azure.com/.default"
