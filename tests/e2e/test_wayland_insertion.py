"""Insertion into programs on a real Wayland compositor: the texts exact, the receipts true, the clipboard as before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from tests.parts import REQUIRED, need, scale

if not REQUIRED:  # else the imports below fail, as they should
    pytest.importorskip("pywayland", reason="pywayland has no wheel here: pip install 'parleqd[wayland]'")
from anyio import to_thread

from parleq_hotkey.background import beside
from parleq_hotkey.insertion.chords import Chords
from parleq_hotkey.insertion.pasting import Means, Pasting, Patience
from parleq_hotkey.insertion.wayland.back_end import WaylandDesktop, wayland_desktop
from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.input_method import InputMethodInserter, Waits
from parleq_hotkey.insertion.wayland.selections import Selections
from parleq_hotkey.ports import DesktopError
from parleqd._tools.private_wayland import PrivateWayland
from parleqd.protocol.names import ReceiptStatus
from tests.wayland import Target, comes, compositor, copy, paste, types

TEXTS = (
    "Meet at 10:30, Gate B.",
    "größe ñandú œuvre",
    "Привет, как дела?",
    "会议推迟到星期五。",
    "👩‍👩‍👧 👍🏽 🇨🇭 ❤️",
    "أهلا وسهلا, שלום",
    "combined: e\u0301 a\u0308 ﷺ 𝔘",
)
LINES = "first line\nsecond\n\n\tindented\nlast"
LONG = "".join(f"{number} wörter und 漢字 👍 " for number in range(700))[:10_000]
OLD = b"what was there"
WRONG = "ctrl+BackSpace"
"""A chord that pastes nowhere."""

pytestmark = pytest.mark.timeout(180)  # `make prove` repeats most of them a hundred times


@pytest.fixture(scope="module")
def sway() -> Iterator[PrivateWayland]:
    with compositor() as running:
        yield running


@pytest.fixture
def mortal() -> Iterator[PrivateWayland]:
    with compositor() as running:
        yield running


PATIENT = Waits(field=3.0, quiet=0.2)
"""For programs that have just started, on a machine with much to do."""


@pytest.fixture(params=["foot", "gtk"])
def target(request: pytest.FixtureRequest, sway: PrivateWayland) -> Iterator[Target]:
    if request.param == "gtk":
        need("gtk")
    made = Target(sway, request.param)
    yield made
    sway.end(made.program)


@asynccontextmanager
async def pasting(sway: PrivateWayland, chord: str = "shift+Insert", read_s: float = 2.0) -> AsyncIterator[Pasting]:
    async with wayland_desktop(sway.socket) as desktop:
        yield Pasting("wayland", means(desktop), Chords(users={"*": chord}), patience=Patience(read=read_s))


@asynccontextmanager
async def committing(sway: PrivateWayland) -> AsyncIterator[InputMethodInserter]:
    async with wayland_desktop(sway.socket, PATIENT) as desktop:
        assert desktop.input_method is not None
        yield desktop.input_method


@asynccontextmanager
async def watcher(sway: PrivateWayland, running: bool = True) -> AsyncIterator[Path]:
    """A clipboard history: it reads whatever is new at once, into the file given."""
    seen = sway.folder / "seen"
    await to_thread.run_sync(seen.write_bytes, b"")
    if not running:
        yield seen
        return
    program = await to_thread.run_sync(sway.program, "wl-paste", "--watch", "sh", "-c", f"cat >>{seen}")
    try:
        assert await comes(lambda: bool(seen.read_bytes()))
        yield seen
    finally:
        await to_thread.run_sync(sway.end, program)


@asynccontextmanager
async def owner(sway: PrivateWayland, content: dict[str, bytes]) -> AsyncIterator[None]:
    """A program that has copied something of several types."""
    connection = await WaylandConnection.open(sway.socket)
    try:
        selections = Selections(connection)
        selections.clipboard.hold(content)
        await connection.settle()
        yield
    finally:
        connection.close()


def surest(target: Target) -> ReceiptStatus:
    """GTK's field tells what it holds; a terminal does not."""
    return ReceiptStatus.VERIFIED if target.kind == "gtk" else ReceiptStatus.SENT


def means(desktop: WaylandDesktop) -> Means:
    assert desktop.clipboard is not None
    assert desktop.keyboard is not None
    return Means(desktop.windows, desktop.clipboard, desktop.keyboard)


@pytest.mark.asyncio
async def test_every_text_arrives_exactly_and_its_receipt_says_so(sway: PrivateWayland, target: Target) -> None:
    expected = ""
    async with pasting(sway) as inserter:
        for number in range(scale(7, 100)):
            text = TEXTS[number % len(TEXTS)]
            receipt = await inserter.insert(text, await inserter.focused())
            assert receipt.status is ReceiptStatus.READ, (number, receipt)
            expected += text
            assert await target.has(expected), (number, await target.looks())


