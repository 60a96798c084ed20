from __future__ import annotations

import pytest

from parleqd.core.settings.hosts import speech_server, trusted_host, trusted_hosts
from parleqd.core.settings.rules import Wrong


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gw", "gw"),
        (" GW.Example.org. ", "gw.example.org"),
        ("https://gw", "gw"),
        ("HTTPS://gw.example.org./", "gw.example.org"),
        ("gw/", "gw"),
        ("gw:443", "gw:443"),
        ("gw.example.org.:08443", "gw.example.org:8443"),
        ("https://gw:8443/", "gw:8443"),
        ("my_gw", "my_gw"),
        ("10.0.0.7:8443", "10.0.0.7:8443"),
        ("[fd00::1]", "fd00::1"),
        ("FD00:0::1", "fd00::1"),
        ("[fd00::1]:8443", "[fd00::1]:8443"),
        ("https://[FD00::1]/", "fd00::1"),
    ],
)
def test_one_host_has_one_form(written: str, meant: str) -> None:
    assert trusted_host(written) == meant
    assert trusted_host(meant) == meant


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("*", "pattern"),
        ("*.example.org", "pattern"),
        ("https://*.example.org/", "pattern"),
        ("http://gw", "https"),
        ("gw/openai", "more than a host"),
        ("gw?key=canary", "more than a host"),
        ("user:canary@gw", "more than a host"),
        ("", "empty"),
        (".", "no host"),
        ("https://", "no host"),
        ("two words", "no host"),
        ("-gw", "no host"),
        ("g\u00e4teway", "no host"),
        ("[fd00::1", "no host"),
        ("[gw]", "no host"),
        ("[fe80::1%eth0]", "no host"),
        ("gw:", "port"),
        ("gw:0", "port"),
        ("gw:65536", "port"),
        ("gw:https", "port"),
        (3, "text"),
    ],
)
def test_what_is_no_single_host_is_refused(written: object, said: str) -> None:
    with pytest.raises(Wrong) as refused:
        trusted_host(written)
    assert said in refused.value.message
    assert "canary" not in refused.value.message


def test_hosts_come_as_a_list() -> None:
    assert trusted_hosts(["gw/", "https://b"]) == ("gw", "b")
    with pytest.raises(Wrong, match="list of hosts, not text"):
        trusted_hosts("gw")


@pytest.mark.parametrize("written", ["http://127.0.0.1:8000/v1", " http://localhost:9000 ", "http://[::1]:8000"])
def test_a_speech_server_is_on_this_machine(written: str) -> None:
    assert speech_server(written) == written.strip()


@pytest.mark.parametrize("written", ["http://speech.example.com", "https://127.0.0.1", "127.0.0.1:8000", "", 8000])
def test_any_other_speech_server_is_refused_with_what_would_be_right(written: object) -> None:
    with pytest.raises(Wrong) as refused:
        speech_server(written)
    assert "example" not in refused.value.message
    if isinstance(written, str) and written:
        assert "http://127.0.0.1:8000/v1" in refused.value.hint
