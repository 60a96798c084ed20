"""Pasted access tokens: read as they are, told to be over."""

from __future__ import annotations

import base64
import json

import pytest

from parleqd.adapters.identity.pasted import PastedTokens
from parleqd.core.ports import Token
from parleqd.protocol.names import Reason
from tests.refusals import reason_when

NOW = 1_000_000.0


def jwt(**claims: object) -> str:
    packed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{packed}.sign"


def pasted(value: str | None) -> PastedTokens:
    async def secret() -> str | None:
        return value

    return PastedTokens(secret, clock=lambda: NOW)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("value", "token"),
    [
        (jwt(exp=NOW + 60), Token(jwt(exp=NOW + 60), NOW + 60)),
        (f" Bearer {jwt(exp=NOW + 60)}\n", Token(jwt(exp=NOW + 60), NOW + 60)),
        ("opaque", Token("opaque", NOW + 600)),
        (jwt(aud="x"), Token(jwt(aud="x"), NOW + 600)),
    ],
)
async def test_a_token_lasts_as_long_as_it_says(value: str, token: Token) -> None:
    assert await pasted(value).mint("any") == token


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.KEY_MISSING),
        (" \n", Reason.KEY_MISSING),
        (jwt(exp=NOW), Reason.TOKEN_FAILED),
        ("two words", Reason.TOKEN_FAILED),
        ("käse", Reason.TOKEN_FAILED),
    ],
)
async def test_what_cannot_be_used_is_refused(value: str | None, reason: Reason) -> None:
    assert await reason_when(pasted(value).mint("any")) is reason
