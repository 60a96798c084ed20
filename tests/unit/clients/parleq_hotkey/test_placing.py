from __future__ import annotations

import anyio
import pytest

from parleq_hotkey.insertion.pasting import Undone
from parleq_hotkey.placing import Placing
from parleq_hotkey.ports import DesktopError, Window
from parleq_hotkey.settings import InsertionSettings
from parleqd.protocol.names import Reason, ReceiptStatus
from tests.fakes.desktop import Desktop, FakeInserter


class Undoing(FakeInserter):
    async def undo_last(self) -> Undone:
        return Undone(True)


def placing(target: str = "captured") -> tuple[Placing, Desktop]:
    made, world = Placing(InsertionSettings(target=target)), Desktop()
    world.program("editor")
    made.inserter = FakeInserter(world)
    return made, world


@pytest.mark.asyncio
async def test_a_text_goes_to_the_window_that_was_captured_and_nowhere_else() -> None:
    made, world = placing()
    window = await made.focused()
    assert (await made.place("a", window)).status is ReceiptStatus.READ
    world.program("browser")
    assert (await made.place("b", window)).status is ReceiptStatus.FAILED
    assert (await made.place_here("c")).status is ReceiptStatus.READ
    assert "not known which window" in (await made.place("d", None)).detail


@pytest.mark.asyncio
async def test_a_live_target_is_wherever_the_focus_is() -> None:
    made, _ = placing("live")
    assert (await made.place("a", Window("elsewhere"))).status is ReceiptStatus.READ


@pytest.mark.asyncio
async def test_without_a_desktop_nothing_is_placed_and_nothing_raised() -> None:
    made = Placing(InsertionSettings())
    assert await made.focused() is None
    assert (await made.place("a", Window("w"))).status is ReceiptStatus.FAILED
    assert (await made.place_here("a")).status is ReceiptStatus.FAILED
    assert not (await made.undo()).done


@pytest.mark.asyncio
async def test_a_desktop_that_is_gone_is_noticed_when_it_is_asked() -> None:
    made, world = placing()
    inserter = FakeInserter(world)
    found: list[DesktopError] = []

    async def serve() -> None:
        found.append(await made.serve(inserter))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(serve)
        await anyio.wait_all_tasks_blocked()
        world.gone = True
        assert await made.focused() is None
    assert found[0].reason is Reason.NO_DISPLAY
    assert made.inserter is None


@pytest.mark.asyncio
async def test_the_last_insertion_is_taken_back_where_that_can_be_done() -> None:
    made, world = placing()
    assert not (await made.undo()).done
    made.inserter = Undoing(world)
    assert (await made.undo()).done
