from __future__ import annotations

import pytest

from tests.unit.core.text.addresses.test_stage import written


@pytest.mark.parametrize(
    "raw, text",
    [
        ("send it to maria dot lopez at example dot com today", "send it to maria.lopez@example.com today"),
        ("Write to Info at example.com.", "Write to info@example.com."),
        ("write to sales hyphen team at example dot co dot uk", "write to sales-team@example.co.uk"),
        ("it is john underscore doe at example dot org", "it is john_doe@example.org"),
        ("peter two at example dot com", "peter2@example.com"),
        ("write to peter two at example dot com", "write to peter2@example.com"),
        ("mail b k at my hyphen company dot de", "mail bk@my-company.de"),
        ("x y z four at g mail dot com", "xyz4@gmail.com"),
        ("m dot t at n vidia dot com", "m.t@nvidia.com"),
        ("tomtom at gmail dot com", "tomtom@gmail.com"),
        ("lena at hot mail dot com", "lena@hotmail.com"),
        ("email lena at example dot com and tom at example dot com", "email lena@example.com and tom@example.com"),
        ("reach me at lena at example dot com", "reach me at lena@example.com"),
        ("my email is lena at example dot it", "my email is lena@example.it"),
        ("ssh root at example dot com", "ssh root@example.com"),
        ("a dot b plus news at example dot com", "a.b+news@example.com"),
        ("here it is dash a dot b at example dot com", "here it is dash a.b@example.com"),
        ("my mail dash a dot b at example dot com", "my mail dash a.b@example.com"),
    ],
)
def test_addresses(raw: str, text: str) -> None:
    assert written(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("meet me at example dot com's booth", "meet me at example.com's booth"),
        ("the price at example dot com is good", "the price at example.com is good"),
        ("look at example dot com for it", "look at example.com for it"),
        ("sign in at example dot com", "sign in at example.com"),
        ("he worked at example dot org for years", "he worked at example.org for years"),
        ("the team at example dot com is great", "the team at example.com is great"),
        ("I was talking to Anna at example dot com", "I was talking to Anna at example.com"),
        ("dinner plus drinks at example dot com", "dinner plus drinks at example.com"),
        ("we met online at example.com last year", "we met online at example.com last year"),
        ("lunch at nine, dinner at home", "lunch at nine, dinner at home"),
    ],
)
def test_a_place_on_the_web_is_no_mailbox(raw: str, text: str) -> None:
    assert written(raw) == text
