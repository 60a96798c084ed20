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
