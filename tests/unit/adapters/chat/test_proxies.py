from __future__ import annotations

import pytest

from parleqd.adapters.chat.proxies import is_loopback, system_proxy

AZURE = ("https", "my-openai.openai.azure.com", 443)


@pytest.fixture(autouse=True)
def no_proxy_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("http", "https", "all", "no"):
        for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper()):
            monkeypatch.delenv(name, raising=False)


def test_without_settings_there_is_no_proxy() -> None:
    assert system_proxy(*AZURE) == ""


@pytest.mark.parametrize(
    "settings, proxy",
    [
        ({"HTTPS_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"https_proxy": "http://user:word@proxy:3128"}, "http://user:word@proxy:3128"),
        ({"HTTPS_PROXY": "proxy:3128"}, "http://proxy:3128"),
        ({"HTTP_PROXY": "http://proxy:3128"}, ""),
        ({"ALL_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
        ({"HTTPS_PROXY": "http://one:1", "ALL_PROXY": "http://two:2"}, "http://one:1"),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example.org,.azure.com"}, ""),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "*"}, ""),
        ({"HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "example.org"}, "http://proxy:3128"),
    ],
)
def test_the_environment_names_it(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], proxy: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert system_proxy(*AZURE) == proxy


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "model.localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_this_machine_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy:3128")
    assert system_proxy("http", host, 80) == ""


@pytest.mark.parametrize("host", ["localhost.example.org", "notlocalhost", "10.0.0.1", "::2", ""])
def test_other_machines_are_not_this_one(host: str) -> None:
    assert not is_loopback(host)
