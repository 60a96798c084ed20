from __future__ import annotations

import pytest

from tests.unit.core.text.addresses.test_stage import written


@pytest.mark.parametrize(
    "raw, text",
    [
        ("see example dot org", "see example.org"),
        ("look at x dot com", "look at x.com"),
        ("Example dot com is down", "Example.com is down"),
        ("Docs dot Example dot org is up", "docs.example.org is up"),
        ("w w w dot example dot co dot uk", "www.example.co.uk"),
        ("www dot example dot com slash help it works", "www.example.com/help it works"),
        ("double u double u double u dot example dot com", "www.example.com"),
        ("h t t p s colon slash slash example dot com slash a dash b dot h t m l", "https://example.com/a-b.html"),
        ("HTTP colon slash slash localhost colon three thousand slash health", "http://localhost:3000/health"),
        ("s f t p colon slash slash files dot example dot net slash pub", "sftp://files.example.net/pub"),
        ("localhost colon eighty eighty", "localhost:8080"),
        ("the guide is at docs.example.org slash install", "the guide is at docs.example.org/install"),
        ("example dot com question mark id equals five", "example.com?id=5"),
        ("example dot com slash", "example.com/"),
        ("example dot com slash about dash us", "example.com/about-us"),
        ("example dot com slash about", "example.com/about"),
        ("example dot com slash about slash team", "example.com/about/team"),
        ("example dot com slash and then", "example.com slash and then"),
        ("n e w s dot a b slash c d", "news.ab/cd"),
        ("git hub dot com slash anna slash my dash repo", "github.com/anna/my-repo"),
        ("a gmail dot com address", "a gmail.com address"),
        ("example dot com dash it is good", "example.com dash it is good"),
    ],
)
def test_hosts_and_addresses(raw: str, text: str) -> None:
    assert written(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "the dot com bubble burst",
        "a failed dot com company, another dot com",
        "he is a star dot com millionaire",
        "I work at a dot com",
        "we use dot net at work",
        "we use asp dot net core",
        "the new dot app is out",
        "colon slash slash",
        "http colon slash slash the end",
        "the latest dot is me",
        "any example dot com",
    ],
)
def test_other_dots(text: str) -> None:
    assert written(text) == text
