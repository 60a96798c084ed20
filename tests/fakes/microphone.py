"""A microphone that a test plays by hand. Kept honest by ``tests/contract/test_microphone.py``.

For the real one over fakes of its libraries see ``tests.fakes.microphone_stage``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import anyio

from parleqd.core.errors import OutsideError
from parleqd.core.ports import AudioSink, CaptureRequest, Device, MicrophoneChoice, MicrophoneStatus
from parleqd.protocol.names import MicrophoneState, Reason

DEADLINE = 10.0
BUILT_IN = Device("alsa_input.built-in", "Built-in Microphone", default=True)
HEADSET = Device("alsa_input.headset", "Headset")
MONITOR = Device("alsa_output.built-in.monitor", "Monitor of Built-in Speakers", monitor=True)


class FakeMicrophone:
    """``frames`` are heard as soon as it is opened; more come with ``push``.

    Levers, to be pulled before what they are for: ``known`` (what ``devices`` gives, or its failure), ``failure``
    (opening raises it), ``probed`` (what ``probe`` finds). ``open`` counts captures that are under way, ``opened`` all
    there ever were.
    """

    def __init__(self, *frames: bytes) -> None:
        self.known: Sequence[Device] | OutsideError = (BUILT_IN, HEADSET, MONITOR)
        self.failure: OutsideError | None = None
        self.probed = MicrophoneStatus(MicrophoneState.IDLE, BUILT_IN.name)
        self.choice = MicrophoneChoice()
        self.open = self.opened = self.probes = 0
        self._status = MicrophoneStatus(MicrophoneState.UNTRIED, BUILT_IN.name)
        self._on_status: Callable[[MicrophoneStatus], None] = _nobody
        self._frames = frames
        self._sink: AudioSink | None = None
        self._turn = anyio.Lock()  # whoever has it hears
        self._unplugged = anyio.Event()
        self._changed = anyio.Event()

    # The port

    @property
    def status(self) -> MicrophoneStatus:
        return self._status

    async def run(self, choice: MicrophoneChoice, on_status: Callable[[MicrophoneStatus], None]) -> None:
        self.choose(choice)
        self._on_status = on_status
        try:
            await anyio.sleep_forever()
        finally:
            self._on_status = _nobody

    def choose(self, choice: MicrophoneChoice) -> None:
        self.choice = choice

    async def devices(self) -> Sequence[Device]:
        if isinstance(self.known, OutsideError):
            raise self.known
        return self.known

    async def probe(self) -> MicrophoneStatus:
        if self.open:
            return self.status
        self.probes += 1
        self.become(self.probed)
        return self.probed

    async def capture(self, request: CaptureRequest, sink: AudioSink) -> None:
        if self.failure is not None:
            self.become(_status_of(self.failure))
            raise self.failure
        async with self._turn:
            await self._capture(sink)

    async def _capture(self, sink: AudioSink) -> None:
        self.open += 1
        self.opened += 1
        self._sink, self._unplugged = sink, anyio.Event()
        after = MicrophoneStatus(MicrophoneState.IDLE, BUILT_IN.name)
        self.become(MicrophoneStatus(MicrophoneState.LISTENING, BUILT_IN.name))
        try:
            for frame in self._frames:
                sink.push(frame)
            await self._unplugged.wait()
            lost = OutsideError(Reason.DEVICE_LOST, f"{BUILT_IN.name} went away", "plug it in again")
            after = _status_of(lost)
            raise lost
        finally:
            self._sink = None
            self.open -= 1
            self.become(after)

    # The test's strings

    def push(self, pcm: bytes) -> None:
        """Say something into it; it must be open."""
        assert self._sink is not None, "the microphone is closed"
        self._sink.push(pcm)

    def unplug(self) -> None:
        """The device goes for good in the midst of a capture."""
        self._unplugged.set()

    def become(self, status: MicrophoneStatus) -> None:
        """Be like that from now on."""
        self._status = status
        self._on_status(status)
        self._changed.set()
        self._changed = anyio.Event()

    async def until_open(self) -> None:
        """Wait for a capture to begin. Raises ``TimeoutError`` after `DEADLINE` seconds."""
        await self._until(lambda: self.open > 0)

    async def until_closed(self) -> None:
        """Wait for the end of all captures. Raises ``TimeoutError`` after `DEADLINE` seconds."""
        await self._until(lambda: self.open == 0)

    async def _until(self, holds: Callable[[], bool]) -> None:
        with anyio.fail_after(DEADLINE):
            while not holds():
                await self._changed.wait()


def _status_of(problem: OutsideError) -> MicrophoneStatus:
    return MicrophoneStatus(
        MicrophoneState.MISSING, BUILT_IN.name, problem.reason, message=problem.message, hint=problem.hint
    )


def _nobody(status: MicrophoneStatus) -> None:
    pass
