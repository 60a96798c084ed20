from __future__ import annotations

import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.errors import ConfigError, RefusedError
from parleqd.core.settings import Speech
from parleqd.core.speech import messages as speech
from parleqd.engine.configuration import chosen_model
from parleqd.engine.history import Entry
from parleqd.protocol.names import Reason
from tests.fakes.dictations import outcome, spec
from tests.fakes.engine import Engine, running_engine
from tests.fakes.models import MemoryCalibrations, MemoryModelStore

EVERYTHING = """
[audio]
stop_after_silence_s = 30
max_minutes = 2
[speech]
unload_after_s = 7
[cleanup]
budget_s = 9.0
[history]
keep = 3
"""


def in_effect(engine: Engine) -> tuple[object, ...]:
    sessions = engine.sessions
    return (
        sessions.stop_after_silence_s,
        sessions.hearing.max_live_s,
        engine.services.recognition.unload_after_s,
        sessions.cleanup_budget_s,
        engine.services.records.history.keep,
    )


DEFAULTS = (0.0, 1200.0, 600.0, 4.0, 100)
CHANGED = (30.0, 120.0, 7.0, 9.0, 3)


@pytest.mark.asyncio
async def test_settings_are_in_effect_from_the_start() -> None:
    async with running_engine() as engine:
        assert in_effect(engine) == DEFAULTS
        assert engine.services.configuration.state == "ok"
    async with running_engine(EVERYTHING) as engine:
        assert in_effect(engine) == CHANGED


@pytest.mark.asyncio
async def test_a_reload_brings_the_file_into_effect() -> None:
    async with running_engine() as engine:
        await engine.write_config(EVERYTHING)
        assert await engine.services.configuration.reload() == ()
        assert in_effect(engine) == CHANGED
        assert engine.services.configuration.settings.audio.stop_after_silence_s == 30
        assert engine.log.fields("settings_reloaded") == [{"problems": 0}]


@pytest.mark.parametrize("bad", ["[audio]\ndevcie = 'x'\n", "[history]\nkeep = 'many'\n", "no toml", "\ufeff[[["])
@pytest.mark.asyncio
async def test_a_bad_file_leaves_the_last_good_settings(bad: str) -> None:
    async with running_engine(EVERYTHING) as engine:
        await engine.write_config(bad)
        assert len(await engine.services.configuration.reload()) >= 1
        assert in_effect(engine) == CHANGED
        assert engine.services.configuration.state == "config_invalid"
        await engine.write_config("")
        assert await engine.services.configuration.reload() == ()
        assert in_effect(engine) == DEFAULTS
        assert engine.services.configuration.state == "ok"


@pytest.mark.asyncio
async def test_one_setting_is_written_and_brought_into_effect() -> None:
    async with running_engine() as engine:
        await engine.services.configuration.set("audio.max_minutes", "5")
        assert engine.sessions.hearing.max_live_s == 300.0
        with pytest.raises(ConfigError):
            await engine.services.configuration.set("audio.max_minutes", "soon")
        assert engine.sessions.hearing.max_live_s == 300.0


@pytest.mark.asyncio
async def test_a_target_is_written_and_brought_into_effect() -> None:
    async with running_engine() as engine:
        target = {"name": "own", "provider": "openai", "deployment": "small"}
        assert not await engine.services.configuration.add_target(target, "polished")
        assert [one.name for one in engine.services.targets.status()] == ["own"]
        assert engine.services.targets.polisher is not None


@pytest.mark.asyncio
async def test_whoever_keeps_nothing_any_more_has_nothing_kept() -> None:
    async with running_engine() as engine:
        records = engine.services.records
        records.history.record(Entry(spec(), outcome()))
        records.recovery.keep(spec(), MemoryJournal().open("s"))
        await engine.services.configuration.set("history.keep", "0")
        assert records.history.latest(10) == []
        with pytest.raises(RefusedError) as raised:
            records.recovery.last()
        assert raised.value.reason is Reason.NO_CAPTURE


@pytest.mark.asyncio
async def test_another_model_is_loaded() -> None:
    async with running_engine() as engine:
        await (await engine.puppets.life(1)).until_told(speech.Load("tiny.en", "/embedded/tiny.en"))
        await engine.services.configuration.set("speech.model", "/models/mine")
        await (await engine.puppets.life(2)).until_told(speech.Load("/models/mine", "/models/mine"))


@pytest.mark.asyncio
async def test_the_configured_model_is_found_once_it_is_installed() -> None:
    async with running_engine("[speech]\nmodel = 'base'\n") as engine:
        configuration = engine.services.configuration
        await configuration.find_model()
        assert engine.puppets.lives == []
        await configuration.models.install("base", lambda _: None)
        await configuration.find_model()
        await (await engine.puppets.life(1)).until_told(speech.Load("base", "/models/base"))


def test_a_model_that_cannot_be_found_counts_as_not_installed() -> None:
    model = chosen_model(MemoryModelStore(), MemoryCalibrations(), Speech(model="bsae"))
    assert (model.name, model.installed) == ("bsae", False)


@pytest.mark.asyncio
async def test_a_speech_server_stands_before_the_model() -> None:
    async with running_engine() as engine:
        await engine.puppets.life(1)
        await engine.services.configuration.set("speech.engine", "openai-compatible")
        life = await engine.puppets.life(2)
        await life.until_told(
            speech.Load("tiny.en", "/embedded/tiny.en", server="http://127.0.0.1:8000/v1", server_model="whisper-1")
        )


@pytest.mark.asyncio
async def test_audio_is_not_sent_to_another_machine_whatever_the_settings_say() -> None:
    elsewhere = "[speech]\nengine = 'openai-compatible'\nserver = 'http://speech.example.com/v1'\n"
    async with running_engine(elsewhere) as engine:
        (problem,) = engine.services.configuration.store.problems
        assert "speech.server" in str(problem)
        assert "stays on this machine" in str(problem)
        assert engine.services.configuration.settings.speech.server == "http://127.0.0.1:8000/v1"
