from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from parleqd.core.errors import OutsideError
from parleqd.core.identity.az_output import (
    UNKNOWN_LIFETIME_S,
    advice,
    failure,
    missing,
    parse,
    redact,
    sentence,
    timed_out,
)
from parleqd.protocol.names import Reason

NOW = 1_795_000_000.0
EXPIRES = 1_795_004_500
CANARY = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.eyJjYW5hcnkiOiJzZWNyZXQtdG9rZW4ifQ.c2lnbmF0dXJl"


def printed(**fields: object) -> bytes:
    answer = {"accessToken": "tok-1", "subscription": "s", "tenant": "t", "tokenType": "Bearer", **fields}
    return json.dumps(answer, indent=2).encode()


def jwt(claims: dict[str, object]) -> str:
    return "e30." + base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode() + ".c2ln"


def local(epoch: float, offset_s: float) -> str:
    return datetime.fromtimestamp(epoch + offset_s, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@pytest.mark.parametrize("offset_s", [0.0, 3600.0, -8 * 3600.0, 5.75 * 3600])
def test_the_true_expiry_beats_the_local_time(offset_s: float) -> None:
    token = parse(printed(expires_on=EXPIRES, expiresOn="2001-01-01 00:00:00.000000"), offset_s, NOW)
    assert (token.value, token.expires) == ("tok-1", EXPIRES)


@pytest.mark.parametrize("offset_s", [0.0, 3600.0, -8 * 3600.0, 5.75 * 3600])
def test_local_time_where_there_is_nothing_else(offset_s: float) -> None:
    assert parse(printed(expiresOn=local(EXPIRES, offset_s)), offset_s, NOW).expires == EXPIRES


@pytest.mark.parametrize(
    "fields, expires",
    [
        ({"expires_on": str(EXPIRES)}, EXPIRES),
        ({"expires_on": None, "expiresOn": "2026-11-21T15:36:38Z"}, 1_795_275_398),
        ({"expires_on": "N/A", "expiresOn": "2026-11-21T15:36:38+01:00"}, 1_795_271_798),
        ({"expires_on": True, "expiresOn": None}, NOW + UNKNOWN_LIFETIME_S),
        ({"expires_on": 0, "expiresOn": "N/A"}, NOW + UNKNOWN_LIFETIME_S),
        ({"expires_on": -5, "expiresOn": 7}, NOW + UNKNOWN_LIFETIME_S),
        ({"expires_on": 10**400}, NOW + UNKNOWN_LIFETIME_S),
        ({"expiresOn": "0001-01-01 00:00:00"}, NOW + UNKNOWN_LIFETIME_S),
        ({"expiresOn": "tomorrow"}, NOW + UNKNOWN_LIFETIME_S),
        ({}, NOW + UNKNOWN_LIFETIME_S),
        ({"accessToken": jwt({"exp": EXPIRES}), "expiresOn": "N/A"}, EXPIRES),
    ],
)
def test_odd_expiries(fields: dict[str, object], expires: float) -> None:
    assert parse(printed(**fields), 3600.0, NOW).expires == expires


@pytest.mark.parametrize(
    "before, after",
    [
        (b"\xef\xbb\xbf", b""),
        (b"WARNING: a newer az exists\n", b"\n"),
        (b"\r\n", b"\r\n\r\n"),
        (b"\x1b[0m", b"\x1b[0m\n"),
    ],
)
def test_noise_around_the_json(before: bytes, after: bytes) -> None:
    assert parse(before + printed(expires_on=EXPIRES) + after, 0, NOW).expires == EXPIRES


def test_utf_16_of_a_windows_console() -> None:
    assert parse(printed(expires_on=EXPIRES).decode().encode("utf-16"), 0, NOW).expires == EXPIRES


@pytest.mark.parametrize(
    "stdout",
    [
        b"",
        b"\n",
        b"null",
        b"tok-1\n",
        b"[]",
        b"{",
        b"}{",
        b"{}",
        b'{"accessToken": null}',
        b'{"accessToken": ""}',
        b'{"accessToken": "  "}',
        b'{"accessToken": 5}',
        b'{"accessToken": "a b"}',
        b'{"accessToken": "a\\nb: c"}',
        '{"accessToken": "é"}'.encode(),
        b"\xff\xfe\xfd{",
        b"{" * 50_000 + b"}",
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        f'{{"accessToken": "{CANARY}", broken}}'.encode(),
    ],
)
def test_garbage_is_a_failure_that_shows_none_of_it(stdout: bytes) -> None:
    with pytest.raises(OutsideError) as raised:
        parse(stdout, 0, NOW)
    assert raised.value.reason is Reason.TOKEN_FAILED
    assert CANARY[:12] not in raised.value.message + raised.value.hint


RELOGIN = """ERROR: {code}: The refresh token has expired due to inactivity. Trace ID: 1 Correlation ID: 2
Run the command below to authenticate interactively; additional arguments may be added as needed:
az logout
az login --tenant "1111-2222" --scope "https://cognitiveservices.azure.com/.default"
"""
ADVICE = 'run `az login --tenant "1111-2222" --scope "https://cognitiveservices.azure.com/.default"`'
TRACEBACK = 'ERROR: The command failed with an unexpected error. Here is the traceback:\nTraceback:\n  File "x"\n'


@pytest.mark.parametrize(
    "stderr, reason, said, hint",
    [
        ("ERROR: Please run 'az login' to setup account.", Reason.AZ_NOT_LOGGED_IN, "not logged in", "run `az login`"),
        (
            "ERROR: User 'dev@example.org' does not exist in MSAL token cache. Run `az login`.",
            Reason.AZ_NOT_LOGGED_IN,
            "not logged in",
            "run `az login`",
        ),
        (
            "ERROR: No subscription found. Run 'az account set' to select a subscription.",
            Reason.AZ_NOT_LOGGED_IN,
            "not logged in",
            "run `az login`",
        ),
        (RELOGIN.format(code="AADSTS700082"), Reason.TOKEN_FAILED, "expired, unused", ADVICE),
        (RELOGIN.format(code="AADSTS50173"), Reason.TOKEN_FAILED, "revoked", ADVICE),
        (RELOGIN.format(code="AADSTS50076"), Reason.TOKEN_FAILED, "multi-factor", ADVICE),
        (RELOGIN.format(code="AADSTS65001"), Reason.TOKEN_FAILED, "consented", ADVICE),
        (RELOGIN.format(code="AADSTS999999"), Reason.TOKEN_FAILED, "The refresh token has expired", ADVICE),
        (
            "ERROR: AADSTS7000215: Invalid client secret provided.",
            Reason.TOKEN_FAILED,
            "secret that az signed in with is wrong",
            "sign in with the right secret",
        ),
        (
            RELOGIN.replace("{code}: The refresh token has expired due to inactivity.", "Too many requests."),
            Reason.SERVICE_UNAVAILABLE,
            "busy",
            "wait",
        ),
        (RELOGIN.format(code="AADSTS90055"), Reason.SERVICE_UNAVAILABLE, "AADSTS90055", "wait"),
        (
            f"{TRACEBACK}msal.exceptions.MsalServiceError: HTTP Error: 500",
            Reason.SERVICE_UNAVAILABLE,
            "busy",
            "wait",
        ),
        (
            f"{TRACEBACK}requests.exceptions.ConnectionError: HTTPSConnectionPool(host='login.example', port=443)",
            Reason.NETWORK_ERROR,
            "cannot reach",
            "VPN",
        ),
        (
            f"{TRACEBACK}requests.exceptions.SSLError: CERTIFICATE_VERIFY_FAILED",
            Reason.TLS_ERROR,
            "certificate",
            "REQUESTS_CA_BUNDLE",
        ),
        (
            "ERROR: Subscription 'x' not found. Check the spelling and casing and try again.",
            Reason.TOKEN_FAILED,
            "no such subscription",
            "az account list",
        ),
        (
            "ERROR: Please specify only one of subscription and tenant, not both",
            Reason.TOKEN_FAILED,
            "only one of subscription and tenant",
            "by hand",
        ),
        ("", Reason.TOKEN_FAILED, "gave no reason", "by hand"),
        ("\ufffd\x00", Reason.TOKEN_FAILED, "exit code 1", "by hand"),
    ],
)
def test_failures(stderr: str, reason: Reason, said: str, hint: str) -> None:
    error = failure(1, stderr.encode())
    assert error.reason is reason
    assert said in error.message
    assert hint in error.hint


def test_no_program() -> None:
    assert failure(127, b"sh: az: not found").reason is Reason.AZ_MISSING
    assert "az login" in missing().hint


def test_a_hanging_or_killed_az() -> None:
    assert timed_out(30).reason is Reason.AZ_TIMEOUT
    assert "30 s" in timed_out(30).message
    assert "signal 9" in failure(-9, b"").message


@pytest.mark.parametrize(
    "line",
    ["az login; rm -rf ~", "az login --tenant $(id)", 'az login --scope "`id`"', "az login | sh", "az login && x"],
)
def test_advice_that_does_more_than_sign_in_is_not_passed_on(line: str) -> None:
    assert advice(f"ERROR: AADSTS50076: x\n{line}\n") == ""


def test_the_last_advice_counts() -> None:
    assert advice("az login\naz login --tenant t --use-device-code\n") == "run `az login --tenant t --use-device-code`"


def test_nothing_secret_is_shown() -> None:
    leaks = [
        f'ERROR: unexpected: {{"accessToken": "{CANARY}"}} for dev@example.org',
        f"ERROR: Bearer {CANARY}",
        f"ERROR: AADSTS123456: refused {CANARY} of dev@example.org",
        f"ValueError: access_token={CANARY}",
    ]
    for leak in leaks:
        error = failure(1, leak.encode())
        for text in (error.message, error.hint, sentence(leak), redact(leak)):
            assert "eyJ" not in text
            assert "dev@example" not in text


def test_a_long_sentence_is_cut() -> None:
    assert len(sentence("ERROR: " + "word " * 500)) == 200


def test_a_hostile_line_costs_no_time() -> None:
    assert advice("az login" + " --a" * 5000 + " ;\n") == ""
