from __future__ import annotations

from collections.abc import Callable

import anyio
import pytest

from parleq_hotkey.insertion.pasting import Patience
from parleq_hotkey.ports import Receipt, Window
from parleqd.engine.insertion import ANSWER_WITHIN_S
from parleqd.protocol.names import ReceiptStatus
from tests.fakes.desktop import TEXT, Desktop, FakeClipboard, FakeField, FakeKeyboard
from tests.pasting import OLD, desktop, pasting


@pytest.mark.asyncio
async def test_a_text_that_is_read_is_there_and_the_clipboard_as_before() -> None:
    world = desktop()
    program = world.program("editor")
    receipt = await pasting(world).insert("one\ntwo\n", program.window)
    assert receipt.status == ReceiptStatus.READ
    assert (program.text, world.read("editor"), world.pressed) == ("one\ntwo\n", OLD, ["shift+Insert"])


@pytest.mark.asyncio
async def test_a_field_that_shows_the_text_verifies_it() -> None:
    world = desktop()
    world.program("editor")
    assert (await pasting(world, field=FakeField(world)).insert("text", None)).status == ReceiptStatus.VERIFIED


@pytest.mark.asyncio
async def test_a_field_that_cannot_be_seen_leaves_it_at_read() -> None:
    world = desktop()
    world.program("editor")
    receipt = await pasting(world, field=FakeField(world, blind=True)).insert("text", None)
    assert receipt.status == ReceiptStatus.READ


@pytest.mark.asyncio
async def test_the_same_text_from_before_verifies_nothing() -> None:
    world = desktop()
    program = world.program("editor")
    program.text = "text"

    class Swallows(FakeField):
        """A field that is full: its program reads, and shows nothing of it."""

        async def caret(self) -> int | None:
            program.text = "text"
            return await super().caret()

    receipt = await pasting(world, field=Swallows(world)).insert("text", None)
    assert receipt.status == ReceiptStatus.READ


@pytest.mark.parametrize("seen, status", [(False, ReceiptStatus.SENT), (True, ReceiptStatus.VERIFIED)])
@pytest.mark.asyncio
async def test_where_nobody_knows_who_read_only_the_field_can_tell(seen: bool, status: ReceiptStatus) -> None:
    world = desktop()
    world.program("editor")
    clipboard = FakeClipboard(world, knows_reader=False)
    receipt = await pasting(world, clipboard=clipboard, field=FakeField(world, blind=not seen)).insert("text", None)
    assert receipt.status == status


@pytest.mark.asyncio
async def test_the_focus_may_move_once_the_text_was_read() -> None:
    world = desktop()
    other = world.program("mail")
    wanted = world.program("editor").window
    world.on_give_back = lambda: world.focus_on(other.window)
    assert (await pasting(world).insert("text", wanted)).status == ReceiptStatus.READ


@pytest.mark.asyncio
async def test_what_could_not_begin_in_time_is_not_begun() -> None:
    world = desktop()
    program = world.program("viewer", reads=False)
    inserter = pasting(world, patience=Patience(start=0.05, read=0.2))
    receipts: list[Receipt] = []

    async def insert() -> None:
        receipts.append(await inserter.insert("text", program.window))

    async with anyio.create_task_group() as group:
        group.start_soon(insert)
        group.start_soon(insert)
    assert [receipt.status for receipt in receipts] == [ReceiptStatus.FAILED] * 2
    assert "busy" in receipts[1].detail
    assert world.pressed == ["shift+Insert"]


def test_all_waits_together_are_below_what_the_daemon_waits() -> None:
    patience = Patience()
    of_the_clipboard = 1.0  # `insertion.x11.clipboard`: until the program has done with what it read
    longest = patience.start + patience.longest + patience.field + patience.look + of_the_clipboard
    assert longest < ANSWER_WITHIN_S


@pytest.mark.asyncio
async def test_a_terminal_gets_no_line_break() -> None:
    world = desktop()
    terminal = world.program("xterm", window_class="XTerm")
    await pasting(world).insert("ls\nrm\n", None)
    assert terminal.text == "ls rm"


@pytest.mark.asyncio
async def test_nothing_is_pressed_in_another_window() -> None:
    world = desktop()
    wanted = world.program("editor").window
    other = world.program("mail")
    receipt = await pasting(world).insert("text", wanted)
    assert (receipt.status, receipt.detail) == (ReceiptStatus.FAILED, "the window of editor has lost the focus")
    assert (world.pressed, other.text, world.read("mail")) == ([], "", OLD)


@pytest.mark.asyncio
async def test_nothing_is_pressed_without_a_window() -> None:
    world = desktop()
    assert (await pasting(world).insert("text", None)).status == ReceiptStatus.FAILED
    assert world.pressed == []


@pytest.mark.asyncio
async def test_the_focus_that_moves_at_the_last_moment_is_noticed() -> None:
    world = desktop()
    other = world.program("mail")
    wanted = world.program("editor").window
    world.on_lend = lambda: world.focus_on(other.window)
    assert (await pasting(world).insert("text", wanted)).status == ReceiptStatus.FAILED
    assert (world.pressed, other.text, world.read("mail")) == ([], "", OLD)


@pytest.mark.asyncio
async def test_the_focus_that_moves_behind_the_chord_is_told() -> None:
    world = desktop()
    other = world.program("mail")
    wanted = world.program("editor").window
    world.on_press = lambda: world.focus_on(other.window)
    receipt = await pasting(world).insert("text", wanted)
    assert (receipt.status, "lost the focus" in receipt.detail) == (ReceiptStatus.SENT, True)


