from __future__ import annotations

import anyio
import anyio.lowlevel
import pytest

from parleq_hotkey.insertion.pasting import Undone
from parleq_hotkey.placing import Placing
from parleq_hotkey.ports import DesktopError, Receipt, Window
from parleq_hotkey.settings import InsertionSettings
from parleqd.protocol.names import Reason, ReceiptStatus
from tests.fakes.desktop import Desktop, FakeInserter


class Undoing(FakeInserter):
    async def undo_last(self) -> Undone:
        return Undone(True)


class Slow(FakeInserter):
    async def insert(self, text: str, window: Window | None) -> Receipt:
        await anyio.lowlevel.checkpoint()
        return await super().insert(text, window)


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
async def test_it_is_told_from_the_first_placing_to_the_last_end() -> None:
    told: list[bool] = []
    made, world = Placing(InsertionSettings(), told.append), Desktop()
    world.program("editor")
    made.inserter = Slow(world)
    async with anyio.create_task_group() as tasks:
        for text in ("a", "b"):
            tasks.start_soon(made.place_here, text)
    assert (told[0], told[-1], told.count(False)) == (True, False, 1)


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
async def test_a_bug_in_the_desktop_s_answer_is_a_desktop_that_is_lost() -> None:
    class Broken(FakeInserter):
        async def focused(self) -> Window | None:
            raise LookupError("dictated")

    made, found = Placing(InsertionSettings()), []

    async def serve() -> None:
        found.append(await made.serve(Broken(Desktop())))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(serve)
        await anyio.wait_all_tasks_blocked()
        assert await made.focused() is None
    assert found[0].reason is Reason.INTERNAL
    assert "dictated" not in found[0].message


@pytest.mark.asyncio
async def test_the_end_of_what_is_under_way_can_be_waited_for() -> None:
    made, world = Placing(InsertionSettings()), Desktop()
    world.program("editor")
    made.inserter = inserter = Slow(world)
    await made.done()
    async with anyio.create_task_group() as tasks:
        for text in ("a", "b"):
            tasks.start_soon(made.place_here, text)
        await anyio.lowlevel.checkpoint()
        await made.done()
        assert [text for text, _ in inserter.inserted] == ["a", "b"]


@pytest.mark.asyncio
async def test_the_last_insertion_is_taken_back_where_that_can_be_done() -> None:
    made, world = placing()
    assert not (await made.undo()).done
    made.inserter = Undoing(world)
    assert (await made.undo()).done
