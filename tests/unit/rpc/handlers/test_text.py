from __future__ import annotations

import pytest

from parleqd.core.text import instant
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.methods import TEXT_CLEAN
from parleqd.protocol.names import ErrorCode
from tests.fakes.engine import ask, running_engine


@pytest.mark.asyncio
async def test_a_text_is_cleaned_in_the_configured_mode_unless_another_is_asked_for() -> None:
    async with running_engine("[cleanup]\nmode = 'raw'\n") as engine:
        cleaned = await ask(engine, TEXT_CLEAN, text="um hello")
        assert (cleaned["text"], cleaned["mode"]) == ("um hello", {"asked": "raw", "used": "raw"})
        cleaned = await ask(engine, TEXT_CLEAN, text="um hello", mode="instant")
        assert (cleaned["text"], cleaned["mode"]["used"]) == (instant.clean("um hello").text, "instant")
        assert {"stage": "fillers", "before": "um ", "after": ""} in cleaned["edits"]
        assert cleaned["fallback"] is None
        assert cleaned["timings_ms"]["cleanup"] >= 0


@pytest.mark.asyncio
async def test_a_fallback_says_why() -> None:
    async with running_engine() as engine:
        cleaned = await ask(engine, TEXT_CLEAN, text="um hello", mode="polished")
        assert cleaned["mode"] == {"asked": "polished", "used": "instant"}
        assert cleaned["fallback"]["reason"] == "not_configured"


@pytest.mark.asyncio
async def test_the_language_of_the_context_goes_before_the_configured_one() -> None:
    async with running_engine("[speech]\nlanguage = 'de'\n") as engine:
        raw = "ähm hallo um welt"
        german, english = instant.clean(raw, language="de").text, instant.clean(raw, language="en").text
        assert (await ask(engine, TEXT_CLEAN, text=raw))["text"] == german
        assert (await ask(engine, TEXT_CLEAN, text=raw, context={"language": "en"}))["text"] == english
        assert (await ask(engine, TEXT_CLEAN, text=raw, context={}))["text"] == german


@pytest.mark.parametrize("text", ["", "um", "um um uh", "\n", "\0", "\ufffe", "x" * 1_000_000, "word " * 200_000])
@pytest.mark.asyncio
async def test_any_text_is_answered(text: str) -> None:
    async with running_engine() as engine:
        assert isinstance((await ask(engine, TEXT_CLEAN, text=text))["text"], str)


@pytest.mark.parametrize("params", [{}, {"text": None}, {"text": 5}, {"text": "x", "mode": "shiny"}])
@pytest.mark.asyncio
async def test_bad_parameters_are_named(params: dict[str, object]) -> None:
    async with running_engine() as engine:
        with pytest.raises(RpcError) as raised:
            await ask(engine, TEXT_CLEAN, **params)
        assert raised.value.code == ErrorCode.INVALID_PARAMS
