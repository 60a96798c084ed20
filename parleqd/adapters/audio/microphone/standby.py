"""Keeps a stream open between captures, so that what is said just before a capture is heard as well."""

from __future__ import annotations

import math
from typing import NamedTuple

import anyio

from parleqd.adapters.audio.microphone.ear import OpenEar
from parleqd.adapters.audio.microphone.opening import Opening
from parleqd.adapters.audio.microphone.portaudio import BLOCKS_A_SECOND
from parleqd.core.capture.ladder import STANDBY_RUNGS, Ladder, Rung
from parleqd.core.capture.watch import Watch
from parleqd.core.errors import OutsideError
from parleqd.core.ports import MicrophoneChoice

LOOK_S = 0.25
HAND_OVER_S = 0.1
"""A listener that leaves waits at most so long for the frames that are on their way to it."""
RETURN_LOOK_S = 5.0
"""How often a stand-in makes room for the chosen microphone, if that is back."""


class Tended(NamedTuple):
    """``pause_s``: until the next look; ``problem``: why nothing is open that should be.

    ``heard``: the name of what is open, once it has given sound.
    """

    pause_s: float
    problem: OutsideError | None = None
    heard: str = ""


class Standby:
    """``active``: somebody looks after it (`tend`); otherwise nothing is kept open."""

    def __init__(self, opening: Opening, return_look_s: float = RETURN_LOOK_S) -> None:
        self.active = False
        self._return_look_s = return_look_s
        self._opening = opening
        self._ladder, self._rung = _fresh_ladder()
        self._ear: OpenEar | None = None
        self._watch = Watch(0.0)
        self._look_for_return = 0.0

    def take(self, choice: MicrophoneChoice) -> OpenEar | None:
        """The open stream, if there is one for this choice; it is the caller's from now on."""
        if self._ear is None or self._ear.choice != choice:
            return None
        ear, self._ear = self._ear, None
        return ear

    async def give(self, ear: OpenEar, choice: MicrophoneChoice) -> None:
        """Keep a stream that a capture no longer needs, or close it if it is of no use."""
        if self.active and ear.choice == choice and _blocks(choice):
            ear.tap.leave(_blocks(choice))
            self._hold(ear)
            with anyio.CancelScope(shield=True), anyio.move_on_after(HAND_OVER_S):
                while ear.tap.busy:  # noqa: ASYNC110 - PortAudio's thread sets no event of the loop
                    await anyio.sleep(HAND_OVER_S / 100)
        else:
            await ear.close(self._opening)

    async def tend(self, choice: MicrophoneChoice) -> Tended:
        """Close what is of no use, open what is wanted."""
        if self._ear is not None and await self._is_spent(self._ear, choice):
            await self.close()
        if not _blocks(choice):
            return Tended(math.inf)
        ear = self._ear
        if ear is None:
            try:
                ear = await OpenEar.open(self._opening, choice, _blocks(choice), renew=self._rung.renew)
            except OutsideError as problem:
                self._rung = self._ladder.next() or self._rung
                return Tended(self._rung.pause_s, problem)
            self._hold(ear)
        return Tended(LOOK_S, heard=ear.device.name if ear.stream.last_frame is not None else "")

    def begin_anew(self) -> None:
        """There are other microphones than before: what failed may succeed now."""
        self._ladder, self._rung = _fresh_ladder()

    async def close(self) -> None:
        """Nothing is kept open."""
        ear, self._ear = self._ear, None
        if ear is not None:
            await ear.close(self._opening)

    def _hold(self, ear: OpenEar) -> None:
        now = anyio.current_time()
        self._ear, self._watch, self._look_for_return = ear, Watch(now), now + self._return_look_s

    async def _is_spent(self, ear: OpenEar, choice: MicrophoneChoice) -> bool:
        now = anyio.current_time()
        if ear.choice != choice or self._watch.look(now, ear.stream.last_frame, ear.stream.ended) is not None:
            return True
        if ear.stream.last_frame is not None:
            self._ladder, self._rung = _fresh_ladder()
        if not ear.absent or now < self._look_for_return:
            return False
        self._look_for_return = now + self._return_look_s
        try:
            return not (await self._opening.pick(choice)).absent
        except OutsideError:
            return False


def _fresh_ladder() -> tuple[Ladder, Rung]:
    ladder = Ladder(STANDBY_RUNGS, endless=True)
    first = ladder.next()
    assert first is not None
    return ladder, first


def _blocks(choice: MicrophoneChoice) -> int:
    """How much is remembered."""
    return math.ceil(choice.preroll_s * BLOCKS_A_SECOND)
