"""Only what is on this machine for certain is the address of a speech server."""

from __future__ import annotations

import pytest

from parleqd.core.speech.server import FORMS, NotLoopbackError, server_of

BOTH = ("127.0.0.1", "::1")


@pytest.mark.parametrize(
    ("url", "hosts", "port", "path"),
    [
        ("http://127.0.0.1:8000/v1", ("127.0.0.1",), 8000, "/v1"),
        ("http://127.0.0.1:8000", ("127.0.0.1",), 8000, "/v1"),
        (" http://127.0.0.1:8000/ ", ("127.0.0.1",), 8000, "/v1"),
        ("http://127.8.9.1/inference/v1/", ("127.8.9.1",), 80, "/inference/v1"),
        ("http://127.0.0.1:1/v1/audio/transcriptions", ("127.0.0.1",), 1, "/v1"),
        ("HTTP://LocalHost:9", BOTH, 9, "/v1"),
        ("http://[::1]:8000/V1", ("::1",), 8000, "/V1"),
        ("http://[0:0:0:0:0:0:0:1]", ("::1",), 80, "/v1"),
    ],
)
def test_an_address_of_this_machine(url: str, hosts: tuple[str, ...], port: int, path: str) -> None:
    assert server_of(url) == (hosts, port, path)


@pytest.mark.parametrize(
    "url",
    [
        "http://speech.example.com:8000/v1",
        "http://10.0.0.7:8000",
        "http://169.254.169.254",
        "http://0.0.0.0:8000",
        "http://[::]:8000",
        "http://[fe80::1]",
        # what looks like this machine
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://example.localhost",
        "http://localhost.",
        "http://locaIhost",
        "http://127.0.0.1@speech.example.com",
        "http://127.0.0.1:80@speech.example.com/",
        "http://user:key@127.0.0.1",
        "http://speech.example.com#@127.0.0.1",
        "http://speech.example.com?@127.0.0.1",
        "http://speech.example.com\\@127.0.0.1",
        "http://127.0.0.1\\@speech.example.com",
        # what two programs may read differently
        "http://2130706433",
        "http://127.1",
        "http://0x7f.0.0.1",
        "http://0177.0.0.1",
        "http://127.0.0.01",
        "http://[::ffff:127.0.0.1]",
        "http://[::ffff:7f00:1]",
        "http://[::127.0.0.1]",
        "http://[::1%25eth0]",
        "http://①27.0.0.1",
        "http://127。0。0。1",
        "http://127.0.0.1\t.example.com",
        "http://127.0.0.1\r\nHost: speech.example.com",
        # what is no address
        "",
        "127.0.0.1:8000",
        "//127.0.0.1:8000",
        "ftp://127.0.0.1",
        "https://127.0.0.1:8000",
        "unix:///run/speech",
        "http://127.0.0.1:0",
        "http://127.0.0.1:65536",
        "http://127.0.0.1:8000/v1?key=secret",
    ],
)
def test_anything_else_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(NotLoopbackError) as refused:
        server_of(url)
    assert "secret" not in str(refused.value)
    assert "example" not in str(refused.value)


def test_the_forms_that_are_offered_are_understood() -> None:
    offered = [part for part in FORMS.split('"') if part.startswith("http")]
    assert [server_of(url).authority for url in offered] == ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"]


@pytest.mark.parametrize(("translate", "path"), [(False, "/v1/audio/transcriptions"), (True, "/v1/audio/translations")])
def test_where_audio_is_posted(translate: bool, path: str) -> None:
    assert server_of("http://localhost").path_of_texts(translate=translate) == path
