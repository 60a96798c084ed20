"""What tests/integration/test_hotkey.py does not show at a real daemon."""

from __future__ import annotations

import pytest

from tests.fakes.daemon import Object, Peer, Reply, running_daemon
from tests.fakes.hotkey import running_hotkey


def settings(**values: object) -> Object:
    entries = [{"key": key.replace("__", "."), "value": value, "origin": "file"} for key, value in values.items()]
    return {"path": "/c", "settings": entries, "problems": []}


@pytest.mark.parametrize("overlay", [False, True])
@pytest.mark.asyncio
async def test_partial_texts_and_levels_are_asked_for_only_where_they_are_shown(overlay: bool) -> None:
    replies: dict[str, Reply] = {"settings/get": settings(feedback__overlay=overlay)}
    async with running_daemon(replies) as daemon, running_hotkey(daemon.path) as hotkey:
        (subscribed,) = daemon.asked("events/subscribe")
        assert ({"partial", "level"} <= set(subscribed["topics"])) is overlay
        assert hotkey.feedback.settings[-1].overlay is overlay


@pytest.mark.asyncio
async def test_the_command_line_s_key_stays_whatever_the_settings_say() -> None:
    async with running_daemon({"settings/get": settings(hotkey__key="F8")}) as daemon:
        async with running_hotkey(daemon.path, key="F7") as hotkey:
            assert hotkey.keys.keys is not None
            assert hotkey.keys.keys.dictate == "F7"


@pytest.mark.asyncio
async def test_settings_that_change_are_read_again_and_another_way_of_inserting_is_opened() -> None:
    answers = [settings(), settings(insertion__method="wayland", feedback__overlay=True)]

    async def told(peer: Peer, _: Object) -> Object:
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def ask_back(peer: Peer, _: Object) -> Object:
        await peer.notify("settings/changed", {})
        return {"topics": []}

    replies: dict[str, Reply] = {"settings/get": told, "events/subscribe": ask_back}
    async with running_daemon(replies) as daemon, running_hotkey(daemon.path) as hotkey:
        await daemon.until_asked("events/subscribe", 2)
        assert len(daemon.asked("initialize")) == 1
        await hotkey.until(lambda: hotkey.program.placing.settings.method == "wayland")
        await hotkey.until(lambda: hotkey.desktop.opened == 2)
        await hotkey.until(lambda: hotkey.feedback.settings[-1].overlay)
