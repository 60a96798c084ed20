"""What ``az account get-access-token -o json`` printed: a token, or why there is none and the command that helps.

Shapes and sentences are those of azure-cli 2.54 to 2.91; the order of the tests follows azure-identity's
``AzureCliCredential``, so that only a missing login is called one. What ``az`` printed is shown in parts only: codes
and its own advice, and sentences without tokens and account names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from parleqd.core.errors import OutsideError
from parleqd.core.identity import jwt
from parleqd.core.ports.polishing import Token
from parleqd.protocol.names import Reason

GET_TOKEN = "az account get-access-token"
UNKNOWN_LIFETIME_S = 600.0
"""Given to a token that says nowhere when it ends; some managed identities' do not."""
_NOT_FOUND = 127
"""How a shell reports that there is no such program."""
_SENTENCE = 200
"""Characters of a sentence of ``az`` that are shown."""

_LOGIN = "run `az login`"
_ADVICE = re.compile(
    r"^\s*(az login(?: --?\w[\w-]*(?: +(?:\"[^\"`$\\\n]*\"|[\w.:/@=+][\w.:/@=+-]*))?)*)\s*$", re.MULTILINE
)
"""The line of advice that can be typed as it stands, and nothing that does more than sign in."""
_CODE = re.compile(r"AADSTS\d{4,8}")
_ERROR = re.compile(r"^(?:ERROR: |[\w.]+(?:Error|Exception): )(.+)$", re.MULTILINE)

_JSON_TOKEN = re.compile(r'("?access_?token"?\s*[:=]\s*"?)[^"\s,}]+', re.IGNORECASE)
_LONG_SECRET = re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}|\b[\w+/~-]{60,}={0,2}")
_ACCOUNT = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_TRANSIENT_CODES = frozenset(("AADSTS50196", "AADSTS90006", "AADSTS90033", "AADSTS90055"))
_BUSY = re.compile(
    r"too many requests|throttl(?:ed|ing)\b|temporarily unavailable|server is (?:too )?busy|HTTP Error: (?:429|5\d\d)",
    re.I,
)
_TLS = re.compile(r"SSLError|SSLCertVerificationError|CERTIFICATE_VERIFY_FAILED|certificate verify failed")
_OFFLINE = re.compile(
    r"ConnectionError|NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|MaxRetryError"
    r"|Failed to establish a new connection|Temporary failure in name resolution|Name or service not known"
    r"|nodename nor servname|getaddrinfo failed|Network is unreachable|Connection (?:refused|reset|aborted)"
)
_NO_LOGIN = re.compile(r"az login|az account set")
_NO_SUBSCRIPTION = re.compile(r"^ERROR: Subscription .*not found", re.MULTILINE)

# Entra's public list of codes; only those whose remedy differs from signing in again.
_CODES: Mapping[str, tuple[str, str]] = {
    "AADSTS7000215": ("the client secret that az signed in with is wrong", "sign in with the right secret"),
    "AADSTS7000222": ("the client secret that az signed in with has expired", "make a new one and sign in with it"),
    "AADSTS700082": ("the sign-in has expired, unused for too long", _LOGIN),
    "AADSTS50173": ("the sign-in was revoked, as after a change of password", _LOGIN),
    "AADSTS50076": ("the tenant asks for multi-factor authentication", _LOGIN),
    "AADSTS50079": ("the tenant asks for multi-factor authentication to be set up", _LOGIN),
    "AADSTS65001": ("nobody has consented to this use of the service", f"{_LOGIN}, or ask the tenant's administrator"),
    "AADSTS53003": ("the tenant's conditional access forbids it", "ask the tenant's administrator what it asks for"),
    "AADSTS90002": ("there is no such tenant", "correct the tenant, then sign in again"),
    "AADSTS50020": ("the account is not in this tenant", "name the tenant that holds the resource when signing in"),
    "AADSTS500011": (
        "the tenant knows no service of this scope",
        "correct the scope; it belongs to the cloud's region",
    ),
}


def parse(stdout: bytes, utc_offset_s: float, now: float) -> Token:
    """The token in what a successful run printed; lines around the JSON are ignored.

    ``utc_offset_s``: of local time from UTC, since ``az`` before 2.54 gives the expiry in naive local time. Where no
    expiry can be read, the token's own ``exp`` counts, and without one ten minutes from ``now`` (seconds since the
    epoch). Raises ``OutsideError`` (``token_failed``).
    """
    answer = _json_object(stdout)
    value = answer.get("accessToken")
    if not isinstance(value, str) or not value.strip():
        raise _garbage(len(stdout), "has no accessToken")
    value = value.strip()
    if not value.isascii() or not value.isprintable() or " " in value:
        raise _garbage(len(stdout), "has an accessToken that cannot be sent")
    expires = _epoch(answer.get("expires_on")) or _local_time(answer.get("expiresOn"), utc_offset_s)
    if expires is None:
        claims = jwt.read(value)
        expires = claims.expires if claims else None
    return Token(value, now + UNKNOWN_LIFETIME_S if expires is None else expires)


