"""What `Pasting` does with the keyboard while keys are held, or are somebody else's, and when it types."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from parleq_hotkey.insertion.pasting import Patience
from parleq_hotkey.ports import KeyboardTakenError
from parleqd.protocol.names import Reason, ReceiptStatus
from tests.fakes.desktop import Content, Desktop, FakeClipboard, FakeKeyboard
from tests.pasting import OLD, desktop, pasting


@pytest.mark.asyncio
async def test_held_modifiers_are_waited_out_up_to_a_limit() -> None:
    world = desktop()
    world.program("editor")
    world.held = frozenset({"ctrl"})
    receipt = await pasting(world).insert("text", None)
    assert (receipt.status, "ctrl" in receipt.detail, world.pressed) == (ReceiptStatus.FAILED, True, [])


@pytest.mark.asyncio
async def test_modifiers_let_go_in_time() -> None:
    world = desktop()
    program = world.program("editor")
    world.held = frozenset({"ctrl"})

    class LetGo(FakeKeyboard):
        async def modifiers_held(self) -> frozenset[str]:
            held, world.held = world.held, frozenset()
            return held

    await pasting(world, keyboard=LetGo(world)).insert("text", None)
    assert program.text == "text"


class Taken(FakeKeyboard):
    """For ``tries`` presses another program has the keyboard; ``on_try`` is told of each."""

    def __init__(self, desktop: Desktop, tries: int, on_try: Callable[[], None] = lambda: None) -> None:
        super().__init__(desktop)
        self.tries = tries
        self.on_try = on_try

    async def press(self, chord: str, about_to: Callable[[], None] = lambda: None) -> None:
        self._look()
        await super().press(chord, about_to)

    async def type_text(self, text: str) -> None:
        self._look()
        await super().type_text(text)

    def _look(self) -> None:
        self.tries -= 1
        if self.tries >= 0:
            self.on_try()
            raise KeyboardTakenError(Reason.NO_INSERTION, "another has the keyboard")


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.asyncio
async def test_a_keyboard_that_others_have_is_waited_for(refuses: bool) -> None:
    world = desktop()
    program = world.program("editor")
    clipboard = FakeClipboard(world)
    clipboard.refuses = refuses
    receipt = await pasting(world, clipboard=clipboard, keyboard=Taken(world, 3), typing=refuses).insert("text", None)
    assert (program.text, receipt.status) == ("text", ReceiptStatus.SENT if refuses else ReceiptStatus.READ)


@pytest.mark.asyncio
async def test_a_keyboard_that_others_keep_is_told() -> None:
    world = desktop()
    world.program("editor")
    receipt = await pasting(world, keyboard=Taken(world, 1000), patience=Patience(start=0.05)).insert("text", None)
    assert (receipt.status, receipt.detail) == (ReceiptStatus.FAILED, "another has the keyboard")
    assert (world.pressed, world.read("editor")) == ([], OLD)


@pytest.mark.parametrize("refuses", [False, True])
@pytest.mark.asyncio
async def test_a_modifier_that_goes_down_meanwhile_is_waited_out_too(refuses: bool) -> None:
    world = desktop()
    world.program("editor")
    clipboard = FakeClipboard(world)
    clipboard.refuses = refuses

    def hold() -> None:
        world.held = frozenset({"ctrl"})

    receipt = await pasting(world, clipboard=clipboard, keyboard=Taken(world, 1, hold), typing=refuses).insert(
        "a", None
    )
    assert (receipt.status, "ctrl" in receipt.detail) == (ReceiptStatus.FAILED, True)
    assert (world.pressed, world.typed) == ([], [])


@pytest.mark.asyncio
async def test_a_look_at_the_clipboard_before_the_chord_is_no_paste() -> None:
    world = desktop()
    program = world.program("editor", reads=False)
    looks: list[Content] = []
    keyboard = Taken(world, 3, lambda: looks.append(world.read(program.window.client)))
    receipt = await pasting(world, keyboard=keyboard).insert("text", None)
    assert looks == [OLD] * 3
    assert receipt.status == ReceiptStatus.FAILED


@pytest.mark.asyncio
async def test_the_focus_that_moves_while_others_have_the_keyboard_is_noticed() -> None:
    world = desktop()
    other = world.program("mail")
    wanted = world.program("editor").window
    keyboard = Taken(world, 3, lambda: world.focus_on(other.window))
    receipt = await pasting(world, keyboard=keyboard).insert("text", wanted)
    assert (receipt.status, world.pressed, keyboard.tries) == (ReceiptStatus.FAILED, [], 2)


@pytest.mark.parametrize("failing", ["lend", "press"])
@pytest.mark.asyncio
async def test_what_cannot_be_pasted_is_typed_if_the_user_wants(failing: str) -> None:
    world = desktop()
    program = world.program("editor")
    clipboard = FakeClipboard(world)
    clipboard.refuses = failing == "lend"
    world.keys = frozenset() if failing == "press" else world.keys
    assert (await pasting(world, clipboard=clipboard).insert("text", None)).status == ReceiptStatus.FAILED
    receipt = await pasting(world, clipboard=clipboard, typing=True).insert("text", None)
    assert (receipt.status, program.text, world.read("editor")) == (ReceiptStatus.SENT, "text", OLD)


@pytest.mark.parametrize("text", ["naïve", "two\nlines", "long " * 20])
@pytest.mark.asyncio
async def test_what_no_keys_give_safely_is_never_typed(text: str) -> None:
    world = desktop()
    world.program("editor")
    world.keys = frozenset()
    assert (await pasting(world, typing=True).insert(text, None)).status == ReceiptStatus.FAILED
    assert world.typed == []


@pytest.mark.asyncio
async def test_nothing_is_typed_behind_a_chord_that_was_pressed() -> None:
    world = desktop()
    world.program("viewer", reads=False)
    await pasting(world, typing=True).insert("text", None)
    assert world.typed == []
