"""The promises of the key, held against the real programs: random gestures, and everything that can go wrong with them.

No microphone is left open, no session lost, and none begun that nobody wanted. A sequence depends on its seed alone,
which a failure names; ``-k x11-3`` runs the third block of those with the key grabbed again.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.hotkey_desk import BETWEEN_TAPS_S, DECIDED_S, OFFER, TAP_S, HotkeyDesk, hotkey_desk
from tests.e2e.programs import eventually, pause
from tests.parts import need, scale

BLOCKS, SEQUENCES = scale(1, 10), scale(2, 25)
"""With each key source; each block at programs of its own."""

SETTINGS = '[hotkey]\nsource = "{source}"\noffer_key = "{offer}"\n'
Gesture = Callable[[HotkeyDesk, random.Random], None]

pytestmark = [pytest.mark.alone, pytest.mark.timeout(scale(120, 600))]


def hold(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.press()
    pause(chance.uniform(0.02, 0.8))
    desk.release()


def tap(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.tap(chance.uniform(0.005, 0.25))


def taps(desk: HotkeyDesk, chance: random.Random) -> None:
    for _ in range(chance.randint(2, 5)):
        desk.tap(chance.uniform(0.003, 0.25))
        pause(chance.uniform(0.003, 0.4))


def hands_free(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.tap()
    pause(BETWEEN_TAPS_S)
    desk.tap()
    pause(chance.uniform(0.05, 0.6))
    desk.tap()


def quick(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.tap()
    pause(BETWEEN_TAPS_S)
    hold(desk, chance)


def cancelled(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.press()
    pause(chance.uniform(0.0, 0.4))
    desk.cancel()
    if chance.random() < 0.5:
        desk.release()


def repeated(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.server.run("xset", "r", "rate", "60", "50")
    desk.press()
    for _ in range(chance.randint(2, 20)):
        pause(0.02)
        desk.keys.let_repeats_come()
    desk.release()
    desk.server.run("xset", "r", "off")


def never_released(desk: HotkeyDesk, chance: random.Random) -> None:
    """Not before the sequence ends."""
    desk.press()
    pause(chance.uniform(0.0, 0.3))


def release_lost(desk: HotkeyDesk, chance: random.Random) -> None:
    """A grab ends with the key that began it: the other one's release goes to the focused window."""
    desk.keys.press(OFFER)
    desk.press()
    pause(chance.uniform(0.0, 0.4))
    desk.keys.release(OFFER)
    desk.release()


def source_dies(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.press()
    pause(chance.uniform(0.0, 0.3))
    desk.restart_server()


def killed(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.press()
    pause(chance.uniform(0.0, 0.3))
    desk.restart_hotkey(signal.SIGKILL)


def ended(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.press()
    pause(chance.uniform(0.0, 0.3))
    desk.restart_hotkey(signal.SIGTERM)


def suspended(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.press()
    desk.suspend_hotkey(chance.uniform(0.05, 0.5))
    desk.release()


def missed_meanwhile(desk: HotkeyDesk, chance: random.Random) -> None:
    """What happens while the client does nothing reaches it later, all at once."""
    desk.hotkey.process.send_signal(signal.SIGSTOP)
    for _ in range(chance.randint(1, 3)):
        desk.tap(chance.uniform(0.01, 0.3))
    desk.hotkey.process.send_signal(signal.SIGCONT)


def other_stops(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.press()
    pause(chance.uniform(0.0, 0.3))
    desk.observer.stop()
    desk.release()


def layout_changes(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.press()
    desk.keys.change_layout()
    pause(chance.uniform(0.0, 0.3))
    desk.release()


def offered(desk: HotkeyDesk, chance: random.Random) -> None:
    desk.keys.press(OFFER)
    desk.keys.release(OFFER)


COMMON: list[Gesture] = [hold, hold, hold, tap, taps, hands_free, quick, cancelled, repeated, never_released]
COMMON += [release_lost, suspended, missed_meanwhile, other_stops, layout_changes, offered]
RARE: list[Gesture] = [source_dies, killed, killed, ended]


def sequence(desk: HotkeyDesk, chance: random.Random, done: list[str]) -> None:
    """Gestures at random; those that take a program away are rare. ``done`` gets their names."""
    gestures = [chance.choice(RARE if chance.random() < 0.08 else COMMON) for _ in range(chance.randint(1, 4))]
    for gesture in gestures:
        done.append(gesture.__name__)
        gesture(desk, chance)
        pause(chance.choice((0.0, 0.02, 0.15, DECIDED_S)))


def settle(desk: HotkeyDesk, presses: int) -> None:
    """All keys are up. What was begun hands-free is ended by a tap; nothing else may still be recorded."""
    desk.keys.release_all()
    pause(DECIDED_S)
    if desk.observer.listens() and desk.presses - presses > 1:
        desk.tap(TAP_S)
    desk.wait_closed()
    eventually(desk.observer.idle, f"the daemon is idle\n{desk.log}\n{desk.daemon.log}", 30)
    eventually(desk.observer.settled, f"every session has ended, or waits: {desk.observer.phases}\n{desk.log}", 15)


def check(desk: HotkeyDesk) -> None:
    """Each session was meant, and each that was meant has been; a client that was killed may not have got so far."""
    sessions = len(desk.observer.phases)
    assert desk.intended - desk.kills <= sessions <= desk.intended <= desk.presses, desk.log
    assert "failed" not in desk.observer.ends.values(), desk.daemon.log
    assert "Traceback" not in desk.log


@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("source", ["x11", "pynput"])
def test_whatever_the_keys_do_no_microphone_stays_open_and_no_session_is_lost_or_made_up(
    source: str, block: int, tmp_path: Path
) -> None:
    need("pynput")
    with hotkey_desk(tmp_path, SETTINGS.format(source=source, offer=OFFER)) as desk:
        assert f"keys are watched by {source}" in desk.log
        desk.server.run("xset", "r", "off")
        for number in range(block * SEQUENCES, (block + 1) * SEQUENCES):
            presses, done = desk.presses, list[str]()
            try:
                sequence(desk, random.Random(number), done)
                settle(desk, presses)
                check(desk)
            except BaseException as problem:
                problem.add_note(f"the sequence of seed {number}, with {source}: {', '.join(done)}")
                raise