def _json_object(stdout: bytes) -> Mapping[str, object]:
    text = stdout.decode("utf-16" if stdout[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise _garbage(len(stdout), "is no JSON" if stdout.strip() else "is empty")
    try:
        answer = msgspec.json.decode(text[begin : end + 1].encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        raise _garbage(len(stdout), "is no JSON") from None
    if not isinstance(answer, Mapping):
        raise _garbage(len(stdout), "is no JSON object")
    return answer


def _garbage(length: int, what: str) -> OutsideError:
    return OutsideError(
        Reason.TOKEN_FAILED,
        f"what az printed ({length} bytes) {what}",
        "run `az account get-access-token -o json` and see; a wrapper around az may print of its own",
    )


def _epoch(value: object) -> float | None:
    if isinstance(value, str) and value.strip().isdecimal():
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < 1e11 else None


def _local_time(value: object, utc_offset_s: float) -> float | None:
    if not isinstance(value, str):
        return None
    try:
        when = datetime.fromisoformat(value.strip())
        if when.tzinfo is None:
            when = when.replace(tzinfo=timezone(timedelta(seconds=utc_offset_s)))
        return when.astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def missing() -> OutsideError:
    """There is no program ``az``."""
    return OutsideError(
        Reason.AZ_MISSING,
        "the Azure CLI (az) is not installed, or not on the PATH of parleqd",
        "install the Azure CLI (package azure-cli), then run `az login`; no restart is needed",
    )


def timed_out(after_s: float, command: str = GET_TOKEN) -> OutsideError:
    """``az`` was stopped because it did not end. ``command``: what it was asked, as one would type it."""
    return OutsideError(
        Reason.AZ_TIMEOUT,
        f"az gave no answer in {after_s:.0f} s and was stopped",
        f"run `{command}` by hand and see how long it takes",
    )


def failure(exit_code: int, stderr: bytes, command: str = GET_TOKEN) -> OutsideError:
    """Why ``az`` ended with something else than 0 (negative: by a signal). ``command``: as for `timed_out`."""
    text = stderr.decode("utf-8", "replace").replace("\r\n", "\n")
    code = _CODE.search(text)
    if exit_code == _NOT_FOUND:
        return missing()
    if code and code[0] not in _TRANSIENT_CODES:
        return _refused(code[0], text)
    if code or _BUSY.search(text):
        return OutsideError(
            Reason.SERVICE_UNAVAILABLE,
            f"Entra is busy{f' ({code[0]})' if code else ''}, so az got no token",
            "nothing to do but wait; signing in again does not help, whatever az says",
        )
    if _TLS.search(text):
        return OutsideError(
            Reason.TLS_ERROR,
            "az does not trust the certificate of the sign-in service",
            "behind a proxy that opens TLS, name its CA file to az in REQUESTS_CA_BUNDLE",
        )
    if _OFFLINE.search(text):
        return OutsideError(
            Reason.NETWORK_ERROR, "az cannot reach the sign-in service", "check the network, VPN and proxy"
        )
    return _local_failure(exit_code, text, command)


def _local_failure(exit_code: int, text: str, command: str) -> OutsideError:
    if _NO_SUBSCRIPTION.search(text):
        return OutsideError(
            Reason.TOKEN_FAILED,
            "az knows no such subscription",
            "`az account list --output table` shows the ones it knows; correct the setting, or sign in again",
        )
    if _NO_LOGIN.search(text):
        return OutsideError(Reason.AZ_NOT_LOGGED_IN, "az is not logged in", advice(text) or _LOGIN)
    if exit_code < 0:
        return OutsideError(
            Reason.TOKEN_FAILED, f"az was ended by signal {-exit_code}", "it is tried again in a minute"
        )
    said = sentence(text)
    return OutsideError(
        Reason.TOKEN_FAILED,
        f"az failed (exit code {exit_code})" + (f": {said}" if said else " and gave no reason"),
        f"run `{command}` by hand and see",
    )


def _refused(code: str, text: str) -> OutsideError:
    known, remedy = _CODES.get(code, ("", ""))
    said = known or sentence(text).replace(f"{code}: ", "", 1)
    return OutsideError(
        Reason.TOKEN_FAILED, f"Entra gives az no token: {said} ({code})", advice(text) or remedy or _LOGIN
    )


def advice(stderr: str) -> str:
    """The last command that ``az`` advises to sign in again, as an imperative, or ""."""
    lines = _ADVICE.findall(stderr)
    return f"run `{lines[-1]}`" if lines else ""


def sentence(stderr: str) -> str:
    """What ``az`` gives as its error, in one short line that holds no token and no account."""
    found = _ERROR.findall(stderr)
    said = found[-1] if found else next((line for line in reversed(stderr.splitlines()) if line.strip()), "")
    said = redact(" ".join(said.split()))
    return said if len(said) <= _SENTENCE else f"{said[: _SENTENCE - 1]}…"


def redact(text: str) -> str:
    """The text without anything that may be a token, a secret or an account's name."""
    text = _JSON_TOKEN.sub(r"\1[redacted]", text)
    return _ACCOUNT.sub("[account]", _LONG_SECRET.sub("[redacted]", text))
