"""What all `Windows` promise is in tests/contract/test_windows.py; here is what only X11 has."""

from __future__ import annotations

import sys
from pathlib import Path

import anyio
import pytest

from parleq_hotkey.insertion.x11.back_end import running
from tests.desktop_targets.targets import HERE, give_focus, gtk, xterm
from tests.x_desktop import aside, private_desktop


@pytest.mark.asyncio
async def test_what_a_program_tells_of_itself(tmp_path: Path) -> None:
    async with private_desktop() as server:
        target = await aside(gtk, server, tmp_path)
        async with running(server.name) as desktop:
            window = await desktop.windows.focused()
        assert window is not None
        assert (int(window.id, 16), window.process) == (int(target.window), target.program.pid)
        assert (window.app, window.window_class, window.title) == ("gtk_text.py", "Gtk_text.py", "target-gtk")


@pytest.mark.parametrize("window_class, told_apart", [("Deaf", True), ("notepad.exe", False)])
@pytest.mark.asyncio
async def test_wine_reads_in_another_process(window_class: str, told_apart: bool) -> None:
    async with private_desktop() as server:
        program = await aside(server.program, sys.executable, str(HERE / "deaf.py"), "deaf window", window_class)
        await aside(give_focus, server, await aside(server.window_of, program, "deaf window"))
        async with running(server.name) as desktop:
            window = await desktop.windows.focused()
        assert window is not None
        assert window.window_class == window_class
        assert bool(window.client) is told_apart


@pytest.mark.asyncio
async def test_a_program_is_asked_whether_it_is_through_only_if_it_answers(tmp_path: Path) -> None:
    """xterm takes the question of EWMH for the wish that it end; it says that it knows no such question."""
    async with private_desktop() as server:
        terminal = await aside(xterm, server, tmp_path)
        async with running(server.name) as desktop:
            window = await desktop.windows.focused()
            assert window is not None
            desktop.windows.when_through(window, lambda: None)
            target = await aside(gtk, server, tmp_path)
            window = await desktop.windows.focused()
            assert window is not None
            through = anyio.Event()
            desktop.windows.when_through(window, through.set)
            with anyio.fail_after(10):
                await through.wait()
            await aside(give_focus, server, terminal.window)
            assert terminal.program.poll() is None
            assert target.program.poll() is None
