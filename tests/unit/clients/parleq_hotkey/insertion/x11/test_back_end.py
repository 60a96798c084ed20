from __future__ import annotations

import pytest

from parleq_hotkey.insertion.chords import Chords
from parleq_hotkey.insertion.x11.back_end import examine, open_inserter
from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason
from tests.x_desktop import aside, private_desktop


@pytest.mark.asyncio
async def test_a_display_is_found_usable() -> None:
    async with private_desktop() as server:
        found = await examine(server.name)
    assert [(one.kind, one.name, one.usable, one.reason) for one in found] == [
        ("insertion", "x11", True, None),
        ("insertion", "clipboard", True, None),
    ]


@pytest.mark.asyncio
async def test_no_display() -> None:
    found = await examine(":987")
    assert [(one.usable, one.reason) for one in found] == [(False, Reason.NO_DISPLAY)] * 2
    with pytest.raises(DesktopError):
        async with open_inserter(":987", Chords()):
            pass


@pytest.mark.asyncio
async def test_what_the_block_raises_comes_out_as_it_is() -> None:
    async with private_desktop() as server:
        with pytest.raises(ValueError, match="mine"):
            async with open_inserter(server.name, Chords()):
                raise ValueError("mine")


@pytest.mark.asyncio
async def test_a_display_that_ends_is_told_by_the_next_call_and_another_can_be_opened() -> None:
    async with private_desktop() as server:
        async with open_inserter(server.name, Chords()) as inserter:
            await aside(server.kill)
            with pytest.raises(DesktopError) as problem:
                await inserter.focused()
            assert problem.value.reason == Reason.NO_DISPLAY
        await aside(server.start)
        async with open_inserter(server.name, Chords()) as inserter:
            assert await inserter.focused() is None
