from __future__ import annotations

import json

import pytest

from parleqd.core.errors import RefusedError
from parleqd.core.text import instant
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.methods import TEXT_CLEAN, TEXT_PRESETS, TEXT_REFINE
from parleqd.protocol.names import ErrorCode, Reason
from tests.fakes.chat import FakeChat, streamed
from tests.fakes.cloud import cloud
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


APPS = """
[cleanup]
mode = "polished"
[[app]]
app = "diary"
mode = "raw"
"""


@pytest.mark.parametrize(
    ("context", "asked", "breaks"), [({"app": "diary"}, "raw", 1), ({"app": "kitty"}, "instant", 0)]
)
@pytest.mark.asyncio
async def test_an_application_has_a_mode_and_a_layout(context: dict[str, str], asked: str, breaks: int) -> None:
    async with running_engine(APPS) as engine:
        cleaned = await ask(engine, TEXT_CLEAN, text="um a\nb", context=context)
        assert (cleaned["mode"]["asked"], cleaned["text"].count("\n")) == (asked, breaks)
        other = await ask(engine, TEXT_CLEAN, text="um a", context=context, mode="polished")
        assert other["mode"]["asked"] == "polished"


@pytest.mark.asyncio
async def test_the_preset_of_an_application_takes_the_one_request_that_polishing_would() -> None:
    raw, formal = "um we meet at five on monday thanks", "We will meet at 5 on Monday. Thank you."
    chat = FakeChat(streamed(formal))
    config = TARGET.replace("refine_mode", "mode") + '[[app]]\napp = "mail"\npreset = "formal"\n'
    async with running_engine(config, cloud=cloud(chat, environment=KEY)) as engine:
        done = await ask(engine, TEXT_CLEAN, text=raw, context={"app": "mail"})
        assert (len(chat.requests), "formal and polite" in str(chat.requests[0].body)) == (1, True)
        assert done["mode"]["used"] in ("polished", "instant")
        assert (done["fallback"] is None) is (done["text"] == formal)


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


# text/refine, text/presets

TARGET = """
[cleanup]
refine_mode = "polished"
[cleanup.presets]
pirate = "Write it as a pirate would."
[[cleanup.target]]
name = "east"
provider = "azure-openai"
auth = "api-key"
resource = "east"
deployment = "gpt-4o-mini"
"""
KEY = {"AZURE_OPENAI_API_KEY": "k"}


@pytest.mark.asyncio
async def test_a_text_is_changed_as_an_instruction_says_in_as_many_steps_as_one_likes() -> None:
    chat = FakeChat(streamed("We meet on Friday."), streamed("We meet Friday."))
    async with running_engine(TARGET, cloud=cloud(chat, environment=KEY)) as engine:
        first = await ask(engine, TEXT_REFINE, text="We meet on Monday.", instruction="replace Monday with Friday")
        assert (first["text"], first["baseline"]) == ("We meet on Friday.", "We meet on Monday.")
        assert (first["mode"], first["fallback"]) == ({"asked": "polished", "used": "polished"}, None)
        assert first["edits"] == [{"stage": "refined", "before": first["baseline"], "after": first["text"]}]
        second = await ask(engine, TEXT_REFINE, text=first["text"], preset="shorter")
        assert (second["text"], second["baseline"]) == ("We meet Friday.", first["text"])
        assert "fewer words" in json.loads(chat.requests[-1].body)["messages"][-1]["content"]


@pytest.mark.asyncio
async def test_a_failure_keeps_the_text_and_says_why() -> None:
    async with running_engine() as engine:
        kept = await ask(engine, TEXT_REFINE, text="We meet.", instruction="make it longer")
        assert (kept["text"], kept["mode"]) == ("We meet.", {"asked": "polished", "used": "raw"})
        assert kept["fallback"]["reason"] == "not_configured"
        assert kept["edits"] == []


@pytest.mark.parametrize(("mode", "said"), [("raw", "um at five"), ("instant", instant.clean("um at five").text)])
@pytest.mark.asyncio
async def test_raw_and_instant_put_what_was_said_behind_the_text(mode: str, said: str) -> None:
    async with running_engine(f"[cleanup]\nrefine_mode = '{mode}'\n") as engine:
        done = await ask(engine, TEXT_REFINE, text="We meet.", instruction="um at five")
        assert (done["text"], done["mode"]["used"], done["fallback"]) == (f"We meet. {said}", mode, None)
        preset = await ask(engine, TEXT_REFINE, text="We meet.", preset="1")
        assert (preset["text"], preset["fallback"]["reason"]) == ("We meet.", "not_configured")
        asked = await ask(engine, TEXT_REFINE, text="We meet.", instruction="x", mode="polished")
        assert asked["mode"]["asked"] == "polished"


@pytest.mark.parametrize("params", [{}, {"instruction": "x", "preset": "y"}, {"instruction": 1}])
@pytest.mark.asyncio
async def test_one_of_instruction_and_preset_is_needed(params: dict[str, object]) -> None:
    async with running_engine() as engine:
        with pytest.raises(RpcError) as raised:
            await ask(engine, TEXT_REFINE, text="x", **params)
        assert raised.value.code == ErrorCode.INVALID_PARAMS


@pytest.mark.asyncio
async def test_presets_are_listed_and_an_unknown_one_is_told() -> None:
    async with running_engine(TARGET) as engine:
        listed = (await ask(engine, TEXT_PRESETS))["presets"]
        assert listed[0] == {"name": "pirate", "instruction": "Write it as a pirate would.", "digit": 1}
        assert listed[1]["name"] == "shorter"
        with pytest.raises(RefusedError) as refused:
            await ask(engine, TEXT_REFINE, text="x", preset="no such")
        assert refused.value.reason is Reason.UNKNOWN_PRESET
        assert "pirate, shorter" in (refused.value.hint or "")
