"""Supervises the recogniser: starts it, feeds it, replays audio into a fresh one, and gives up when that is hopeless.

The audio of every utterance stays in the journal until it is committed, so a recogniser that dies in the middle of a
decode costs time and nothing else.
"""

from __future__ import annotations

from typing import NamedTuple

import anyio

from parleqd.core.errors import OutsideError
from parleqd.core.ports import Log, Model, Recogniser, RecogniserFactory
from parleqd.core.session.outcome import Problem
from parleqd.core.speech import messages as speech
from parleqd.core.speech.devices import CPU, GPU, ON_CPU
from parleqd.core.speech.liveness import PING_INTERVAL_S, Liveness
from parleqd.engine.bugs import bug_in
from parleqd.engine.bus import Bus
from parleqd.engine.utterance import Utterance
from parleqd.protocol.messages import DaemonStateNote, ModelStatus
from parleqd.protocol.methods import DAEMON_STATE
from parleqd.protocol.names import ModelState, Reason, Topic


class Limits(NamedTuple):
    """How much patience there is with a recogniser that dies or hangs."""

    deaths: int = 3
    """So many deaths on the same audio, or before the model is there, are no accident."""
    first_pause_s: float = 0.05
    longest_pause_s: float = 5.0
    """Between accidents, doubled each time: what they come from (no descriptors, no memory) may pass."""
    accidents: int = 10
    """So many deaths in a row that no audio is to blame for, with nothing finished in between, are none either."""
    ping_interval_s: float = PING_INTERVAL_S


LIMITS = Limits()
_INSTALL = "`parleqctl models list` shows what is installed, `parleqctl models install NAME` fetches one"
_ANOTHER = "`parleqctl models use NAME` chooses another model; then `parleqctl recover` tries the same audio again"
_START_SERVER = (
    "start the server, or set speech.server to where it is; `parleqctl config set speech.engine whisper` goes without"
)
_WITHOUT_GPU = "`parleqctl config set speech.device cpu` goes without it; `parleqctl doctor` tries it again"
_RECOVER = "the audio is kept: `parleqctl recover` tries it again"


class ModelInUse:
    """What ``status/get`` says of the model."""

    def __init__(self, model: Model) -> None:
        self.name = model.server_model if model.server else model.name
        self.compute_type = "server" if model.server else "int8"
        self.state = ModelState.UNLOADED
        self.detail = ""
        self.device = model.computing.device


