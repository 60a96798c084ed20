from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.polish.error_body import (
    ErrorBody,
    filtered_categories,
    read,
    read_decoded,
    request_id_of,
    status_named,
    wait_of,
)

NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


def test_the_usual_shape_is_read() -> None:
    body = {"error": {"code": "unknown_parameter", "param": "stream_options.include_usage", "message": "Unknown."}}
    assert read(json.dumps(body).encode()) == ErrorBody("unknown_parameter", "stream_options", "Unknown.")


@pytest.mark.parametrize(
    "decoded, said",
    [
        ({"statusCode": 401, "message": "Unauthorized."}, ErrorBody(text="Unauthorized.")),
        ({"error": "busy"}, ErrorBody(text="busy")),
        ({"error": "busy", "message": "very"}, ErrorBody(text="very")),
        ({"detail": "Not Found"}, ErrorBody(text="Not Found")),
        ({"error": {"code": 429, "type": "rate_limit_error"}}, ErrorBody("rate_limit_error")),
        ({"error": {"code": "401", "type": None, "param": None, "message": None}}, ErrorBody()),
        ({"error": {"code": True, "param": 7, "message": ["x"]}}, ErrorBody()),
        ({"error": None}, ErrorBody()),
        ({"error": {"code": "two words", "param": "two words"}}, ErrorBody()),
        ([{"error": {"code": "NotFound"}}], ErrorBody("NotFound")),
        ([], ErrorBody()),
        ("text", ErrorBody(text="text")),
        (None, ErrorBody()),
        (12, ErrorBody()),
    ],
)
def test_other_shapes_are_read_as_far_as_they_say_something(decoded: object, said: ErrorBody) -> None:
    assert read_decoded(decoded) == said


@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b"\xff\xfe", b"[" * 100_000, b'{"error":', b"No DB."])
def test_what_is_no_json_is_text(body: bytes) -> None:
    assert read(body).code == ""


def test_a_huge_body_is_read_in_part() -> None:
    assert len(read(b"x" * 10_000_000).text) == 65_536


KEYS = ["error", "code", "message", "param", "innererror", "content_filter_result", "hate"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
)


@given(st.binary(max_size=200) | JSON.map(lambda body: json.dumps(body).encode()))
def test_no_body_raises(body: bytes) -> None:
    said = read(body)
    wait_of({}, said, NOW)
    assert said.audience == ""


@pytest.mark.parametrize("inner", ["innererror", "inner_error"])
@pytest.mark.parametrize("results", ["content_filter_result", "content_filter_results"])
def test_a_filter_speaks_in_two_spellings(inner: str, results: str) -> None:
    categories = {"hate": {"filtered": False}, "jailbreak": {"filtered": True, "detected": True}}
    error = {"code": None, inner: {"code": "ResponsibleAIPolicyViolation", results: categories}}
    assert read_decoded({"error": error}).filtered == ("jailbreak",)


def test_a_filter_may_name_no_category() -> None:
    assert read_decoded({"error": {"code": "content_filter"}}).filtered == ()
    assert read_decoded({"error": {"code": "other"}}).filtered is None


def test_only_known_categories_are_named() -> None:
    assert filtered_categories({"hate": {"filtered": True}, "dictated words": {"filtered": True}}) == ("hate",)
    assert filtered_categories(["hate"]) == ()


def test_the_audience_is_the_one_named() -> None:
    text = "Access token is missing, invalid, audience is incorrect (https://ai.azure.com), or have expired."
    assert ErrorBody(text=text).audience == "https://ai.azure.com"
    assert ErrorBody(text="see https://example.org").audience == ""


@pytest.mark.parametrize(
    "headers, text, wait",
    [
        ({"retry-after-ms": "150", "x-ms-retry-after-ms": "9", "retry-after": "1"}, "", 0.15),
        ({"x-ms-retry-after-ms": "250", "retry-after": "1"}, "", 0.25),
        ({"Retry-After": " 2.5 "}, "", 2.5),
        ({"retry-after": "86400"}, "", 86400),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:50 GMT"}, "", 30),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:20 GMT"}, "", None),
        ({"retry-after": "Tue, 99 Nov 2023 22:13:20 GMT"}, "", None),
        ({"retry-after": "Tue, 14 Foo 2023 22:13:20 GMT"}, "", None),
        ({"retry-after": "0"}, "", None),
        ({"retry-after": "0"}, "Please retry after 6 seconds.", 6),
        ({"retry-after": "-1"}, "", None),
        ({"retry-after": "nan"}, "", None),
        ({"retry-after": "1e9"}, "", None),
        ({"retry-after-ms": "soon", "retry-after": "3"}, "", 3),
        ({}, "Please retry after 45 seconds.", 45),
        ({}, "Please retry after 86400 seconds.", 86400),
        ({}, "Please try again in 20s.", 20),
        ({}, "Please try again in 250ms.", 0.25),
        ({}, "please try again in 2 minutes", 120),
        ({}, "Please retry after 0 seconds.", None),
        ({}, "", None),
    ],
)
def test_how_long_a_service_asks_to_wait(headers: dict[str, str], text: str, wait: float | None) -> None:
    assert wait_of(headers, ErrorBody(text=text), NOW) == (None if wait is None else pytest.approx(wait))


@pytest.mark.parametrize(
    "headers, found",
    [
        ({"apim-request-id": "a-1", "x-request-id": "b"}, "a-1"),
        ({"X-Request-ID": "b"}, "b"),
        ({"apim-request-id": "what was said", "x-request-id": "b"}, "b"),
        ({"x-request-id": "x" * 200}, ""),
        ({}, ""),
    ],
)
def test_the_request_id_is_what_support_asks_for(headers: dict[str, str], found: str) -> None:
    assert request_id_of(headers) == found


@pytest.mark.parametrize(
    "error, status",
    [({"code": "429"}, 429), ({"code": 503}, 503), ({"status": 400}, 400), ({"code": "x"}, 0), ({}, 0), ("429", 0)],
)
def test_the_status_an_error_object_names(error: object, status: int) -> None:
    assert status_named(error) == status
