"""Random gestures, lost releases, key sources that die, clients that are killed: nothing stays open or is lost."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable

import anyio
import pytest

from parleq_hotkey.ports import Role
from parleqd.adapters.speech.scripted import ScriptedFactory
from tests.fakes.engine import SECOND
from tests.fakes.hotkey import FakeDesktop, Hotkey, running_hotkey
from tests.fakes.microphone import FakeMicrophone
from tests.integration.daemon import Daemon, running_daemon
from tests.parts import scale

SEEDS = scale(1, 25)
SEQUENCES = 20
"""With each seed, at a daemon of its own."""
GESTURES_EACH = 6

Gesture = Callable[[Hotkey, Daemon, random.Random], Awaitable[None]]


class Killed(Exception):
    """The client is to die here."""


async def _perhaps_hear(hotkey: Hotkey, chance: random.Random) -> None:
    """Goes on at once, or when the recording is under way (it may never be: the microphone is busy, say)."""
    if chance.random() < 0.5:
        with anyio.move_on_after(0.2):
            await hotkey.feedback.until("recording")


async def hold(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.press()
    await _perhaps_hear(hotkey, chance)
    hotkey.release()


async def tap(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.tap(ago=0.9)


async def chatter(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.press()
    hotkey.release(after=0.02)


async def hands_free(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.tap(ago=2.0)
    hotkey.tap(ago=1.8)
    await _perhaps_hear(hotkey, chance)
    hotkey.tap(ago=0.5)


async def quick(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.tap(ago=2.0)
    hotkey.press(ago=1.8)
    await _perhaps_hear(hotkey, chance)
    hotkey.release()


async def cancel(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.press()
    await _perhaps_hear(hotkey, chance)
    hotkey.tap(Role.CANCEL)
    if chance.random() < 0.5:
        hotkey.release()


async def repeat(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.press()
    for _number in range(5):
        hotkey.keys.press()
    hotkey.release()


async def no_release(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.press()
    await _perhaps_hear(hotkey, chance)


async def source_dies(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.press()
    await _perhaps_hear(hotkey, chance)
    hotkey.keys.lose()
    await hotkey.keys.watched(False)
    await hotkey.keys.watched()


async def killed(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.press()
    await _perhaps_hear(hotkey, chance)
    raise Killed


async def other_stops(hotkey: Hotkey, daemon: Daemon, chance: random.Random) -> None:
    hotkey.press()
    await _perhaps_hear(hotkey, chance)
    async with daemon.client("other") as other:
        number = await other.request("session/stop")
        while number not in other.answers:
            await other.read_one()
    hotkey.release()


async def focus_moves(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.desktop.world.program(f"window {chance.randrange(3)}")


async def offer(hotkey: Hotkey, _: Daemon, chance: random.Random) -> None:
    hotkey.tap(Role.OFFER)


ALL: list[Gesture] = [
    hold, hold, tap, chatter, hands_free, quick, cancel, repeat, no_release, source_dies, killed, other_stops,
    focus_moves, offer,
]  # fmt: skip


async def settled(hotkey: Hotkey, daemon: Daemon, microphone: FakeMicrophone) -> None:
    """All keys are up; hands-free that was not ended is ended."""
    hotkey.release()
    await hotkey.until(lambda: hotkey.program.gestures.due() is None)
    if hotkey.program.gestures.recording:
        hotkey.tap(ago=0.9)
    await hotkey.until(lambda: not hotkey.program.gestures.recording and hotkey.program.gestures.due() is None)
    await microphone.until_closed()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.asyncio
async def test_random_gestures_leave_no_microphone_open_lose_no_session_and_begin_none_of_their_own(
    seed: int,
) -> None:
    chance = random.Random(seed)
    microphone = FakeMicrophone(SECOND, SECOND)
    texts = [f"sentence {number}" for number in range(SEQUENCES * GESTURES_EACH * 2)]
    desktop = FakeDesktop()
    async with running_daemon(microphone=microphone, recognisers=ScriptedFactory(texts)) as daemon:
        for _ in range(SEQUENCES):
            try:
                async with running_hotkey(str(daemon.path), desktop, end=chance.random() < 0.5) as hotkey:
                    for _ in range(chance.randint(1, GESTURES_EACH)):
                        await chance.choice(ALL)(hotkey, daemon, chance)
                    await settled(hotkey, daemon, microphone)
            except* Killed:
                await anyio.wait_all_tasks_blocked()  # what it sent last has been read
                with anyio.fail_after(1.0):
                    await microphone.until_closed()
        await anyio.wait_all_tasks_blocked()
        assert microphone.open == 0
        async with daemon.client("looker") as client:
            with anyio.fail_after(10.0):
                while (await client.call("status/get"))["state"] not in ("idle", "delivering"):  # noqa: ASYNC110
                    await anyio.sleep(0.01)
            waiting = (await client.call("session/pending", all=True))["sessions"]
        sessions = daemon.engine.log.fields("session")
        ends = Counter(str(one["end"]) for one in sessions if one["end"])
        inserted = [text for text, _ in desktop.inserts.inserted]
        assert len(inserted) == len(set(inserted)), "a text was inserted twice"
        assert len({one["session_id"] for one in sessions}) == sum(ends.values()) + len(waiting), "a session was lost"
        assert ends["delivered"] <= len(inserted) <= ends["delivered"] + len(waiting)
        assert not ends["failed"]
        assert microphone.opened <= desktop.presses, "a session that nobody began"
