from __future__ import annotations

import pytest

from parleqd.core.errors import ConfigError
from parleqd.protocol.methods import DAEMON_RELOAD, SETTINGS_BEHAVIOUR, SETTINGS_GET, SETTINGS_SET
from tests.fakes.engine import ask, running_engine


@pytest.mark.asyncio
async def test_every_setting_is_shown_with_its_origin() -> None:
    async with running_engine("[audio]\ndevice = 'desk'\n") as engine:
        shown = await ask(engine, SETTINGS_GET)
        settings = {setting["key"]: (setting["value"], setting["origin"]) for setting in shown["settings"]}
        assert settings["audio.device"] == ("desk", f"{engine.config}:2")
        assert settings["history.keep"] == (100, "default")
        assert (shown["path"], shown["problems"]) == (str(engine.config), [])


@pytest.mark.parametrize(
    ("key", "keys"),
    [
        ("audio.device", ["audio.device"]),
        ("history", ["history.keep"]),
        ("feedback", ["feedback.notifications", "feedback.sounds", "feedback.media", "feedback.overlay"]),
    ],
)
@pytest.mark.asyncio
async def test_a_key_or_a_section_is_shown(key: str, keys: list[str]) -> None:
    async with running_engine() as engine:
        shown = await ask(engine, SETTINGS_GET, key=key)
        assert [setting["key"] for setting in shown["settings"]] == keys


@pytest.mark.parametrize("key", ["", "audi", "audio.dev", "audio.device.x"])
@pytest.mark.asyncio
async def test_a_key_that_does_not_exist_is_refused(key: str) -> None:
    async with running_engine() as engine:
        with pytest.raises(ConfigError):
            await ask(engine, SETTINGS_GET, key=key)
        with pytest.raises(ConfigError):
            await ask(engine, SETTINGS_SET, key=key, value="1")


@pytest.mark.asyncio
async def test_a_key_that_is_nearly_right_is_told_what_was_meant() -> None:
    async with running_engine() as engine:
        with pytest.raises(ConfigError) as refused:
            await ask(engine, SETTINGS_GET, key="speech.modle")
        assert refused.value.hint.startswith("did you mean speech.model?")


@pytest.mark.asyncio
async def test_a_setting_is_written_and_in_effect_when_the_answer_comes() -> None:
    async with running_engine("# mine\n") as engine:
        told = await ask(engine, SETTINGS_SET, key="history.keep", value="7")
        assert (told["key"], told["value"]) == ("history.keep", 7)
        assert engine.services.records.history.keep == 7
        with pytest.raises(ConfigError):
            await ask(engine, SETTINGS_SET, key="history.keep", value="many")
        assert engine.services.records.history.keep == 7


@pytest.mark.asyncio
async def test_a_reload_tells_what_is_wrong() -> None:
    async with running_engine() as engine:
        assert await ask(engine, DAEMON_RELOAD) == {"problems": []}
        await engine.write_config("[history]\nkeep = -5\n")
        (problem,) = (await ask(engine, DAEMON_RELOAD))["problems"]
        assert f"{engine.config}:2" in problem
        assert engine.services.records.history.keep == 100


@pytest.mark.asyncio
async def test_what_is_done_in_an_application_is_told_with_the_rule_that_says_so() -> None:
    async with running_engine('[[app]]\nwindow_class = "slack"\nmode = "raw"\n') as engine:
        told = (await ask(engine, SETTINGS_BEHAVIOUR, context={"window_class": "Slack"}))["settings"]
        assert told[0] == {"key": "mode", "value": "raw", "origin": f"app[0].mode ({engine.config}:3)"}
        told = (await ask(engine, SETTINGS_BEHAVIOUR))["settings"]
        assert told[0] == {"key": "mode", "value": "instant", "origin": "cleanup.mode (default)"}


@pytest.mark.asyncio
async def test_a_rule_can_be_changed_by_its_number() -> None:
    async with running_engine('[[app]]\napp = "slack"\nmode = "raw"\n') as engine:
        changed = await ask(engine, SETTINGS_SET, key="app[0].mode", value="instant")
        assert changed == {"key": "app[0].mode", "value": "instant", "origin": f"{engine.config}:3"}
