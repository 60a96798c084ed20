from __future__ import annotations

import anyio
import pytest

from parleq_hotkey.insertion.macos import (
    MARKS,
    MacClipboard,
    MacKeyboard,
    MacWindows,
    back_end,
    open_inserter,
)
from parleq_hotkey.insertion.macos_system import COMMAND, CONTROL, OPTION, PLAIN_TEXT, SHIFT, Application, MacSystem
from parleq_hotkey.ports import DesktopError, Window
from parleqd.protocol.names import Reason, ReceiptStatus
from tests.fakes.mac_system import FakeMac

TEXT = "größe Привет 👍\nsecond line"
BEFORE = [{PLAIN_TEXT: b"before", "public.html": b"<b>before</b>"}, {"public.png": b"\x89PNG"}]
EDITOR = Window("42", "com.apple.TextEdit", "TextEdit", process=42)


def a_mac() -> FakeMac:
    mac = FakeMac()
    mac.board = [dict(item) for item in BEFORE]
    return mac


@pytest.mark.asyncio
async def test_a_text_is_pasted_and_the_pasteboard_is_as_before() -> None:
    mac = a_mac()
    async with open_inserter({}, load=lambda: mac) as inserter:
        window = await inserter.focused()
        receipt = await inserter.insert(TEXT, window)
    assert (window, receipt.status) == (EDITOR, ReceiptStatus.READ)
    assert mac.pasted == [TEXT]
    assert mac.posted == [(0x09, COMMAND)]
    assert mac.board == BEFORE


@pytest.mark.asyncio
async def test_clipboard_histories_are_asked_to_leave_it_alone() -> None:
    mac = a_mac()
    await MacClipboard(mac).lend(TEXT)
    assert mac.marks == MARKS


@pytest.mark.asyncio
async def test_what_was_read_before_the_chord_is_no_receipt() -> None:
    mac = a_mac()
    loan = await MacClipboard(mac).lend(TEXT)
    mac.read()
    loan.mark()
    assert not await loan.read_by(EDITOR, 0.05)
    mac.read()
    assert await loan.read_by(EDITOR, 1)
    assert await loan.give_back()
    assert mac.pasted == [TEXT, TEXT]


@pytest.mark.asyncio
async def test_what_somebody_copies_meanwhile_stays() -> None:
    mac = a_mac()
    loan = await MacClipboard(mac).lend(TEXT)
    loan.mark()
    mac.put([{PLAIN_TEXT: b"theirs"}])
    loan.mark()
    assert not await loan.read_by(EDITOR, 1)
    assert not await loan.give_back()
    assert mac.board == [{PLAIN_TEXT: b"theirs"}]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "trusted, secure, hint",
    [(False, False, "Accessibility"), (True, True, "passwords"), (False, True, "Accessibility")],
)
async def test_where_keys_may_not_be_pressed_nothing_is_touched(trusted: bool, secure: bool, hint: str) -> None:
    mac = a_mac()
    mac.trusted, mac.secure = trusted, secure
    with pytest.raises(DesktopError) as caught:
        await MacClipboard(mac).lend(TEXT)
    assert (caught.value.reason, hint in caught.value.hint) == (Reason.INPUT_FORBIDDEN, True)
    with pytest.raises(DesktopError):
        await MacKeyboard(mac).press("cmd+v")
    async with open_inserter({}, load=lambda: mac) as inserter:
        assert (await inserter.insert(TEXT, EDITOR)).status == ReceiptStatus.FAILED
    assert (mac.board, mac.posted, mac.pasted, mac.count) == (BEFORE, [], [], 7)


@pytest.mark.asyncio
async def test_in_another_program_nothing_is_pressed() -> None:
    mac = a_mac()
    mac.application = Application(43, "com.example.Other", "Other")
    async with open_inserter({}, load=lambda: mac) as inserter:
        receipt = await inserter.insert(TEXT, EDITOR)
    assert (receipt.status, mac.posted, mac.board) == (ReceiptStatus.FAILED, [], BEFORE)


@pytest.mark.asyncio
async def test_what_is_copied_stays_and_is_not_marked() -> None:
    mac = a_mac()
    await MacClipboard(mac).copy(TEXT)
    assert (mac.board, mac.marks) == ([{PLAIN_TEXT: TEXT.encode()}], ())


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "chord, posted",
    [
        ("cmd+v", (0x09, COMMAND)),
        ("Cmd+Shift+C", (0x08, COMMAND | SHIFT)),
        ("ctrl+alt+Insert", (0x72, CONTROL | OPTION)),
        ("Return", (0x24, 0)),
    ],
)
async def test_chords_are_pressed(chord: str, posted: tuple[int, int]) -> None:
    mac = a_mac()
    await MacKeyboard(mac).press(chord)
    assert mac.posted == [posted]


@pytest.mark.asyncio
async def test_a_layout_without_v_has_it_where_most_have() -> None:
    mac = a_mac()
    mac.layout = {}
    await MacKeyboard(mac).press("cmd+v")
    assert mac.posted == [(0x09, COMMAND)]


@pytest.mark.asyncio
@pytest.mark.parametrize("chord", ["cmd+ü", "hyper+v"])
async def test_an_unknown_key_is_named(chord: str) -> None:
    with pytest.raises(DesktopError) as caught:
        await MacKeyboard(a_mac()).press(chord)
    assert caught.value.reason == Reason.KEY_UNKNOWN


@pytest.mark.asyncio
async def test_held_modifiers_are_named() -> None:
    mac = a_mac()
    assert await MacKeyboard(mac).modifiers_held() == frozenset()
    mac.flags = COMMAND | OPTION | 0x100
    assert await MacKeyboard(mac).modifiers_held() == {"super", "alt"}


@pytest.mark.asyncio
async def test_only_short_ascii_is_typed() -> None:
    mac = a_mac()
    await MacKeyboard(mac).type_text("a b")
    assert mac.pasted == ["a", " ", "b"]
    with pytest.raises(DesktopError):
        await MacKeyboard(mac).type_text("größe")
    assert mac.pasted == ["a", " ", "b"]


@pytest.mark.asyncio
async def test_the_next_program_in_front_is_waited_for() -> None:
    mac = a_mac()
    found: list[Window | None] = []

    async def wait() -> None:
        found.append(await MacWindows(mac).next_focus())

    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await anyio.wait_all_tasks_blocked()
            assert not found
            mac.application = None
    assert found == [None]
    assert await MacWindows(mac).focused() is None


def test_the_back_end_says_what_is_missing() -> None:
    mac = a_mac()
    assert back_end(lambda: mac).usable
    mac.secure = True
    assert back_end(lambda: mac).reason == Reason.INPUT_FORBIDDEN
    mac.trusted = False
    assert "Accessibility" in back_end(lambda: mac).hint


def missing() -> MacSystem:
    raise ImportError


@pytest.mark.asyncio
async def test_without_pyobjc_it_says_what_to_install() -> None:
    assert back_end(missing).hint == "pip install 'parleqd[hotkey]'"
    with pytest.raises(DesktopError) as caught:
        async with open_inserter({}, load=missing):
            pass
    assert caught.value.hint == "pip install 'parleqd[hotkey]'"