class Recognition:
    """Owns the recogniser. ``bus`` and ``log`` are told what becomes of it."""

    def __init__(
        self,
        factory: RecogniserFactory,
        model: Model,
        unload_after_s: float,
        bus: Bus,
        log: Log,
        limits: Limits = LIMITS,
    ) -> None:
        self.model = ModelInUse(model)
        self.on_advance = _nothing
        """Called whenever the recogniser shows that it works."""
        self._factory = factory
        self._bus = bus
        self._log = log
        self._limits = limits
        self._unload_after_s = unload_after_s
        self._chosen = model
        self._stale = False
        self._living = False
        self._utterances: dict[str, Utterance] = {}
        self._recogniser: Recogniser | None = None
        self._liveness = Liveness()
        self._working: str | None = None
        self._ending = False  # the recogniser was told to end, or has said why it must
        self._born = False  # could the latest recogniser be started at all?
        self._stillborn = 0  # lives in a row that ended before the model was there
        self._shuns_gpu = False  # one failed with this model: dictation goes on without it
        self._accidents = 0  # lives in a row that ended badly, with nobody to blame and nothing finished
        self._preload = unload_after_s != 0
        self._changed = anyio.Event()

    @property
    def unload_after_s(self) -> float:
        """How long an idle recogniser lives: seconds, 0 = not at all, -1 = for ever."""
        return self._unload_after_s

    @unload_after_s.setter
    def unload_after_s(self, seconds: float) -> None:
        """Live so long from now on: it counts for the recogniser that is idle already, too."""
        self._unload_after_s = seconds
        self._change()

    @property
    def changed(self) -> anyio.Event:
        """Set at the next change of what is open, chosen, or loaded."""
        return self._changed

    @property
    def busy(self) -> bool:
        """Is an utterance open?"""
        return bool(self._utterances)

    @property
    def at_rest_with(self) -> Model | None:
        """The model that is loaded while no utterance is open, else ``None``."""
        at_rest = not self._utterances and self.model.state is ModelState.READY and not self._stale
        return self._chosen if at_rest else None

    @property
    def trouble(self) -> Problem | None:
        """What is wrong although the model is loaded: its server or the GPU fails, and another has to do."""
        detail = self.model.detail
        if self.model.state is not ModelState.READY or not detail:
            return None
        if not self._chosen.server:
            return Problem(Reason.GPU_FAILED, detail, _WITHOUT_GPU)
        return Problem(Reason.SPEECH_SERVER_FAILED, f"{detail}; {self._consequence()}", _START_SERVER)

    # What sessions ask for

    def open(self, utterance: Utterance) -> None:
        """A new utterance; its audio follows with ``feed``."""
        self._utterances[utterance.id] = utterance
        if self._recogniser is not None and not self._ending:
            utterance.replay(self._recogniser)
        self._change()

    async def feed(self, utterance: Utterance) -> None:
        """There is new audio in the journal. Waits while more of it is uncommitted than should be."""
        wanted = utterance.id in self._utterances and not utterance.finished
        if wanted and self._recogniser is not None and not self._ending:
            utterance.send_audio(self._recogniser)
        while utterance.full and utterance.id in self._utterances and not utterance.urgent:
            await utterance.room.wait()

    def finish(self, session_id: str) -> None:
        """All audio is in the journal."""
        utterance = self._utterances.get(session_id)
        if utterance is not None and not utterance.finished:
            utterance.finished = True
            if self._recogniser is not None and not self._ending:
                utterance.send_audio(self._recogniser)
                self._recogniser.send(speech.Finish(session_id))

    def discard(self, session_id: str) -> None:
        """Forget the utterance."""
        if self._close(session_id) is not None and self._recogniser is not None:
            self._recogniser.send(speech.Discard(session_id))

    def use(self, model: Model) -> None:
        """Another model, from the next moment on in which no utterance is open."""
        if model != self._chosen:
            self._chosen = model
            self._shuns_gpu = False
            self._stale = self._living
            self._preload = self.unload_after_s != 0
            if not self._stale:
                self.model = ModelInUse(model)
            self._change()

    # The life of a recogniser

    async def run(self) -> None:
        """Keep a recogniser running whenever one is needed, until cancelled."""
        while True:
            while not (self._utterances or self._preload):
                await self._changed.wait()
            self._living = True
            try:
                await self._live()
            finally:
                self._living = False
            if self._accidents:
                pause = self._limits.first_pause_s * 2 ** (self._accidents - 1)
                await anyio.sleep(min(self._limits.longest_pause_s, pause))

    async def _live(self) -> None:
        self._preload = self._stale = self._ending = self._born = False
        self._working = None
        self._liveness = Liveness()
        self.model = ModelInUse(self._chosen)
        if not (self._chosen.installed or self._chosen.server):
            message = f"the speech model {self._chosen.name!r} is not installed"
            self._load_failed(speech.LoadFailed(missing=True, message=message))
            return
        self._become(ModelState.LOADING)
        try:
            async with self._factory.start() as recogniser:
                self._recogniser = recogniser
                self._born = True
                recogniser.send(load_of(self._chosen, on_cpu=self._shuns_gpu))
                for utterance in sorted(self._utterances.values(), key=lambda utterance: not utterance.urgent):
                    utterance.replay(recogniser)
                await self._attend(recogniser)
        except OutsideError as problem:
            self._log("worker_start_failed", reason=problem.reason, detail=problem.message)
        except Exception as error:  # noqa: BLE001 - a bug here costs this recogniser, not the daemon
            bug = bug_in(error)
            self._log("worker_supervision_failed", error=bug.error, where=bug.where)
        finally:
            self._recogniser = None
        self._after_life()

    async def _attend(self, recogniser: Recogniser) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._watch, recogniser)
            tasks.start_soon(self._unload_when_idle, recogniser)
            async for event in recogniser.events():
                self._on_event(event)
            tasks.cancel_scope.cancel()

    async def _watch(self, recogniser: Recogniser) -> None:
        while not self._liveness.hung:
            recogniser.send(speech.Ping(self._liveness.next_ping()))
            await anyio.sleep(self._limits.ping_interval_s)
        self._log("worker_hung")
        recogniser.kill()

    async def _unload_when_idle(self, recogniser: Recogniser) -> None:
        while True:
            patience = self._idle_patience()
            with anyio.move_on_after(patience):
                await self._changed.wait()
                continue
            self._ending = True
            self._log("worker_unloading", stale=self._stale)
            await recogniser.close()
            return

    def _idle_patience(self) -> float:
        if self._utterances:
            return float("inf")
        if self._stale:
            return 0.0
        if self.model.state is ModelState.LOADING or self.unload_after_s < 0:
            return float("inf")
        return self.unload_after_s

    def _after_life(self) -> None:
        """The recogniser is gone. Was it told to go? If not: who is to blame, and is there hope?"""
        if self._ending:
            if self.model.state not in (ModelState.MISSING, ModelState.FAILED):
                self._become(ModelState.UNLOADED)
            return
        self._log("worker_died", working=self._working is not None, utterances=len(self._utterances))
        self._shun_gpu()
        blamed = self._utterances.get(self._working or "")
        if blamed is not None:
            blamed.deaths += 1
            if blamed.deaths >= self._limits.deaths:
                message = f"the speech worker died {self._limits.deaths} times on this audio"
                self._give_up(blamed, Problem(Reason.WORKER_FAILED, message, _RECOVER))
        else:
            self._stillborn += self._born and self.model.state is ModelState.LOADING
            self._accidents += 1
        if self._stillborn < self._limits.deaths and self._accidents < self._limits.accidents:
            self._preload = True
            self._become(ModelState.LOADING)
            return
        self._stillborn = self._accidents = 0
        message = "the speech worker ended by itself, time after time"
        self._become(ModelState.FAILED, message)
        for utterance in list(self._utterances.values()):
            self._give_up(utterance, Problem(Reason.WORKER_FAILED, message, _RECOVER))

    # What the recogniser says

    def _on_event(self, event: speech.Event) -> None:
        match event:
            case _ if self._recogniser is None:
                pass  # it was given up, and another will say it all again
            case speech.Pong():
                self._liveness.answered(event.number, event.step_seconds)
            case speech.Working():
                self._working = event.utterance
                self.on_advance()
            case speech.Loaded():
                self.model.name, self.model.compute_type = event.name, event.compute_type
                self.model.device = event.device
                self._stillborn = 0
                self._liveness.loaded()
                self._become(ModelState.READY, event.problem)
                self._log("model_loaded", model=event.name, load_ms=round(event.load_ms))
                self.on_advance()
                self._change()
            case speech.LoadFailed():
                self._load_failed(event)
            case speech.SpeechStarted():
                pass
            case _:
                self._on_utterance_event(event)

    def _on_utterance_event(
        self, event: speech.Partial | speech.Segment | speech.Final | speech.Failed | speech.Level
    ) -> None:
        utterance = self._utterances.get(event.utterance)
        if utterance is None:
            return  # discarded while this was on its way
        match event:
            case speech.Partial():
                utterance.listener.partial(utterance.text_with(event.stable), event.provisional)
            case speech.Level():
                utterance.listener.level(event.dbfs, event.silent_seconds)
            case speech.Segment():
                utterance.commit(event)
            case speech.Final():
                self._accidents = 0
                self._close(event.utterance)
                utterance.listener.done(utterance.heard(event, self.model.name, self.model.compute_type))
            case speech.Failed():
                self._failed(utterance, event)

    def _failed(self, utterance: Utterance, event: speech.Failed) -> None:
        """Whatever this recogniser has too little of, a fresh one may have; or the processor, where it was the GPU."""
        utterance.deaths += event.spent
        again = event.spent and utterance.deaths < self._limits.deaths
        if self._recogniser is not None and (again or self.model.device == GPU):
            recogniser, self._recogniser, self._working = self._recogniser, None, None
            recogniser.kill()
        else:
            self._give_up(utterance, Problem(Reason.WORKER_FAILED, event.message, _RECOVER))

    def _load_failed(self, event: speech.LoadFailed) -> None:
        self._ending = True
        self._become(ModelState.MISSING if event.missing else ModelState.FAILED, event.message)
        self._log("model_load_failed", missing=event.missing)
        reason = Reason.MODEL_MISSING if event.missing else Reason.MODEL_DAMAGED
        for utterance in list(self._utterances.values()):
            self._give_up(utterance, Problem(reason, event.message, _INSTALL if event.missing else _ANOTHER))

    def _give_up(self, utterance: Utterance, problem: Problem) -> None:
        self._close(utterance.id)
        utterance.listener.failed(problem, utterance.heard(None, self.model.name, self.model.compute_type))

    def _become(self, state: ModelState, detail: str = "") -> None:
        """The model's state changed: tell those who watch, and people when it is for the worse."""
        self.model.state, self.model.detail = state, detail
        status = ModelStatus(name=self.model.name, compute_type=self.model.compute_type, state=state, detail=detail)
        self._bus.publish(Topic.STATE, "", DAEMON_STATE, DaemonStateNote(model=status))
        if state is ModelState.MISSING:
            self._bus.notice(Reason.MODEL_MISSING, detail, _INSTALL)
        elif (trouble := self.trouble) is not None:
            self._bus.notice(trouble.reason, trouble.message, trouble.hint)
        elif state is ModelState.FAILED:
            self._bus.notice(Reason.WORKER_FAILED, detail, "`parleqctl status` shows the state")

    def _consequence(self) -> str:
        if self._chosen.installed:
            return f"{self._chosen.name} decodes in its place"
        return "no model on this machine can help out"

    def _shun_gpu(self) -> None:
        """After a life that ended badly on a GPU, or may have: from now on the model is loaded without it."""
        if self.model.device == GPU:
            message = "the speech model failed on the GPU; from now on it computes on the processor"
            self._bus.notice(Reason.GPU_FAILED, message, _WITHOUT_GPU)
        self._shuns_gpu = self._shuns_gpu or self.model.device != CPU

    def _close(self, session_id: str) -> Utterance | None:
        utterance = self._utterances.pop(session_id, None)
        if utterance is not None:
            utterance.make_room()
            self._change()
        return utterance

    def _change(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


def load_of(model: Model, *, on_cpu: bool = False) -> speech.Load:
    """What a recogniser is told to load. ``on_cpu``: on the processor, however it is to compute."""
    how = ON_CPU if on_cpu else model.computing
    return speech.Load(
        model.name, model.path, model.server, model.server_model, how.device, how.compute_type, how.threads
    )


def _nothing() -> None:
    pass
