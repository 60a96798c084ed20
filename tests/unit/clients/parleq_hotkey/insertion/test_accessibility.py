"""The focused field by AT-SPI: of a real GTK program, and of programs made up that hang or hide."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from parleq_hotkey.insertion.accessibility import AccessibleField, accessible_field
from parleqd._tools.private_bus import PrivateBus, private_bus
from tests.accessible import AccessibleDesktop, accessible_desktop
from tests.fakes.accessible_program import FakeAccessibleProgram, FakeRegistry
from tests.parts import ROOT, need

GTK = ROOT / "tests" / "desktop_targets" / "gtk_text.py"
TEXT = "größe 👍 дом"
PAGE = """<!DOCTYPE html><title>starting</title><textarea id="area" autofocus></textarea><script>
  const area = document.getElementById("area");
  function ready() {
    if (document.hasFocus() && document.activeElement === area) document.title = "text area";
    else requestAnimationFrame(ready);
  }
  area.focus();
  ready();
</script>"""
GENEROUS_S = 5.0
"""A budget that a busy machine keeps to."""


@pytest.fixture
def desktop() -> Iterator[AccessibleDesktop]:
    need("gtk")
    with accessible_desktop() as running:
        yield running


@pytest.fixture
def daemon() -> Iterator[PrivateBus]:
    need("dbus-daemon")
    with private_bus() as running:
        yield running


@asynccontextmanager
async def following(bus: PrivateBus, *, budget_s: float = GENEROUS_S) -> AsyncIterator[AccessibleField]:
    async with accessible_field(bus.env, budget_s=budget_s) as field:
        with anyio.fail_after(10):
            await field.connected.wait()
        yield field


@asynccontextmanager
async def made_up(daemon: PrivateBus, program: FakeAccessibleProgram) -> AsyncIterator[AccessibleField]:
    """The field of that program, which has the focus, as far as it says so."""
    registry = FakeRegistry(daemon.address)
    async with registry.on(daemon.address), registry.launcher.on(daemon.address), program.on(daemon.address):
        async with following(daemon, budget_s=0.2 if program.hangs else GENEROUS_S) as field:
            await program.take_focus()
            yield field


def open_gtk(desktop: AccessibleDesktop, folder: Path) -> Path:
    """A GTK window with the focus; the file that its text goes to."""
    file = folder / "text"
    program = desktop.display.program("/usr/bin/python3", str(GTK), str(file), "field under test", env=desktop.env)
    desktop.display.window_of(program, "field under test")
    return file


def open_chromium(desktop: AccessibleDesktop, folder: Path) -> None:
    """A page with a text area that has the focus. Chromium takes part where it is told so in two ways."""
    page = folder / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    options = "--no-sandbox --no-first-run --disable-gpu --disable-dev-shm-usage --ozone-platform=x11"
    options += " --password-store=basic --disable-background-networking --force-renderer-accessibility"
    profile = f"--user-data-dir={folder / 'profile'}"
    program = desktop.display.program("chromium", *options.split(), profile, f"--app=file://{page}", env=desktop.env)
    desktop.display.window_of(program, "text area")


def type_in(desktop: AccessibleDesktop, text: str) -> None:
    """Types ASCII as a user does."""
    desktop.display.run("xdotool", "type", "--delay", "12", text)


async def shows(field: AccessibleField, text: str) -> None:
    """Waits until the field has exactly this text before its caret."""
    with anyio.fail_after(15):
        while True:
            if await field.before_caret(1000) == text:
                return
            await anyio.sleep(0.01)


@pytest.mark.asyncio
@pytest.mark.parametrize("before_the_program", [True, False])
async def test_a_gtk_field_is_read_and_shortened(
    desktop: AccessibleDesktop, tmp_path: Path, before_the_program: bool
) -> None:
    if before_the_program:  # focus events tell the field
        async with following(desktop.bus) as field:
            file = await to_thread.run_sync(open_gtk, desktop, tmp_path)
            await used(field, desktop, file)
    else:  # the field is searched
        file = await to_thread.run_sync(open_gtk, desktop, tmp_path)
        async with following(desktop.bus) as field:
            await used(field, desktop, file)


async def used(field: AccessibleField, desktop: AccessibleDesktop, file: Path) -> None:
    await to_thread.run_sync(type_in, desktop, "one two three")
    await shows(field, "one two three")
    assert await field.before_caret(5) == "three"
    assert await field.before_caret(0) == ""
    assert not await field.remove_before_caret("two")
    assert not await field.remove_before_caret("")
    assert await field.remove_before_caret(" three")
    assert not await field.remove_before_caret(" three")
    assert await to_thread.run_sync(file.read_text) == "one two"


@pytest.mark.asyncio
@pytest.mark.timeout(60)
async def test_a_browsers_text_area_is_read_but_cannot_be_shortened(desktop: AccessibleDesktop, tmp_path: Path) -> None:
    need("chromium")
    async with following(desktop.bus) as field:
        await to_thread.run_sync(open_chromium, desktop, tmp_path)
        await to_thread.run_sync(type_in, desktop, "one two three")
        await shows(field, "one two three")
        assert await field.before_caret(5) == "three"
        assert not await field.remove_before_caret("three")


@pytest.mark.asyncio
async def test_characters_are_counted_as_people_do(daemon: PrivateBus) -> None:
    program = FakeAccessibleProgram(f"before {TEXT}")
    async with made_up(daemon, program) as field:
        await shows(field, f"before {TEXT}")
        assert await field.before_caret(len(TEXT)) == TEXT
        assert await field.remove_before_caret(TEXT)
    assert program.text == "before "


@pytest.mark.asyncio
async def test_no_more_is_read_than_was_asked_for(daemon: PrivateBus) -> None:
    program = FakeAccessibleProgram("a private letter, then our text")
    async with made_up(daemon, program) as field:
        await shows(field, program.text)
        program.calls.clear()
        await field.before_caret(len("our text"))
        await field.remove_before_caret("our text")
    length = len("a private letter, then our text")
    assert {call.body for call in program.named("GetText")} == {(length - len("our text"), length)}


@pytest.mark.asyncio
async def test_a_password_field_is_left_alone(daemon: PrivateBus) -> None:
    program = FakeAccessibleProgram("secret", role=40)
    async with made_up(daemon, program) as field:
        assert await field.before_caret(6) is None
        assert not await field.remove_before_caret("secret")
    assert not program.named("GetText")


@pytest.mark.asyncio
async def test_a_program_that_hangs_costs_the_budget_and_no_more(daemon: PrivateBus) -> None:
    program = FakeAccessibleProgram("text", hangs=True)
    async with made_up(daemon, program) as field:
        with anyio.fail_after(5):
            assert await field.before_caret(4) is None
            assert not await field.remove_before_caret("text")


@pytest.mark.asyncio
async def test_a_field_that_lost_the_focus_is_no_longer_meant(daemon: PrivateBus) -> None:
    program = FakeAccessibleProgram("text")
    async with made_up(daemon, program) as field:
        await shows(field, "text")
        await program.lose_focus()
        assert await field.before_caret(4) is None


@pytest.mark.asyncio
async def test_without_assistive_technology_the_answer_is_none_at_once(daemon: PrivateBus) -> None:
    async with accessible_field(daemon.env) as field:
        assert await field.before_caret(4) is None
        assert not await field.remove_before_caret("text")
    async with accessible_field({"XDG_RUNTIME_DIR": "/nowhere"}) as field:
        assert await field.before_caret(4) is None


@pytest.mark.asyncio
async def test_it_is_found_when_it_starts_later(daemon: PrivateBus) -> None:
    program, registry = FakeAccessibleProgram("text"), FakeRegistry(daemon.address)
    async with registry.on(daemon.address), program.on(daemon.address):
        async with accessible_field(daemon.env, budget_s=GENEROUS_S) as field:
            assert await field.before_caret(4) is None
            async with registry.launcher.on(daemon.address):
                with anyio.fail_after(10):
                    await field.connected.wait()
                await program.take_focus()
                await shows(field, "text")
