"""One capture: a stream, and after its loss another, by the ladder, until nothing comes back or nobody wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import anyio

from parleqd.adapters.audio.microphone.ear import OpenEar
from parleqd.adapters.audio.microphone.opening import HopelessError, Opening
from parleqd.adapters.audio.microphone.portaudio import BLOCKS_A_SECOND
from parleqd.core.capture import problems
from parleqd.core.capture.choice import absence, change
from parleqd.core.capture.ladder import UNHEARD_RUNGS, Ladder, Rung
from parleqd.core.capture.watch import Watch
from parleqd.core.errors import OutsideError
from parleqd.core.ports import AudioSink, Device, Log, MicrophoneChoice, MicrophoneStatus
from parleqd.protocol.names import SAMPLE_RATE, MicrophoneState, Reason

LOOK_S = 0.05
ASK_S = 1.0
"""How often the sound server is asked which source is heard: it moves streams without a word."""
UNCLAIMED_BLOCKS = BLOCKS_A_SECOND
"""What a stream gives between its start and the moment that the sink is tied to it: a second is ample."""


class Listening:
    """Fills a sink. ``ear`` is what is open at the moment; whoever made this closes it, or keeps it.

    ``heard``: frames have come. ``problem``: why none come now; ``None`` while all is well. ``tell`` is given every
    status, changed or not.
    """

    def __init__(
        self,
        opening: Opening,
        choice: MicrophoneChoice,
        tell: Callable[[MicrophoneStatus], None],
        log: Log,
        rungs: Sequence[Rung],
    ) -> None:
        self.ear: OpenEar | None = None
        self.problem: OutsideError | None = None
        self._opening = opening
        self._choice = choice
        self._tell = tell
        self._log = log
        self._ladder = Ladder(rungs)
        self._rate: int | None = None
        self.heard = False
        self._first: Device | None = None
        self._now: Device | None = None
        self._muted: OutsideError | None = None

    @property
    def device(self) -> str:
        """The name of what is heard, or was last; "" while nothing has been open."""
        return self._now.name if self._now is not None else ""

    async def hear(self, sink: AudioSink, enough: Callable[[], bool] = lambda: False) -> None:
        """Until ``enough``. Raises ``OutsideError`` when nothing (more) can be heard."""
        while True:
            if self.ear is None:
                self.ear = await self._next_ear()
            self._tie(self.ear, sink)
            if await self._attend(self.ear, enough):
                return
            ear, self.ear = self.ear, None
            await ear.close(self._opening)

    async def _next_ear(self) -> OpenEar:
        while True:
            rung = self._ladder.next(None if self.heard else len(UNHEARD_RUNGS))
            if rung is None:
                raise self._end_of_ladder()
            if self.problem is not None:
                self._tell(broken(MicrophoneState.RECOVERING, self.device, self.problem))
            await anyio.sleep(rung.pause_s)
            try:
                return await OpenEar.open(self._opening, self._choice, UNCLAIMED_BLOCKS, self._rate, rung.renew)
            except OutsideError as problem:
                self.problem = problem
                self._log("microphone_open_failed", reason=problem.reason, renewed=rung.renew)
                if isinstance(problem, HopelessError) or problem.reason is Reason.NO_PORTAUDIO:
                    raise self._end_of_ladder() from None

    def _end_of_ladder(self) -> OutsideError:
        assert self.problem is not None
        if self.heard and self.problem.reason is not Reason.DEVICE_LOST:
            how = f"was lost: {self.problem.message}"
            self.problem = OutsideError(Reason.DEVICE_LOST, f"the microphone {self.device!r} {how}", self.problem.hint)
        return self.problem

    def _tie(self, ear: OpenEar, sink: AudioSink) -> None:
        """The rate is said once, before the first frame; later streams keep it."""
        if self._rate is None:
            self._rate = ear.stream.rate
            if self._rate != SAMPLE_RATE:
                sink.set_rate(self._rate)
        self._now = ear.device
        self._log("microphone_opened", rate=ear.stream.rate, stands_in=ear.absent)
        ear.tap.listen(sink.push)

    async def _attend(self, ear: OpenEar, enough: Callable[[], bool]) -> bool:
        """Until it is enough (``True``), or the stream is lost."""
        began, sounding = anyio.current_time(), False
        watch, loss = Watch(began), None
        try:
            async with anyio.create_task_group() as tasks:
                while loss is None and not enough():
                    await anyio.sleep(LOOK_S)
                    last_frame = ear.stream.last_frame
                    if not sounding and last_frame is not None:
                        sounding = True
                        self._show(ear)
                        tasks.start_soon(self._follow, ear)
                    loss = watch.look(anyio.current_time(), last_frame, ear.stream.ended)
                tasks.cancel_scope.cancel()
        finally:  # a capture can be over before the first look
            if ear.stream.last_frame is not None:
                self.heard, self.problem = True, None
        if loss is None:
            return True
        lived = (ear.stream.last_frame or began) - began
        self._ladder.lived(lived)
        self.problem = await self._suspended() or problems.lost(self.device, loss)
        self._opening.forget()
        self._log("microphone_lost", how=loss.name.lower(), lived_s=round(lived, 1), overflows=ear.stream.overflows)
        return False

    async def _suspended(self) -> OutsideError | None:
        heard = await self._opening.server.heard()
        return problems.suspended(heard) if heard is not None and heard.suspended else None

    async def _follow(self, ear: OpenEar) -> None:
        """Tell when the system gives us another source than before, and when it mutes it."""
        while True:
            heard = await self._opening.server.heard()
            if heard is not None:
                self._now, self._muted = heard.device, problems.muted(heard)
                self._show(ear)
            await anyio.sleep(ASK_S)

    def _show(self, ear: OpenEar) -> None:
        assert self._now is not None
        self._first = self._first or self._now
        reason, message, hint = None, "", ""
        if self._muted is not None:
            reason, message, hint = self._muted.reason, self._muted.message, self._muted.hint
        elif ear.absent:
            reason, message = Reason.DEVICE_CHANGED, absence(self._choice.device, self.device)
        elif self._now.id != self._first.id:
            reason, message = Reason.DEVICE_CHANGED, change(self._first.name, self._now)
        self._tell(MicrophoneStatus(MicrophoneState.LISTENING, self.device, reason, message, hint))


def broken(state: MicrophoneState, device: str, problem: OutsideError) -> MicrophoneStatus:
    """A status that tells of a problem."""
    return MicrophoneStatus(state, device, problem.reason, problem.message, problem.hint)