@pytest.mark.asyncio
async def test_nobody_reads() -> None:
    world = desktop()
    program = world.program("viewer", reads=False)
    receipt = await pasting(world).insert("text", None)
    assert (receipt.status, receipt.detail) == (ReceiptStatus.FAILED, "the window of viewer did not take the text")
    assert world.read(program.window.client) == OLD


@pytest.mark.asyncio
async def test_a_program_that_is_late_gets_nothing() -> None:
    world = desktop()
    program = world.program("slow", late=True)
    assert (await pasting(world).insert("text", None)).status == ReceiptStatus.FAILED
    world.catch_up()
    assert program.text == ""


@pytest.mark.asyncio
async def test_what_the_user_copies_meanwhile_stays() -> None:
    world = desktop()
    world.program("editor")
    world.on_press = lambda: world.user_copies({TEXT: b"new"})
    await pasting(world).insert("text", None)
    assert world.read("editor") == {TEXT: b"new"}


@pytest.mark.asyncio
async def test_the_display_ends_before_the_chord() -> None:
    world = desktop()
    world.program("editor")
    world.gone = True
    receipt = await pasting(world).insert("text", None)
    assert (receipt.status, receipt.detail) == (ReceiptStatus.FAILED, "the display is gone")


@pytest.mark.asyncio
async def test_a_failure_behind_the_chord_is_no_failed_insertion() -> None:
    world = desktop()
    world.program("editor", reads=False)

    class Breaks(FakeKeyboard):
        async def press(self, chord: str, about_to: Callable[[], None] = lambda: None) -> None:
            await super().press(chord, about_to)
            world.on_give_back = _raise

    receipt = await pasting(world, keyboard=Breaks(world)).insert("text", None)
    assert receipt.status == ReceiptStatus.SENT


def _raise() -> None:
    raise ValueError("broken")


@pytest.mark.asyncio
async def test_a_bug_of_a_library_is_a_receipt_too() -> None:
    world = desktop()
    world.program("editor")
    world.on_lend = _raise
    receipt = await pasting(world).insert("secret text", None)
    assert (receipt.status, receipt.detail) == (ReceiptStatus.FAILED, "the desktop failed: ValueError")


@pytest.mark.asyncio
async def test_an_empty_text_presses_nothing() -> None:
    world = desktop()
    world.program("xterm")
    assert (await pasting(world).insert("\n", None)).status == ReceiptStatus.FAILED
    assert world.pressed == []


@pytest.mark.asyncio
async def test_two_insertions_are_never_interleaved() -> None:
    world = desktop()
    program = world.program("editor")
    inserter = pasting(world)
    async with anyio.create_task_group() as group:
        for text in ("one ", "two ", "three "):
            group.start_soon(inserter.insert, text, None)
    assert sorted(program.text.split()) == ["one", "three", "two"]
    assert world.read("editor") == OLD


@pytest.mark.asyncio
async def test_an_insertion_that_is_cancelled_gives_the_clipboard_back() -> None:
    world = desktop()
    world.program("viewer", reads=False)
    async with anyio.create_task_group() as group:
        world.on_press = group.cancel_scope.cancel
        group.start_soon(pasting(world).insert, "text", None)
    assert world.loan is None
    assert world.read("viewer") == OLD


@pytest.mark.asyncio
async def test_no_receipt_holds_the_text_or_a_title() -> None:
    world = desktop()
    program = world.program("editor")
    world.focus = program.window = Window("editor", app="editor", title="private title", client="editor")
    inserter = pasting(world, field=FakeField(world))
    receipts = [await inserter.insert("private text", None), await inserter.insert("private", Window("gone"))]
    assert not any("private" in receipt.detail for receipt in receipts)


@pytest.mark.asyncio
async def test_the_last_insertion_is_undone_once() -> None:
    world = desktop()
    program = world.program("editor")
    inserter = pasting(world, field=FakeField(world))
    await inserter.insert("one ", None)
    await inserter.insert("two ", None)
    assert (await inserter.undo_last()).done
    assert not (await inserter.undo_last()).done
    assert program.text == "one "


def _typed_behind(world: Desktop) -> None:
    world.programs["editor"].text += "typed"


def _moved(world: Desktop) -> None:
    world.program("mail").text = "text"


def _gone(world: Desktop) -> None:
    world.gone = True


@pytest.mark.parametrize("change", [_typed_behind, _moved, _gone])
@pytest.mark.asyncio
async def test_an_insertion_is_not_undone_where_it_no_longer_stands(change: Callable[[Desktop], None]) -> None:
    world = desktop()
    world.program("editor")
    inserter = pasting(world, field=FakeField(world))
    await inserter.insert("text", None)
    change(world)
    before = {name: program.text for name, program in world.programs.items()}
    undone = await inserter.undo_last()
    assert not undone.done
    assert undone.detail
    assert {name: program.text for name, program in world.programs.items()} == before


@pytest.mark.asyncio
async def test_without_eyes_nothing_is_undone() -> None:
    world = desktop()
    program = world.program("editor")
    inserter = pasting(world)
    assert (await inserter.undo_last()).detail == "there is no insertion to undo"
    await inserter.insert("text", None)
    assert not (await inserter.undo_last()).done
    assert program.text == "text"


@pytest.mark.asyncio
async def test_a_look_at_the_focus_prepares_the_clipboard() -> None:
    world = desktop()
    window = world.program("editor").window
    prepared: list[bool] = []
    inserter = pasting(world, prepare=lambda: prepared.append(True))
    assert await inserter.focused() == window
    assert prepared == [True]
