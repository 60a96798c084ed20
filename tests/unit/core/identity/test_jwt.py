from __future__ import annotations

import base64
import json

import pytest

from parleqd.core.identity.jwt import Claims, read, without_bearer


def token(claims: object) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part(claims)}.c2ln"


def test_reads_the_claims_that_matter() -> None:
    claims = {"exp": 1_900_000_000, "aud": "https://cognitiveservices.azure.com", "tid": "t-1", "oid": "x"}
    assert read(token(claims)) == Claims(1_900_000_000.0, "https://cognitiveservices.azure.com", "t-1")


@pytest.mark.parametrize("pad", ["", "a", "ab", "abc", "äöü?>"])
def test_any_length_of_payload(pad: str) -> None:
    assert read(token({"aud": pad, "exp": 5})) == Claims(5.0, pad)


def test_pasted_with_scheme_and_white_space() -> None:
    plain = token({"exp": 5})
    assert read(f"  Bearer {plain}\n") == Claims(5.0)
    assert without_bearer(f"bearer  {plain} ") == plain
    assert without_bearer(plain) == plain


@pytest.mark.parametrize(
    "claims, expected",
    [
        ({}, Claims()),
        ({"exp": "1900000000"}, Claims(1_900_000_000.0)),
        ({"exp": 1.5}, Claims(1.5)),
        ({"exp": True}, Claims()),
        ({"exp": None, "aud": None, "tid": 7}, Claims()),
        ({"exp": "soon"}, Claims()),
        ({"exp": "nan"}, Claims()),
        ({"exp": "1e999"}, Claims()),
        ({"exp": [5]}, Claims()),
        ({"aud": ["a", "b"]}, Claims(audience="a")),
        ({"aud": []}, Claims()),
        ({"aud": [{}]}, Claims()),
    ],
)
def test_odd_claims(claims: object, expected: Claims) -> None:
    assert read(token(claims)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Bearer ",
        "abc",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        "..",
        "é.é.é",
        "\ud800.\ud800.\ud800",
        token([1, 2]),
        token("text"),
        token(None),
        "x." + "A" * 5 + ".y",
        "x." + "[" * 3000 + ".y",
        "x." + base64.urlsafe_b64encode(b"[" * 40_000).decode() + ".y",
        "x." + base64.urlsafe_b64encode(b"\xff\xfe").decode() + ".y",
        "x." + "A" * 100_000 + ".y",
    ],
)
def test_what_is_no_jwt_is_none(text: str) -> None:
    assert read(text) is None


def test_a_number_too_large_for_a_float() -> None:
    assert read(token({"exp": 10**400})) in (None, Claims())
