"""What all clipboards promise is in tests/contract/test_clipboard.py; here is what only X11 can do."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
from Xlib import X, Xatom

from parleq_hotkey.insertion.x11.back_end import X11Desktop, running
from parleq_hotkey.ports import DesktopError
from parleq_hotkey.x11_connection import XConnection
from tests.desktop_targets.targets import Target, gtk, xterm
from tests.x_desktop import aside, copies, pasted, private_desktop


@pytest.mark.asyncio
async def test_primary_is_lent_and_given_back_too(tmp_path: Path) -> None:
    async with private_desktop() as server:
        await aside(xterm, server, tmp_path)
        await aside(server.run, "sh", "-c", "printf selected | xclip -i -selection primary >/dev/null 2>&1")
        async with running(server.name) as desktop:
            loan = await desktop.clipboard.lend("lent")
            assert desktop.clipboard.selections.owns(Xatom.PRIMARY)
            assert await loan.give_back()
            assert await aside(server.run, "xclip", "-o", "-selection", "primary") == "selected"
            assert await aside(pasted, server) == ""


@pytest.mark.asyncio
async def test_primary_is_left_to_the_window_that_has_it(tmp_path: Path) -> None:
    async with private_desktop() as server:
        target = await aside(gtk, server, tmp_path)
        await aside(copies, server, "text")
        await aside(server.run, "xdotool", "key", "ctrl+v")
        await aside(target.shows, "text")
        await aside(server.run, "xdotool", "key", "ctrl+a")
        async with running(server.name) as desktop:
            loan = await desktop.clipboard.lend("lent")
            assert not desktop.clipboard.selections.owns(Xatom.PRIMARY)
            assert await loan.give_back()


@pytest.mark.asyncio
async def test_no_mark_once_the_focus_has_moved_or_others_have_the_clipboard(tmp_path: Path) -> None:
    async with private_desktop() as server:
        first = await aside(gtk, server, tmp_path, "first")
        second = await aside(gtk, server, tmp_path, "second")
        async with running(server.name) as desktop:
            loan = await desktop.clipboard.lend("lent")
            await aside(first.focus)
            with pytest.raises(DesktopError, match="focus"):
                loan.mark()
            await aside(second.focus)
            await aside(copies, server, "new")
            with pytest.raises(DesktopError, match="copied"):
                loan.mark()
            assert not await loan.give_back()


@pytest.mark.asyncio
async def test_a_program_that_owes_an_answer_is_lent_no_other_text(tmp_path: Path) -> None:
    async with private_desktop() as server:
        target = await aside(gtk, server, tmp_path)
        async with running(server.name) as desktop:
            loan = await desktop.clipboard.lend("lent")
            target.program.send_signal(signal.SIGSTOP)
            loan.mark()
            await loan.give_back()
            with pytest.raises(DesktopError, match="has not answered"):
                await desktop.clipboard.lend("another")
            target.program.send_signal(signal.SIGCONT)
            await to_be(lambda: not owes(desktop, target))  # it tells that the chord pasted nothing
            await desktop.clipboard.lend("another")


@pytest.mark.asyncio
async def test_a_window_that_closes_ends_the_wait_and_owes_nothing(tmp_path: Path) -> None:
    async with private_desktop() as server:
        target = await aside(gtk, server, tmp_path)
        async with running(server.name) as desktop:
            window = await desktop.windows.focused()
            assert window is not None
            loan = await desktop.clipboard.lend("lent")
            loan.mark()
            target.program.kill()
            with anyio.fail_after(10):
                assert not await loan.read_by(window, 1000)
            await loan.give_back()
            assert not owes(desktop, target)


@pytest.mark.asyncio
async def test_no_mark_for_another_window_of_the_same_program() -> None:
    async with private_desktop() as server, running(server.name) as desktop:
        program = await XConnection.open(server.name)
        try:
            one, two = (
                program.root.create_window(0, 0, 9, 9, 0, X.CopyFromParent, override_redirect=True) for _ in range(2)
            )
            for window in (one, two):
                window.change_property(Xatom.WM_CLASS, Xatom.STRING, 8, b"program\0Program\0")
                window.map()
            one.set_input_focus(X.RevertToNone, X.CurrentTime)
            program.display.sync()
            loan = await desktop.clipboard.lend("lent")
            loan.mark()
            two.set_input_focus(X.RevertToNone, X.CurrentTime)
            program.display.sync()
            with pytest.raises(DesktopError, match="focus"):
                loan.mark()
        finally:
            program.close()


def owes(desktop: X11Desktop, target: Target) -> bool:
    """Does the program owe an answer?"""
    loan = desktop.clipboard.loan
    return loan is not None and loan.is_owed_by(desktop.windows.client(int(target.window)))


async def to_be(condition: Callable[[], bool]) -> None:
    """Waits for what programs do."""
    with anyio.fail_after(10):
        while not condition():  # noqa: ASYNC110 - nobody tells
            await anyio.sleep(0.01)


@pytest.mark.asyncio
async def test_what_was_fetched_ahead_is_what_is_given_back(tmp_path: Path) -> None:
    async with private_desktop() as server:
        await aside(gtk, server, tmp_path)
        await aside(copies, server, "old")
        async with running(server.name) as desktop:
            desktop.clipboard.prepare()
            loan = await desktop.clipboard.lend("lent")
            assert await loan.give_back()
            assert await aside(pasted, server) == "old"