@pytest.mark.asyncio
async def test_a_long_text_arrives_exactly(sway: PrivateWayland, target: Target) -> None:
    async with pasting(sway) as inserter:
        receipt = await inserter.insert(LONG, await inserter.focused())
        assert receipt.status is ReceiptStatus.READ
        assert await target.has(LONG)


@pytest.mark.asyncio
async def test_lines_arrive_exactly_in_a_text_field_and_as_one_in_a_terminal(
    sway: PrivateWayland, target: Target
) -> None:
    async with pasting(sway) as inserter:
        receipt = await inserter.insert(LINES, await inserter.focused())
        assert receipt.status is ReceiptStatus.READ
        assert await target.has(LINES if target.kind == "gtk" else "first line second indented last")


@pytest.mark.asyncio
@pytest.mark.parametrize("watched", [False, True])
async def test_a_chord_that_pastes_nothing_gets_no_receipt_and_the_clipboard_is_as_before(
    sway: PrivateWayland, target: Target, *, watched: bool
) -> None:
    await to_thread.run_sync(copy, sway, OLD)
    async with watcher(sway, watched), pasting(sway, WRONG, read_s=0.3) as inserter:
        for _ in range(scale(3, 50)):
            receipt = await inserter.insert("nobody reads this", await inserter.focused())
            assert receipt.status is ReceiptStatus.FAILED
            assert await to_thread.run_sync(paste, sway) == OLD
    assert "nobody" not in await target.looks()


@pytest.mark.asyncio
async def test_beside_a_watcher_of_the_clipboard_texts_arrive_and_it_sees_none(
    sway: PrivateWayland, target: Target
) -> None:
    await to_thread.run_sync(copy, sway, OLD)
    expected = ""
    async with watcher(sway) as seen, pasting(sway) as inserter:
        for number in range(scale(5, 50)):
            receipt = await inserter.insert(f"text {number} ", await inserter.focused())
            assert receipt.status is ReceiptStatus.READ
            expected += f"text {number} "
            assert await target.has(expected)
        assert await comes(lambda: OLD in seen.read_bytes())
        assert b"text" not in await to_thread.run_sync(seen.read_bytes)


@asynccontextmanager
async def keeper(sway: PrivateWayland) -> AsyncIterator[None]:
    """A program that takes the clipboard over at once whenever it changes hands, with what it read."""
    connection = await WaylandConnection.open(sway.socket)
    clipboard = Selections(connection).clipboard
    await connection.settle()

    async def keep() -> None:
        while True:
            content = {} if clipboard.held is not None else await clipboard.content(10)
            if content and clipboard.held is None:
                clipboard.hold(content)
                await connection.settle()
            await anyio.sleep(0.002)

    try:
        async with beside(keep):
            yield
    finally:
        connection.close()


@pytest.mark.asyncio
async def test_a_program_that_takes_the_clipboard_over_does_not_come_between(
    sway: PrivateWayland, target: Target
) -> None:
    await to_thread.run_sync(copy, sway, OLD)
    expected = ""
    async with keeper(sway), pasting(sway) as inserter:
        for number in range(scale(4, 50)):
            receipt = await inserter.insert(f"text {number} ", await inserter.focused())
            assert receipt.status is ReceiptStatus.READ, (number, receipt)
            expected += f"text {number} "
            assert await target.has(expected)
            assert await to_thread.run_sync(paste, sway) == OLD


@pytest.mark.asyncio
async def test_what_the_user_copies_before_the_mark_is_not_pasted(sway: PrivateWayland, target: Target) -> None:
    async with wayland_desktop(sway.socket) as desktop:
        loan = await means(desktop).clipboard.lend("ours")
        await to_thread.run_sync(copy, sway, b"copied meanwhile")
        with pytest.raises(DesktopError, match="copied"):
            loan.mark()
        assert not await loan.give_back()
        assert await to_thread.run_sync(paste, sway) == b"copied meanwhile"


@pytest.mark.asyncio
async def test_nothing_is_inserted_once_another_window_has_the_focus(sway: PrivateWayland, target: Target) -> None:
    async with pasting(sway) as inserter:
        wanted = await inserter.focused()
        other = await to_thread.run_sync(Target, sway, "foot", "other")
        try:
            for _ in range(scale(3, 50)):
                receipt = await inserter.insert("for the first window", wanted)
                assert receipt.status is ReceiptStatus.FAILED
            await to_thread.run_sync(sway.focus, target.window)
            receipt = await inserter.insert("for the first window", wanted)
            assert receipt.status is ReceiptStatus.READ
            assert await target.has("for the first window")
            assert await other.looks() == ""
        finally:
            await to_thread.run_sync(sway.end, other.program)


