"""On a real X server this is tried in tests/e2e/test_hotkey.py."""

from __future__ import annotations

import pytest

from parleq_hotkey.ports import DesktopError
from parleq_hotkey.settings import InsertionSettings
from parleq_hotkey.this_desktop import ThisDesktop


@pytest.mark.asyncio
async def test_what_nobody_knows_is_refused() -> None:
    with pytest.raises(DesktopError, match="no key can be watched"):
        await ThisDesktop().key_source("telepathy")
    with pytest.raises(DesktopError, match="no text can be inserted"):
        async with ThisDesktop().inserter(InsertionSettings(method="telepathy")):
            pass


@pytest.mark.asyncio
async def test_everything_that_could_be_used_is_listed() -> None:
    found = await ThisDesktop().back_ends()
    assert {(one.kind, one.name) for one in found} >= {
        ("feedback", "notifications"),
        ("feedback", "sounds"),
        ("feedback", "overlay"),
    }
    assert {one.kind for one in found} == {"keys", "insertion", "feedback"}
    assert all(one.usable or one.message for one in found)


@pytest.mark.asyncio
async def test_a_desktop_that_hangs_is_named_and_not_waited_for() -> None:
    found = await ThisDesktop(answers_within_s=0.0).back_ends()
    assert [(one.kind, one.usable) for one in found] == [("keys", False), ("insertion", False), ("feedback", False)]
    assert "does not answer" in found[0].message
    with pytest.raises(DesktopError, match="does not answer"):
        await ThisDesktop(answers_within_s=0.0).key_source("auto")
