"""What an access token says of itself: read without checking its signature, for warnings and hints only.

A token is opaque to everybody but the service it is for (OpenID Connect and Entra both say so), so nothing may be
decided by what is read here. Claims: RFC 7519 section 4.1 (``exp``, ``aud``); ``tid`` is Entra's tenant.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping

import msgspec

_BEARER = "bearer "
_MOST = 64 * 1024
"""Characters; a real token has 1,000 to 4,000."""


class Claims(msgspec.Struct, frozen=True):
    """``expires``: seconds since the epoch. ``audience``, ``tenant``: "" where the token names none."""

    expires: float | None = None
    audience: str = ""
    tenant: str = ""


def read(token: str) -> Claims | None:
    """The claims of a token as it was pasted, or ``None`` when it is no JWT. Never raises."""
    parts = without_bearer(token).split(".")
    if len(parts) != 3 or len(token) > _MOST:
        return None
    try:
        payload = base64.b64decode(parts[1].encode("ascii") + b"==", altchars=b"-_", validate=False)
        claims = msgspec.json.decode(payload)
    except (UnicodeError, binascii.Error, msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(claims, Mapping):
        return None
    return Claims(_seconds(claims.get("exp")), _first_text(claims.get("aud")), _first_text(claims.get("tid")))


def without_bearer(token: str) -> str:
    """The token alone, where it was pasted with white space or the name of the scheme around it."""
    token = token.strip()
    return token[len(_BEARER) :].strip() if token[: len(_BEARER)].lower() == _BEARER else token


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) else None


def _first_text(value: object) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else ""