@pytest.mark.asyncio
async def test_every_type_of_what_was_on_the_clipboard_is_back(sway: PrivateWayland, target: Target) -> None:
    before = {"text/plain;charset=utf-8": OLD, "text/html": b"<b>was</b>", "image/png": bytes(range(256)) * 4000}
    async with owner(sway, before), pasting(sway) as inserter:
        for _ in range(scale(3, 100)):
            receipt = await inserter.insert("x", await inserter.focused())
            assert receipt.status is ReceiptStatus.READ
            for mime, content in before.items():
                assert await to_thread.run_sync(paste, sway, mime) == content
        assert sorted(await to_thread.run_sync(types, sway)) == sorted(before)


@pytest.mark.asyncio
async def test_a_user_who_pastes_while_a_text_is_on_its_way_gets_their_own_content(
    sway: PrivateWayland, target: Target
) -> None:
    await to_thread.run_sync(copy, sway, OLD)
    async with wayland_desktop(sway.socket) as desktop:
        parts = means(desktop)
        loan = await parts.clipboard.lend("ours")
        assert await to_thread.run_sync(paste, sway) == OLD
        loan.mark()
        assert await to_thread.run_sync(paste, sway) == b"ours"
        assert await loan.give_back()
        assert await to_thread.run_sync(paste, sway) == OLD


@pytest.mark.asyncio
async def test_what_the_user_copies_meanwhile_stays(sway: PrivateWayland, target: Target) -> None:
    async with wayland_desktop(sway.socket) as desktop:
        parts = means(desktop)
        loan = await parts.clipboard.lend("ours")
        loan.mark()
        await to_thread.run_sync(copy, sway, b"copied meanwhile")
        window = await parts.windows.focused()
        assert window is not None
        assert not await loan.read_by(window, 5.0)
        assert not await loan.give_back()
        assert await to_thread.run_sync(paste, sway) == b"copied meanwhile"


@pytest.mark.asyncio
async def test_an_input_method_commits_every_text_exactly(sway: PrivateWayland, target: Target) -> None:
    expected, receipts = "", list[ReceiptStatus]()
    async with committing(sway) as inserter:
        for number in range(scale(7, 100)):
            text = TEXTS[number % len(TEXTS)]
            receipts.append((await inserter.insert(text, await inserter.focused())).status)
            expected += text
            assert await target.has(expected), (number, await target.looks())
    # A field that tells what it holds may tell it late, on a machine with much to do: then nobody says "verified".
    assert set(receipts) <= {surest(target), ReceiptStatus.SENT}
    assert receipts.count(surest(target)) > len(receipts) / 2


@pytest.mark.asyncio
async def test_an_input_method_commits_a_long_text_exactly(sway: PrivateWayland, target: Target) -> None:
    async with committing(sway) as inserter:
        receipt = await inserter.insert(LONG, await inserter.focused())
        assert receipt.status in (surest(target), ReceiptStatus.SENT)
        assert await target.has(LONG)


@pytest.mark.asyncio
async def test_an_input_method_commits_lines_to_a_text_field_and_one_line_to_a_terminal(
    sway: PrivateWayland, target: Target
) -> None:
    async with committing(sway) as inserter:
        receipt = await inserter.insert(LINES, await inserter.focused())
        assert receipt.status in (surest(target), ReceiptStatus.SENT)
        assert await target.has(LINES if target.kind == "gtk" else "first line second indented last")


@pytest.mark.asyncio
async def test_an_input_method_touches_no_clipboard_and_no_other_window(sway: PrivateWayland, target: Target) -> None:
    await to_thread.run_sync(copy, sway, OLD)
    async with committing(sway) as inserter:
        wanted = await inserter.focused()
        assert (await inserter.insert("here", wanted)).status in (surest(target), ReceiptStatus.SENT)
        other = await to_thread.run_sync(Target, sway, "foot", "other")
        try:
            assert (await inserter.insert("for the first window", wanted)).status is ReceiptStatus.FAILED
            assert await other.looks() == ""
        finally:
            await to_thread.run_sync(sway.end, other.program)
        assert await target.looks() == "here"
    assert await to_thread.run_sync(paste, sway) == OLD


@pytest.mark.asyncio
async def test_once_the_compositor_has_ended_nothing_is_inserted_and_nothing_raised(mortal: PrivateWayland) -> None:
    async with wayland_desktop(mortal.socket) as desktop:
        assert desktop.input_method is not None
        inserters = (Pasting("wayland", means(desktop), Chords()), desktop.input_method)
        await to_thread.run_sync(mortal.kill)
        for each in inserters:
            receipt = await each.insert("too late", None)
            assert receipt.status is ReceiptStatus.FAILED
