"""Insertion on X11 into real programs: exact texts, right receipts, the clipboard as before, whatever disturbs it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from parleq_hotkey.insertion.chords import Chords
from parleq_hotkey.insertion.fitting import fit
from parleq_hotkey.insertion.pasting import Pasting, Patience
from parleq_hotkey.insertion.x11.back_end import running
from parleq_hotkey.insertion.x11.snapshot import Limits
from parleq_hotkey.ports import DesktopError
from parleqd._tools.private_x import PrivateX, private_x
from parleqd.protocol.names import ReceiptStatus
from tests.desktop_targets.targets import HERE, KINDS, give_focus, gtk
from tests.parts import scale
from tests.x_desktop import (
    all_types,
    aside,
    copies,
    copies_all_types,
    digests,
    disturbed,
    inserting,
    needs,
    pasted,
)

TEXTS = [
    "plain text, twice; ",
    "naïve zoë à la carte – “so” €5 ",
    "👩‍👩‍👧 🏳️‍🌈 👍🏽 ",
    "Привет, мир! ",
    "世界 こんにちは 한국어 ",
    "one\ntwo\n\n\tthree\n",
    "a\ttab ",
    "zwölf Boxkämpfer jagen Виктор 多 👍\n" * 286,  # 10,010 characters
]
IMPATIENT = Patience(read=0.4)

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def server() -> Iterator[PrivateX]:
    needs()
    with private_x() as started:
        yield started


def texts(count: int) -> list[str]:
    """So many of them, each with its number; all of them, at least."""
    return [f"{number}: {TEXTS[number % len(TEXTS)]}" for number in range(max(count, len(TEXTS)))]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.asyncio
async def test_texts_arrive_exactly_and_the_clipboard_is_as_before(server: PrivateX, tmp_path: Path, kind: str) -> None:
    target = await aside(KINDS[kind], server, tmp_path)
    await aside(copies_all_types, server, tmp_path)
    expected = ""
    async with inserting(server) as inserter:
        window = await inserter.focused()
        assert window is not None
        for text in texts(scale(5, 100)):
            receipt = await inserter.insert(text, window)
            expected += fit(text, window)
            assert receipt.status == ReceiptStatus.READ, receipt
            await aside(target.shows, expected)
            assert await aside(digests, server) == all_types()


@pytest.mark.parametrize("layout", ["us", "de", "ru", "us,ru"])
@pytest.mark.parametrize("kind", ["gtk", "tk", "xterm"])
@pytest.mark.asyncio
async def test_every_layout_will_do(server: PrivateX, tmp_path: Path, kind: str, layout: str) -> None:
    target = await aside(KINDS[kind], server, tmp_path)
    async with inserting(server) as inserter:
        await aside(server.run, "setxkbmap", layout)
        try:
            for _ in range(scale(1, 10)):
                assert (await inserter.insert("zY ß д 👍", None)).status == ReceiptStatus.READ
            await aside(target.shows, "zY ß д 👍" * scale(1, 10))
        finally:
            await aside(server.run, "setxkbmap", "us")


@pytest.mark.asyncio
async def test_never_into_another_window(server: PrivateX, tmp_path: Path) -> None:
    wanted = await aside(gtk, server, tmp_path, "wanted")
    other = await aside(gtk, server, tmp_path, "other")
    async with inserting(server) as inserter:
        for _ in range(scale(5, 50)):
            await aside(wanted.focus)
            window = await inserter.focused()
            await aside(other.focus)
            receipt = await inserter.insert("not here", window)
            assert (receipt.status, "lost the focus" in receipt.detail) == (ReceiptStatus.FAILED, True)
    assert (await aside(wanted.content), await aside(other.content)) == ("", "")


@pytest.mark.asyncio
async def test_never_into_another_window_that_gets_the_focus_at_the_last_moment(
    server: PrivateX, tmp_path: Path
) -> None:
    wanted = await aside(gtk, server, tmp_path, "wanted-first")
    other = await aside(gtk, server, tmp_path, "other-then")
    async with disturbed(server, lent=partial(aside, other.focus)) as inserter:
        for _ in range(scale(5, 50)):
            await aside(wanted.focus)
            receipt = await inserter.insert("not here", await inserter.focused())
            assert receipt.status == ReceiptStatus.FAILED
    assert (await aside(wanted.content), await aside(other.content)) == ("", "")


@pytest.mark.asyncio
async def test_without_a_focused_window_nothing_is_pressed(server: PrivateX) -> None:
    async with inserting(server) as inserter:
        assert await inserter.focused() is None
        receipt = await inserter.insert("nowhere", None)
    assert (receipt.status, receipt.detail) == (ReceiptStatus.FAILED, "no window has the focus")


@pytest.mark.asyncio
async def test_a_manual_paste_before_the_chord_gets_the_users_own_content(server: PrivateX, tmp_path: Path) -> None:
    target = await aside(gtk, server, tmp_path)
    await aside(copies, server, "MINE ")

    async def paste_by_hand() -> None:
        await aside(server.run, "xdotool", "key", "ctrl+v")
        await aside(target.shows, "MINE ")

    async with disturbed(server, lent=paste_by_hand) as inserter:
        assert (await inserter.insert("dictated", None)).status == ReceiptStatus.READ
        await aside(target.shows, "MINE dictated")


@pytest.mark.asyncio
async def test_another_program_that_reads_behind_the_chord_gets_the_users_own_content(
    server: PrivateX, tmp_path: Path
) -> None:
    target = await aside(gtk, server, tmp_path)
    await aside(copies, server, "MINE")
    seen: list[str] = []

    async def read_elsewhere() -> None:
        seen.append(await aside(pasted, server))

    async with disturbed(server, pressed=read_elsewhere) as inserter:
        assert (await inserter.insert("dictated", None)).status == ReceiptStatus.READ
        await aside(target.shows, "dictated")
        assert (seen, await aside(pasted, server)) == (["MINE"], "MINE")


@pytest.mark.asyncio
async def test_what_the_user_copies_meanwhile_stays_and_is_not_pasted(server: PrivateX, tmp_path: Path) -> None:
    target = await aside(gtk, server, tmp_path)
    await aside(copies, server, "OLD")
    async with disturbed(server, lent=partial(aside, copies, server, "NEW")) as inserter:
        assert (await inserter.insert("dictated", None)).status == ReceiptStatus.FAILED
        assert (await aside(pasted, server), await aside(target.content)) == ("NEW", "")


@pytest.mark.asyncio
async def test_what_the_user_copies_behind_the_chord_stays(server: PrivateX, tmp_path: Path) -> None:
    target = await aside(gtk, server, tmp_path)
    await aside(copies, server, "OLD")

    async def copy() -> None:
        await aside(target.shows, "dictated")
        await aside(copies, server, "NEW")

    async with disturbed(server, pressed=copy) as inserter:
        assert (await inserter.insert("dictated", None)).status == ReceiptStatus.READ
        assert await aside(pasted, server) == "NEW"


@pytest.mark.asyncio
async def test_a_clipboard_history_gives_no_receipt_and_gets_no_text(server: PrivateX, tmp_path: Path) -> None:
    history = tmp_path / "history"
    await aside(server.program, sys.executable, str(HERE / "clipboard_history.py"), str(history))
    await aside(server.until, lambda: history.is_file() and "ready" in history.read_text("utf-8"), "no history")
    await aside(copies, server, "MINE")
    deaf = await aside(server.program, sys.executable, str(HERE / "deaf.py"), "deaf window")
    await aside(give_focus, server, await aside(server.window_of, deaf, "deaf window"))
    async with inserting(server, Patience(read=1)) as inserter:  # longer than others are let wait
        receipt = await inserter.insert("dictated", None)
        await aside(server.until, lambda: history.read_text("utf-8").endswith("open 'MINE'\n"), "not given back")
    assert receipt.status == ReceiptStatus.FAILED
    kept = await aside(history.read_text, "utf-8")
    assert "secret" in kept
    assert "dictated" not in kept


@pytest.mark.asyncio
async def test_a_history_that_takes_the_clipboard_over_does_not_come_between(server: PrivateX, tmp_path: Path) -> None:
    target = await aside(gtk, server, tmp_path)
    ready = tmp_path / "ready"
    await aside(server.program, sys.executable, str(HERE / "clipboard_keeper.py"), str(ready))
    await aside(server.until, ready.is_file, "nobody keeps the clipboard")
    await aside(copies, server, "MINE")
    expected = ""
    async with running(server.name, Limits(seconds=10)) as desktop:  # however busy the machine is
        inserter = Pasting("x11", desktop.means(None), Chords())
        for number in range(scale(5, 50)):
            receipt = await inserter.insert(f"{number} ", None)
            expected += f"{number} "
            assert receipt.status == ReceiptStatus.READ, receipt
            await aside(target.shows, expected)
            assert await aside(pasted, server) == "MINE"


@pytest.mark.asyncio
async def test_a_window_that_closes_is_not_waited_for_and_owes_nothing(server: PrivateX, tmp_path: Path) -> None:
    await aside(copies, server, "MINE")
    first = await aside(gtk, server, tmp_path, "first")

    async def close() -> None:
        first.program.kill()

    async with disturbed(server, pressed=close, patience=Patience(read=300, longest=300)) as inserter:
        first.program.send_signal(signal.SIGSTOP)
        window = await inserter.focused()
        assert (await inserter.insert("never", window)).status == ReceiptStatus.FAILED
        second = await aside(gtk, server, tmp_path, "second")  # it may get the number of the one that has ended
        assert (await inserter.insert("here", None)).status == ReceiptStatus.READ
        await aside(second.shows, "here")


@pytest.mark.asyncio
async def test_where_the_chord_pasted_nothing_the_next_one_may(server: PrivateX, tmp_path: Path) -> None:
    await aside(copies, server, "MINE ")
    target = await aside(gtk, server, tmp_path, "in-a-menu")
    async with inserting(server, IMPATIENT) as inserter:
        await aside(server.run, "xdotool", "key", "shift+F10")  # the field's menu has the keys
        assert (await inserter.insert("never", None)).status == ReceiptStatus.FAILED
        await aside(server.run, "xdotool", "key", "Escape")
        await aside(server.run, "xdotool", "key", "ctrl+v")
        await aside(target.shows, "MINE ")
        assert (await inserter.insert("now", None)).status == ReceiptStatus.READ
        await aside(target.shows, "MINE now")


@pytest.mark.asyncio
async def test_a_text_that_is_still_being_read_has_not_failed(server: PrivateX, tmp_path: Path) -> None:
    file = tmp_path / "length"
    reader = [sys.executable, str(HERE / "slow_reader.py"), "slow window", "0.3", str(file)]
    program = await aside(server.program, *reader)
    await aside(give_focus, server, await aside(server.window_of, program, "slow window"))
    async with inserting(server, Patience(read=0.3, per_character=0)) as inserter:
        assert (await inserter.insert("x" * 300_000, None)).status == ReceiptStatus.SENT
        await aside(server.until, file.is_file, "it did not arrive")
    assert await aside(file.read_text, "utf-8") == "300000"


@pytest.mark.asyncio
async def test_a_program_that_answers_too_late_pastes_neither_the_text_nor_the_old_content(
    server: PrivateX, tmp_path: Path
) -> None:
    target = await aside(gtk, server, tmp_path)
    await aside(copies, server, "OLD")
    async with inserting(server, IMPATIENT) as inserter:
        window = await inserter.focused()
        target.program.send_signal(signal.SIGSTOP)
        try:
            receipt = await inserter.insert("dictated", window)
        finally:
            target.program.send_signal(signal.SIGCONT)
        assert receipt.status == ReceiptStatus.FAILED

        def pasted_by_hand() -> bool:
            server.run("xdotool", "key", "ctrl+v")
            return target.content() != ""

        await aside(server.until, pasted_by_hand, "the user cannot paste any more")
        assert set((await aside(target.content)).split("OLD")) == {""}


@pytest.mark.asyncio
async def test_an_owner_that_hangs_costs_no_insertion(server: PrivateX, tmp_path: Path) -> None:
    target = await aside(gtk, server, tmp_path)
    ready = tmp_path / "ready"
    hang = [sys.executable, str(HERE / "hold_selection.py"), "--hang"]
    await aside(server.program, "sh", "-c", 'exec "$@" > "$0"', str(ready), *hang)
    await aside(server.until, lambda: ready.is_file() and "ready" in ready.read_text("utf-8"), "nothing hangs")
    async with inserting(server) as inserter:
        assert (await inserter.insert("dictated", None)).status == ReceiptStatus.READ
        await aside(target.shows, "dictated")


@pytest.mark.asyncio
async def test_an_empty_clipboard_is_empty_again(server: PrivateX, tmp_path: Path) -> None:
    target = await aside(gtk, server, tmp_path)
    async with inserting(server) as earlier:
        await earlier.insert("what is left ends with its owner", None)
    async with inserting(server) as inserter:
        await aside(target.shows, "what is left ends with its owner")
        assert (await inserter.insert("!", None)).status == ReceiptStatus.READ
        assert await aside(pasted, server) == ""


@pytest.mark.asyncio
async def test_selected_text_is_replaced(server: PrivateX, tmp_path: Path) -> None:
    target = await aside(gtk, server, tmp_path)
    async with inserting(server) as inserter:
        await inserter.insert("to be replaced", None)
        await aside(target.shows, "to be replaced")
        await aside(server.run, "xdotool", "key", "ctrl+a")
        assert (await inserter.insert("new", None)).status == ReceiptStatus.READ
        await aside(target.shows, "new")


@pytest.mark.asyncio
async def test_held_modifiers_are_waited_out_and_never_pressed_again(server: PrivateX, tmp_path: Path) -> None:
    target = await aside(gtk, server, tmp_path)
    async with inserting(server, Patience(modifiers=0.3)) as inserter:
        await aside(server.run, "xdotool", "keydown", "ctrl")
        try:
            receipt = await inserter.insert("never", None)
            assert (receipt.status, "ctrl" in receipt.detail) == (ReceiptStatus.FAILED, True)
        finally:
            await aside(server.run, "xdotool", "keyup", "ctrl")
        assert (await inserter.insert("now", None)).status == ReceiptStatus.READ
        await aside(target.shows, "now")


@pytest.mark.asyncio
async def test_a_display_that_ends_gives_failed_receipts(server: PrivateX, tmp_path: Path) -> None:
    await aside(gtk, server, tmp_path)
    async with inserting(server) as inserter:
        window = await inserter.focused()
        await aside(server.kill)
        assert (await inserter.insert("nowhere", window)).status == ReceiptStatus.FAILED
        with pytest.raises(DesktopError):
            await inserter.focused()
