"""The microphone: hears for one capture at a time, and between captures keeps the pre-roll where one is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import anyio
import msgspec

from parleqd.adapters.audio.microphone.listening import Listening, broken
from parleqd.adapters.audio.microphone.opening import Opening
from parleqd.adapters.audio.microphone.portaudio import BLOCKS_A_SECOND, PortAudio, load_sounddevice
from parleqd.adapters.audio.microphone.sound_server import SoundServer, load_pulsectl
from parleqd.adapters.audio.microphone.standby import Standby
from parleqd.core.capture import problems
from parleqd.core.capture.ladder import RUNGS, Rung
from parleqd.core.errors import OutsideError
from parleqd.core.ports import AudioSink, CaptureRequest, Device, Log, MicrophoneChoice, MicrophoneStatus
from parleqd.protocol.names import MicrophoneState

PROBE_S = 0.3
ASK_S = 1.0
"""How often the sound server is asked for other sources while there is nothing to hear."""


class MicrophoneSource:
    """Fills the ``Microphone`` port.

    ``portaudio`` and ``server`` load sounddevice and pulsectl, as `PortAudio` and `SoundServer` want it; ``rungs``:
    what is tried after a loss.
    """

    def __init__(
        self,
        log: Log,
        portaudio: Callable[[], Any] = load_sounddevice,
        server: Callable[[], Any] = load_pulsectl,
        rungs: Sequence[Rung] = RUNGS,
        ask_s: float = ASK_S,
    ) -> None:
        self._log = log
        self._opening = Opening(PortAudio(portaudio), SoundServer(server))
        self._rungs = rungs
        self._ask_s = ask_s
        self._choice = MicrophoneChoice()
        self._status = MicrophoneStatus(MicrophoneState.UNTRIED)
        self._on_status: Callable[[MicrophoneStatus], None] = lambda status: None
        self._turn = anyio.Lock()  # whoever has it may open a stream
        self._capturing = False
        self._standby = Standby(self._opening)
        self._news = anyio.Event()

    @property
    def status(self) -> MicrophoneStatus:
        """How it is now, as far as is known without asking the system."""
        return self._status

    async def run(self, choice: MicrophoneChoice, on_status: Callable[[MicrophoneStatus], None]) -> None:
        """Load the libraries, look, then keep the pre-roll if one is asked for, until cancelled.

        While there is nothing to hear it is looked for again and again.
        """
        self._choice, self._on_status = choice, on_status
        try:
            await self._look()
            await self._keep_ready()
        finally:
            self._standby.active = False
            await self._standby.close()
            with anyio.CancelScope(shield=True):
                await self._opening.server.close()

    def choose(self, choice: MicrophoneChoice) -> None:
        """Use this from now on (a capture that is under way keeps its device)."""
        self._choice = choice
        self._opening.forget()
        self._tell_news()

    async def devices(self) -> Sequence[Device]:
        """What can be chosen, as the system says now."""
        return [one.device for one in await self._opening.inputs()]

    async def capture(self, request: CaptureRequest, sink: AudioSink) -> None:
        """Hear until cancelled. Raises ``OutsideError`` when the microphone is lost for good, or cannot be had."""
        async with self._turn:
            self._capturing = True
            try:
                await self._listen(sink, self._publish, lambda: False)
            finally:
                self._capturing = False

    async def probe(self) -> MicrophoneStatus:
        """Try it for real: open it, hear a moment, close it. While a capture goes on, that one's status."""
        if self._capturing:
            return self._status
        async with self._turn:
            sample = _Sample()
            with suppress(OutsideError):
                await self._listen(sink=sample, tell=lambda status: None, enough=sample.is_enough)
            if self._status.state is MicrophoneState.IDLE and sample.is_flat():
                self._publish(broken(MicrophoneState.IDLE, self._status.device, await self._why_flat()))
        return self._status

    async def _why_flat(self) -> OutsideError:
        muted: OutsideError | None = None
        with suppress(OutsideError):
            muted = problems.muted((await self._opening.pick(self._choice)).input)
        return muted or problems.dead(self._status.device)

    async def _listen(
        self, sink: AudioSink, tell: Callable[[MicrophoneStatus], None], enough: Callable[[], bool]
    ) -> None:
        listening = Listening(self._opening, self._choice, tell, self._log, self._rungs)
        listening.ear = self._standby.take(self._choice)
        try:
            await listening.hear(sink, enough)
        finally:
            if listening.ear is not None:
                await self._standby.give(listening.ear, self._choice)
            if listening.problem is not None:
                self._publish(broken(MicrophoneState.MISSING, listening.device, listening.problem))
            elif listening.heard:
                self._publish(MicrophoneStatus(MicrophoneState.IDLE, listening.device))
            self._tell_news()

    async def _look(self) -> None:
        """Publish what would be opened."""
        try:
            picked = await self._opening.pick(self._choice)
        except OutsideError as problem:
            self._publish(broken(MicrophoneState.MISSING, "", problem))
            self._log("microphone_missing", reason=problem.reason)
        else:
            if self._status.state in (MicrophoneState.UNTRIED, MicrophoneState.MISSING):
                self._publish(MicrophoneStatus(MicrophoneState.UNTRIED, picked.input.device.name))

    async def _keep_ready(self) -> None:
        self._standby.active = True
        while True:
            news = self._news
            async with self._turn:
                tended = await self._standby.tend(self._choice)
                if tended.problem is not None:
                    self._publish(broken(MicrophoneState.MISSING, "", tended.problem))
                elif tended.heard and self._is_missing():
                    self._publish(MicrophoneStatus(MicrophoneState.IDLE, tended.heard))
            with anyio.move_on_after(tended.pause_s):
                if await self._other_sources(news):
                    await self._begin_anew()

    async def _other_sources(self, news: anyio.Event) -> bool:
        """Wait until there are some while there is nothing to hear; ``False``: there is other news."""
        while True:
            with anyio.move_on_after(self._ask_s if self._is_missing() else math.inf):
                await news.wait()
                return False
            if await self._opening.changed():
                return True

    async def _begin_anew(self) -> None:
        self._standby.begin_anew()
        async with self._turn:
            if self._is_missing() and not self._choice.preroll_s:
                await self._look()

    def _is_missing(self) -> bool:
        return self._status.state is MicrophoneState.MISSING

    def _tell_news(self) -> None:
        """There may be something else to be done than what is waited for."""
        self._news.set()
        self._news = anyio.Event()

    def _publish(self, status: MicrophoneStatus) -> None:
        """Tell what is new; a status without a device means the last one."""
        status = msgspec.structs.replace(status, device=status.device or self._status.device)
        if status != self._status:
            self._status = status
            self._on_status(status)


class _Sample:
    """A sink for a moment of sound."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def set_rate(self, rate: int) -> None:
        """Any will do."""

    async def write(self, pcm: bytes) -> None:
        self.push(pcm)

    def push(self, pcm: bytes) -> None:
        self._blocks.append(pcm)

    def is_enough(self) -> bool:
        return len(self._blocks) >= PROBE_S * BLOCKS_A_SECOND

    def is_flat(self) -> bool:
        return not any(any(block) for block in self._blocks)
