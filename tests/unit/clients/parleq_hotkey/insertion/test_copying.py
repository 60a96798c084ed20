from __future__ import annotations

import pytest

from parleq_hotkey.insertion.copying import Copying
from parleq_hotkey.ports import Window
from parleqd.protocol.names import ReceiptStatus
from tests.fakes.desktop import TEXT, Desktop, FakeClipboard, FakeWindows


def copying(world: Desktop) -> Copying:
    return Copying(FakeWindows(world), FakeClipboard(world))


@pytest.mark.asyncio
async def test_the_text_is_on_the_clipboard_and_nowhere_else() -> None:
    world = Desktop()
    program = world.program("editor")
    inserter = copying(world)
    assert await inserter.focused() == program.window
    receipt = await inserter.insert("two\nlines\x1b[201~", Window("gone"))
    assert (receipt.status, "on the clipboard" in receipt.detail) == (ReceiptStatus.FAILED, True)
    assert (world.content, world.pressed, program.text) == ({TEXT: b"two\nlines[201~"}, [], "")


@pytest.mark.parametrize(
    "gone, text, detail", [(True, "text", "the display is gone"), (False, "", "the text is empty")]
)
@pytest.mark.asyncio
async def test_what_cannot_be_copied(gone: bool, text: str, detail: str) -> None:
    world = Desktop(content={TEXT: b"mine"}, gone=gone)
    receipt = await copying(world).insert(text, None)
    assert (receipt.status, receipt.detail, world.content) == (ReceiptStatus.FAILED, detail, {TEXT: b"mine"})
