"""What an error answer says: code, parameter, audience, filter categories, seconds to wait, request id.

Bodies come from services, gateways and proxies: JSON of several shapes, HTML, text, nothing. They are searched for
known facts and never quoted, since one may echo the dictation or part of a key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

LONGEST_BODY = 65_536
"""Bytes of a body that are read; no service explains itself at greater length."""

_FILTER_CATEGORIES = (
    *("hate", "sexual", "violence", "self_harm", "jailbreak", "indirect_attack", "profanity"),
    *("protected_material_text", "protected_material_code", "custom_blocklists"),
)
_FILTER_RESULTS = ("content_filter_results", "content_filter_result")
_CODE = re.compile(r"[A-Za-z][A-Za-z_.]{2,50}")
_PARAM = re.compile(r"[A-Za-z_]\w{0,63}(?=$|[.\[])")
_AUDIENCE = re.compile(r"audience.{0,40}?(https://[a-z0-9.-]{1,80})", re.IGNORECASE | re.DOTALL)
_WORDS_TO_WAIT = re.compile(
    r"(?:retry|try again) (?:after|in) (\d{1,9}(?:\.\d{1,9})?) ?(ms|milliseconds?|minutes?)?", re.IGNORECASE
)
_WAITS = (("retry-after-ms", 0.001), ("x-ms-retry-after-ms", 0.001), ("retry-after", 1.0))
_HTTP_DATE = re.compile(r"\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


class ErrorBody(msgspec.Struct, frozen=True):
    """What a body says. ``text``: its message, or all of it, for searching only.

    ``code``: a word, never a number. ``filtered``: a content filter's categories, ``None`` if none refused.
    """

    code: str = ""
    param: str = ""
    text: str = ""
    filtered: tuple[str, ...] | None = None

    @property
    def audience(self) -> str:
        """The first audience that the message names."""
        found = _AUDIENCE.search(self.text)
        return found[1].rstrip(".") if found else ""

    def has(self, pattern: str) -> bool:
        """Whether the message holds what ``pattern`` describes, in either case."""
        return re.search(pattern, self.text, re.IGNORECASE) is not None


def read(body: bytes) -> ErrorBody:
    """What the bytes of an error answer say. Raises nothing."""
    text = body[:LONGEST_BODY]
    try:
        return read_decoded(msgspec.json.decode(text))
    except (ValueError, RecursionError):
        return ErrorBody(text=text.decode("utf-8", "replace"))


def read_decoded(decoded: object) -> ErrorBody:
    """The same of JSON: ``error`` an object or a text, a bare ``message`` or ``detail``, or a list of such."""
    if isinstance(decoded, list):
        decoded = decoded[0] if decoded else None
    if not isinstance(decoded, dict):
        return ErrorBody(text=decoded if isinstance(decoded, str) else "")
    inside = decoded.get("error")
    error = inside if isinstance(inside, dict) else decoded
    # Gateways number their codes; then the type says more.
    code = next((word for key in ("code", "type") if _CODE.fullmatch(word := _word(error.get(key)))), "")
    param = _PARAM.match(_word(error.get("param")))
    texts = (error.get("message"), error.get("detail"), inside, decoded.get("message"))
    text = next((text for text in texts if isinstance(text, str)), "")
    return ErrorBody(code, param[0] if param else "", text, _filtered(error, code))


def status_named(error: object) -> int:
    """The HTTP status that an error object carries, 0 if none."""
    words = (_word(error.get(key)) for key in ("status", "statusCode", "code")) if isinstance(error, dict) else ()
    return next((int(word) for word in words if re.fullmatch(r"[45][0-9][0-9]", word)), 0)


def filtered_categories(results: object) -> tuple[str, ...]:
    """Which known categories ``content_filter_results`` marks as filtered."""
    if not isinstance(results, dict):
        return ()
    marked = (category for category in _FILTER_CATEGORIES if isinstance(results.get(category), dict))
    return tuple(category for category in marked if results[category].get("filtered") is True)


def request_id_of(headers: Mapping[str, str]) -> str:
    """What the service's support asks for; "" without one."""
    lowered = {name.lower(): value for name, value in headers.items()}
    ids = (lowered.get(name, "") for name in ("apim-request-id", "x-request-id"))
    return next((found for found in ids if _REQUEST_ID.fullmatch(found)), "")


def wait_of(headers: Mapping[str, str], said: ErrorBody, now: float) -> float | None:
    """Seconds the service asks to wait, by its headers, else by its words. 0 is no hint, nor is a date gone by.

    ``now``: seconds since the epoch.
    """
    lowered = {name.lower(): value.strip() for name, value in headers.items()}
    for name, scale in _WAITS:
        value = lowered.get(name, "")
        if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", value):
            if float(value) > 0:
                return float(value) * scale
        elif (until := _date(value)) is not None and until > now:
            return until - now
    found = _WORDS_TO_WAIT.search(said.text)
    if found is None or float(found[1]) <= 0:
        return None
    unit = (found[2] or "").lower()
    return float(found[1]) * (60.0 if unit.startswith("minute") else 0.001 if unit else 1.0)


def _filtered(error: dict[str, object], code: str) -> tuple[str, ...] | None:
    inner: dict[str, object] = {}
    for key in ("innererror", "inner_error"):  # both spellings occur
        if isinstance(found := error.get(key), dict):
            inner = found
    categories = filtered_categories(next((inner[key] for key in _FILTER_RESULTS if key in inner), None))
    if code == "content_filter" or inner.get("code") == "ResponsibleAIPolicyViolation" or categories:
        return categories
    return None


def _word(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _date(value: str) -> float | None:
    """An HTTP date as seconds since the epoch."""
    found = _HTTP_DATE.fullmatch(value)
    if found is None or found[2] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[group]) for group in (1, 3, 4, 5, 6))
    try:
        return datetime(year, _MONTHS.index(found[2]) + 1, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None
