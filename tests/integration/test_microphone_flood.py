"""A flood of starts, stops and cancels by clients that come and go, with a device that does so too.

Never is the microphone left open, never is a session lost, and each ends once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.session.states import Recording
from parleqd.protocol.messages import SessionStateNote
from parleqd.protocol.names import Deliver, End, OnDisconnect, Phase, Source
from tests import clips
from tests.fakes.client import AnsweredError, Client
from tests.fakes.microphone import FakeMicrophone
from tests.integration.daemon import Daemon, running_daemon
from tests.parts import PROVING

DEADLINE = 10.0
WORDS, PAUSE = clips.tone(1.0), clips.silence(0.4)
NAMES = st.sampled_from(["alice", "bob", "carol"])
ALLOWED = {"microphone_busy", "unknown_session", "wrong_phase", "not_owner", "already_claimed", "device_lost"}
"""What a client that asks for what cannot be is told; everything else is a bug."""


class Flood(RuleBasedStateMachine):
    """Each rule is one request, answered before the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.daemon: Daemon
        self.microphone: FakeMicrophone
        self.clients: dict[str, Client] = {}
        self.started: list[str] = []
        self.cancelled: set[str] = set()
        self._stack = ExitStack()
        self._portal = self._stack.enter_context(start_blocking_portal())

    @initialize()
    def begin(self) -> None:
        self.microphone = self._portal.call(FakeMicrophone, WORDS + PAUSE)
        daemon = running_daemon(microphone=self.microphone, recognisers=ScriptedFactory(["hello there"] * 1000))
        self.daemon = self._stack.enter_context(self._portal.wrap_async_context_manager(daemon))

    @rule(name=NAMES)
    def vanish(self, name: str) -> None:
        if (client := self.clients.pop(name, None)) is not None:
            self._portal.call(client.stream.aclose)
            self._settle()

    @rule(name=NAMES, deliver=st.sampled_from(Deliver), on_disconnect=st.sampled_from(OnDisconnect))
    def start(self, name: str, deliver: Deliver, on_disconnect: OnDisconnect) -> None:
        answer = self._ask(
            name, "session/start", source=Source.MICROPHONE, deliver=deliver, on_disconnect=on_disconnect
        )
        if answer is not None:
            self.started.append(answer["session_id"])
            self._until(lambda: self._recording() == self.started[-1:], "the microphone is that session's alone")
        self._settle()

    @rule(name=NAMES, deliver=st.sampled_from([{}, {"deliver": "return"}]))
    def stop(self, name: str, deliver: dict[str, str]) -> None:
        self._stop(name, **deliver)

    @rule(name=NAMES, which=st.integers(0, 3))
    def stop_one(self, name: str, which: int) -> None:
        if which < len(self.started):
            self._stop(name, session_id=self.started[-1 - which])

    @rule(name=NAMES)
    def cancel(self, name: str) -> None:
        self._cancel(name)

    @rule(name=NAMES, which=st.integers(0, 3))
    def cancel_one(self, name: str, which: int) -> None:
        if which < len(self.started):
            self._cancel(name, session_id=self.started[-1 - which])

    @rule(name=NAMES)
    def take_what_waits(self, name: str) -> None:
        answer = self._ask(name, "session/pending", all=True)
        for waiting in [] if answer is None else answer["sessions"]:
            if self._ask(name, "session/claim", session_id=waiting["session_id"]) is not None:
                self._take(name, waiting["session_id"])

    @rule(frame=st.sampled_from([WORDS, PAUSE, PAUSE]))
    def speak(self, frame: bytes) -> None:
        self._portal.call(self._speak, frame)

    @rule()
    def unplug(self) -> None:
        self._portal.call(self._unplug)
        self._settle()

    def teardown(self) -> None:
        with self._stack:
            if not hasattr(self, "daemon"):
                return
            for name in list(self.clients):
                self.vanish(name)
            self._stop("alice")
            self._until(lambda: not self.daemon.engine.sessions.busy(), "everything has its text")
            self.take_what_waits("alice")
            self._until(lambda: not self.daemon.engine.sessions.driver.live, "no session is left")
            assert self.microphone.open == 0
            told = [note.params for note in self.daemon.engine.ear.notes]
            states = [params for params in told if isinstance(params, SessionStateNote)]
            ended = [state for state in states if state.phase is Phase.ENDED]
            assert Counter(state.session_id for state in ended) == Counter(self.started), "each session ends once"
            lost = {state.session_id for state in ended if state.end is not End.DELIVERED}
            assert lost <= self.cancelled, "no text is lost that nobody gave up"
            self.vanish("alice")

    # Asking

    def _ask(self, name: str, method: str, **params: Any) -> Any:
        """The answer to a client, which comes if it is not there; ``None`` for a refusal that is in order."""
        if name not in self.clients:
            self.clients[name] = self._portal.call(self._connected, name)
        try:
            return self._portal.call(lambda: self.clients[name].call(method, **params))
        except AnsweredError as refusal:
            if refusal.reason not in ALLOWED:
                raise
            return None

    def _stop(self, name: str, **params: str) -> None:
        """Stop, and (while a voice is heard it goes on for a moment) wait until it has."""
        stopped = self._ask(name, "session/stop", **params)
        if stopped is not None:
            self._until(lambda: stopped["session_id"] not in self._recording(), "the recording has ended")
        self._settle()

    def _cancel(self, name: str, **params: str) -> None:
        cancelled = self._ask(name, "session/cancel", **params)
        if cancelled is not None:
            self.cancelled.add(cancelled["session_id"])
        self._settle()

    def _take(self, name: str, session_id: str) -> None:
        assert self._ask(name, "session/result", session_id=session_id)["raw"]
        receipt = {"status": "read", "detail": ""}
        self._ask(name, "session/acknowledge", session_id=session_id, receipt=receipt)

    def _recording(self) -> list[str]:
        return [live.id for live in self.daemon.engine.sessions.busy() if isinstance(live.state, Recording)]

    def _settle(self) -> None:
        """The microphone is open while somebody records, and not otherwise; nobody shares it."""
        self._until(lambda: self.microphone.open == len(self._recording()), "the microphone follows the sessions")
        assert self.microphone.open <= 1

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        self._portal.call(_until, holds, what)

    async def _connected(self, name: str) -> Client:
        client = Client(await anyio.connect_unix(str(self.daemon.path)))
        await client.initialize(name)
        return client

    async def _speak(self, frame: bytes) -> None:
        if self.microphone.open:
            self.microphone.push(frame)

    async def _unplug(self) -> None:
        if self.microphone.open:
            self.microphone.unplug()


async def _until(holds: Callable[[], bool], what: str) -> None:
    with anyio.move_on_after(DEADLINE):
        while not holds():
            await anyio.lowlevel.checkpoint()
        return
    raise AssertionError(f"never: {what}")


TestFlood = Flood.TestCase
TestFlood.settings = settings(
    max_examples=100 if PROVING else 30,
    stateful_step_count=100 if PROVING else 50,
    suppress_health_check=list(HealthCheck),
)
TestFlood = pytest.mark.timeout(900)(TestFlood)
