"""The grab of a key at a real X server: who else wants it, who gets it, other layouts, what takes releases away."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from anyio import fail_after, move_on_after, sleep, to_thread, wait_all_tasks_blocked
from anyio.lowlevel import checkpoint
from Xlib import X

from parleq_hotkey.keys.x11 import CHECK_S, X11Keys
from parleq_hotkey.ports import Keys
from parleq_hotkey.x11_connection import GONE, XConnection
from parleqd._tools.private_x import PrivateX
from parleqd.protocol.names import Reason
from tests.parts import need, scale
from tests.watching import WITHIN_S, Watching, assert_paired, watching
from tests.x_keys import XKeys, forgotten_sockets, x_keys

F9 = Keys("F9", "Escape")


class DeafToReleases(XConnection):
    """As if a lock screen or another program had the keyboard when keys go up."""

    async def pump(self, handle: Callable[[Any], None]) -> None:
        await super().pump(lambda event: None if event.type == X.KeyRelease else handle(event))


TAP = ["+dictate", "-dictate"]


class CountingReleases(XConnection):
    """``releases``: how many the server has told."""

    releases = 0

    async def pump(self, handle: Callable[[Any], None]) -> None:
        def counted(event: Any) -> None:
            self.releases += event.type == X.KeyRelease
            handle(event)

        await super().pump(counted)


@pytest.fixture
def keyboard(server: PrivateX) -> Iterator[XKeys]:
    with x_keys(server.name) as keys:
        yield keys


@pytest.mark.asyncio
async def test_a_key_that_another_program_has_is_named(server: PrivateX, keyboard: XKeys) -> None:
    async with watching(X11Keys(server.name), F9) as first:
        async with watching(X11Keys(server.name), Keys("f9")) as second:
            problem = await second.ended()
        assert (problem.reason, "F9" in problem.message) == (Reason.KEY_TAKEN, True)
        tap(keyboard)
        await first.told(*TAP)
    async with watching(X11Keys(server.name), F9) as third:
        tap(keyboard)
        await third.told(*TAP)


@pytest.mark.asyncio
async def test_a_cancel_key_that_another_program_has_is_no_obstacle(server: PrivateX, keyboard: XKeys) -> None:
    source = X11Keys(server.name)
    async with watching(X11Keys(server.name), Keys("Escape")), watching(source, F9) as watched:
        source.listen_for_cancel(True)
        tap(keyboard)
        await watched.told(*TAP)


@pytest.mark.asyncio
async def test_a_key_that_repeats_is_one_press(server: PrivateX, keyboard: XKeys) -> None:
    await to_thread.run_sync(server.run, "xset", "r", "rate", "60", "50")
    counted: list[CountingReleases] = []

    async def connect(display: str) -> XConnection:
        connection = await CountingReleases.open(display)
        assert isinstance(connection, CountingReleases)
        counted.append(connection)
        return connection

    async with watching(X11Keys(server.name, connect), F9) as watched:
        keyboard.press("F9")
        with fail_after(WITHIN_S):
            while counted[0].releases < 5:
                keyboard.let_repeats_come()
                await pause(watched)
        await watched.told("+dictate")
        keyboard.release("F9")
        await watched.told(*TAP)


@pytest.mark.asyncio
async def test_the_application_gets_neither_the_key_nor_its_repeats(server: PrivateX, keyboard: XKeys) -> None:
    need("xdotool")
    keyboard.focused_window()
    async with watching(X11Keys(server.name), F9) as watched:
        for key in ("F9", "F9", "F9", "a"):
            keyboard.press(key)
        keyboard.release("F9")
        keyboard.release("a")
        tap(keyboard, "b")
        await watched.told(*TAP)
        await to_thread.run_sync(server.run, "xdotool", "key", "F9", "c")
        await watched.told(*TAP * 2)
    assert keyboard.typed() == ["b", "c"]  # "a" went to who holds the grab


@pytest.mark.asyncio
@pytest.mark.parametrize("lock", ["Caps_Lock", "Num_Lock"])
async def test_the_locks_do_not_matter(server: PrivateX, keyboard: XKeys, lock: str) -> None:
    async with watching(X11Keys(server.name), F9) as watched:
        tap(keyboard, lock)
        tap(keyboard)
        await watched.told(*TAP)
        tap(keyboard, "Caps_Lock")
        tap(keyboard)
        await watched.told(*TAP * 2)


@pytest.mark.asyncio
async def test_another_layout_does_not_matter(server: PrivateX, keyboard: XKeys) -> None:
    async with watching(X11Keys(server.name), F9) as watched:
        for number, layout in enumerate(["de", "ru", "us,ru"], 1):
            await to_thread.run_sync(server.run, "setxkbmap", layout)
            tap(keyboard)
            await watched.told(*TAP * number)


@pytest.mark.asyncio
async def test_a_key_that_moves_with_the_layout_is_followed(server: PrivateX, keyboard: XKeys) -> None:
    async with watching(X11Keys(server.name), Keys("ctrl+z")) as watched:
        await to_thread.run_sync(server.run, "setxkbmap", "de")
        keyboard.press("Control_L")
        # How soon the watcher learns of the layout is the server's affair.
        while not watched.events:
            tap_code(keyboard, 29)
            await pause(watched)
        keyboard.release("Control_L")
        await watched.until(lambda: len(watched.events) % 2 == 0)
        assert_paired(watched.events)


@pytest.mark.asyncio
async def test_a_layout_without_the_key_is_an_error(server: PrivateX) -> None:
    async with watching(X11Keys(server.name), Keys("ctrl+q")) as watched:
        await to_thread.run_sync(server.run, "setxkbmap", "ru")
        problem = await watched.ended()
    assert (problem.reason, "q" in problem.message) == (Reason.KEY_UNKNOWN, True)


@pytest.mark.asyncio
async def test_right_alt_is_one_key_whatever_the_layout_calls_it(server: PrivateX, keyboard: XKeys) -> None:
    await to_thread.run_sync(server.run, "setxkbmap", "de")
    async with watching(X11Keys(server.name), Keys("right alt")) as watched:
        tap(keyboard, "ISO_Level3_Shift")
        await watched.told(*TAP)


@pytest.mark.asyncio
async def test_no_display_is_an_error() -> None:
    with forgotten_sockets():
        await expect_no_display()


async def expect_no_display() -> None:
    async with watching(X11Keys(":9876"), F9) as watched:
        assert (await watched.ended()).reason == Reason.NO_DISPLAY
    await to_thread.run_sync(gc.collect)  # in the thread that connected, which keeps the sockets until its next task


@pytest.mark.asyncio
async def test_a_release_that_does_not_come_is_found_out(server: PrivateX, keyboard: XKeys) -> None:
    async with watching(X11Keys(server.name, DeafToReleases.open), F9) as watched:
        keyboard.press("F9")
        await watched.told("+dictate")
        for _round_of_checks in range(3):
            await sleep(CHECK_S)
        await watched.told("+dictate")  # held all the time
        keyboard.release("F9")
        await watched.told(*TAP)


@pytest.mark.asyncio
@pytest.mark.parametrize("repeats", ["on", "off"])
async def test_a_chord_reaches_the_application_while_the_key_is_held(
    server: PrivateX, keyboard: XKeys, repeats: str
) -> None:
    await to_thread.run_sync(server.run, "xset", "r", repeats)
    await to_thread.run_sync(server.run, "xset", "r", "rate", "60", "50")
    keyboard.focused_window()
    source = X11Keys(server.name)
    async with watching(source, F9) as watched:
        for number in range(1, 4):
            keyboard.press("F9")
            await watched.told(*TAP * (number - 1), "+dictate")
            tap(keyboard, "a")
            source.let_chords_through(True)
            with fail_after(WITHIN_S):
                while len(keyboard.typed()) == 0:
                    tap(keyboard, "b")
                    await pause(watched)
            source.let_chords_through(False)
            await watched.told(*TAP * (number - 1), "+dictate")  # held all the time
            keyboard.release("F9")
            await watched.told(*TAP * number)


@pytest.mark.asyncio
async def test_a_server_that_is_gone_before_anything_was_read_is_noticed(server: PrivateX, keyboard: XKeys) -> None:
    connections: list[XConnection] = []
    resources: list[int] = []

    async def connect(display: str) -> XConnection:
        connections.append(await XConnection.open(display))
        resources.append(connections[0].root.create_pixmap(1, 1, 1).id)
        return connections[0]

    source = X11Keys(server.name, connect)
    async with watching(source, F9) as watched:
        keyboard.press("F9")
        await watched.told("+dictate")
        await wait_all_tasks_blocked()  # it waits for what the server sends
        keyboard.kill_client(resources[0])
        with suppress(*GONE):
            connections[0].display.sync()  # a request is what finds it out
        await watched.told(*TAP)
        assert (await watched.ended()).reason == Reason.NO_DISPLAY


@pytest.mark.asyncio
@pytest.mark.timeout(300)
async def test_presses_and_releases_pair_up_whatever_happens(server: PrivateX, keyboard: XKeys) -> None:
    """Random keys, layouts and cancel keys, with the source stopped or its connection killed in between."""
    for number in range(scale(20, 500)):
        try:
            await sequence(server, keyboard, random.Random(number))
        except BaseException as problem:
            problem.add_note(f"the sequence of seed {number}")
            raise


async def sequence(server: PrivateX, keyboard: XKeys, rng: random.Random) -> None:
    """One of them, told by its seed."""
    resources: list[int] = []

    async def connect(display: str) -> XConnection:
        connection = await XConnection.open(display)
        resources.append(connection.root.create_pixmap(1, 1, 1).id)
        return connection

    source = X11Keys(server.name, connect)
    ended = False
    async with watching(source, F9) as watched:
        for _step in range(rng.randint(4, 24)):
            match rng.choices(list(DEEDS), list(DEEDS.values()))[0]:
                case "kill" if not ended:
                    keyboard.kill_client(resources[0])
                    ended = True
                case "stop":
                    watched.scope.cancel()
                    ended = True
                case "chords":
                    source.let_chords_through(rng.random() < 0.5)
                case "wanted":
                    source.listen_for_cancel(rng.random() < 0.5)
                case "layout":
                    keyboard.change_layout()
                case "F9" | "Escape" | "a" | "Caps_Lock" as key:
                    down = rng.random() < 0.6
                    (keyboard.press if down else keyboard.release)(key)
                case _:
                    await pause(watched)
            await checkpoint()
        keyboard.release_all()
        if ended:
            await watched.until(lambda: watched.over)
        else:
            tap(keyboard)
            await watched.until(lambda: complete(watched))
    assert_paired(watched.events)


DEEDS = {
    "F9": 40,
    "Escape": 15,
    "a": 10,
    "Caps_Lock": 4,
    "wanted": 8,
    "chords": 8,
    "layout": 4,
    "wait": 12,
    "kill": 2,
    "stop": 2,
}


def complete(watched: Watching) -> bool:
    """Was the key heard, and is nothing held?"""
    told = watched.told_so_far()
    return "-dictate" in told and len(told) % 2 == 0


def tap(keyboard: XKeys, key: str = "F9") -> None:
    keyboard.press(key)
    keyboard.release(key)


def tap_code(keyboard: XKeys, code: int) -> None:
    keyboard.press_code(code)
    keyboard.release_code(code)


async def pause(watched: Watching) -> None:
    """A moment, or until something is told."""
    before = len(watched.events)
    with move_on_after(0.02):
        await watched.until(lambda: len(watched.events) > before)
