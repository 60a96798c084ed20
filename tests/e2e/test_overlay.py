"""The overlay beside a real application: every state is seen, and neither the focus nor a key goes astray."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from parleq_hotkey.insertion.chords import Chords
from parleq_hotkey.insertion.x11.back_end import open_inserter
from parleq_hotkey.overlay.palette import DARK, LIGHT, Palette
from parleq_hotkey.ports import Receipt
from parleqd._tools.overlay_picture import PICTURE, STATES, pictures
from parleqd._tools.private_overlay import private_overlay
from parleqd._tools.private_x import PrivateX, private_x
from parleqd.protocol.names import ReceiptStatus
from tests.desktop_targets import targets
from tests.parts import need

TEXT = "größe Привет 你好 👨\u200d👩\u200d👧 and\na second line"

# The colours that tell a state from the others: what must be seen, and what must not.
SEEN: dict[str, tuple[set[str], set[str]]] = {
    "recording": ({"live", "meter", "text", "faint"}, {"done", "warning", "removed"}),
    "hands-free": ({"live", "meter", "text", "faint"}, {"done", "warning", "removed"}),
    "working": ({"meter", "text"}, {"live", "done", "warning"}),
    "review": ({"done", "text", "removed", "added", "added_ground", "faint"}, {"live", "meter", "warning"}),
    "changing": ({"live", "meter", "text", "faint"}, {"done", "removed", "added"}),
    "waiting": ({"warning", "text", "faint"}, {"live", "meter", "done"}),
    "problem": ({"warning", "text", "faint"}, {"live", "meter", "done"}),
}


@pytest.fixture
def server() -> Iterator[PrivateX]:
    for part in ("xvfb", "openbox", "xdotool", "tk"):
        need(part)
    with private_x() as started:
        yield started


@pytest.mark.timeout(60)
@pytest.mark.parametrize("scheme, palette", [("prefer-dark", DARK), ("prefer-light", LIGHT)])
def test_every_state_can_be_seen(server: PrivateX, tmp_path: Path, scheme: str, palette: Palette) -> None:
    for state, picture in pictures(server, tmp_path, scheme).items():
        colours = picture.colours()
        assert colours[palette.panel] > 0.6 * picture.width * picture.height, state
        assert picture.width <= 0.9 * 1280
        there, absent = SEEN[state]
        drawn = {name for name in there | absent if colours.get(getattr(palette, name), 0) >= 4}
        assert drawn == there, state


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["tk", "xterm"])
def test_the_application_keeps_the_focus_and_gets_every_key(server: PrivateX, tmp_path: Path, kind: str) -> None:
    target = targets.KINDS[kind](server, tmp_path)
    typed = ""

    def type_here(letter: str) -> str:
        server.run("xdotool", "key", letter)
        return typed + letter

    with private_overlay(server, tmp_path / "overlay") as overlay:
        typed = type_here("a")
        target.shows(typed)
        for state, messages in STATES.items():
            overlay.shown(*messages)
            assert server.active_window() == target.window, state
            assert server.run("xdotool", "getwindowfocus").strip() == target.window, state
            typed = type_here("b")
            target.shows(typed)
            assert overlay.window(), state
        overlay.tell({"state": "hidden"})
        server.until(lambda: not overlay.window(), "the overlay did not disappear")
        typed = type_here("c")
        target.shows(typed)
    assert server.active_window() == target.window


@pytest.mark.timeout(60)
def test_a_click_on_it_takes_no_focus_away(server: PrivateX, tmp_path: Path) -> None:
    target = targets.tk(server, tmp_path)
    with private_overlay(server, tmp_path / "overlay") as overlay:
        overlay.shown(*STATES["review"])
        x, y, width, height = overlay.place()
        server.run("xdotool", "mousemove", str(x + width // 2), str(y + height // 2), "click", "1")
        server.run("xdotool", "key", "a")
        target.shows("a")
        assert server.active_window() == target.window


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", ["gtk", "tk", "xterm"])
def test_a_text_is_inserted_while_it_is_shown(server: PrivateX, tmp_path: Path, kind: str) -> None:
    async def insert() -> Receipt:
        async with open_inserter(server.name, Chords()) as inserter:
            return await inserter.insert(TEXT, await inserter.focused())

    target = targets.KINDS[kind](server, tmp_path)
    with private_overlay(server, tmp_path / "overlay") as overlay:
        overlay.shown(*STATES["review"])
        assert anyio.run(insert).status == ReceiptStatus.READ
        target.shows(TEXT.replace("\n", " ") if kind == "xterm" else TEXT)  # no line break goes to a terminal
        assert overlay.window()


def test_the_picture_is_there_and_small() -> None:
    assert PICTURE.read_bytes().startswith(b"\x89PNG")
    assert PICTURE.stat().st_size < 120_000
