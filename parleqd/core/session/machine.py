"""One session: its spec, its state, and the one way to change them."""

from __future__ import annotations

from parleqd.core.errors import RefusedError
from parleqd.core.session import events as ev
from parleqd.core.session.effects import Effect, SetTimer
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.states import Recording, State
from parleqd.core.session.table import IGNORED, TABLE, Context
from parleqd.protocol.names import Reason

_WISHES: dict[type[ev.Event], str] = {
    ev.StopRequested: "be stopped",
    ev.CancelRequested: "be cancelled",
    ev.ReceiptCame: "be acknowledged",
    ev.TakenOver: "be taken over",
    ev.HandedOut: "give its text away",
}
"""For messages: what clients ask for."""


class Session:
    """A session machine. ``handle`` takes an event and returns what is to be done, in order."""

    def __init__(self, spec: SessionSpec, cleanup_budget_s: float = 4.0, state: State | None = None) -> None:
        self.spec = spec
        self.state: State = Recording() if state is None else state
        self.cleanup_budget_s = cleanup_budget_s
        """What cleanup may take when it begins, seconds; it goes by the settings of that moment."""
        self._generation = 0

    def handle(self, event: ev.Event, now: float) -> tuple[Effect, ...]:
        """Apply an event. ``now`` is monotonic seconds.

        Raises ``RefusedError`` (``wrong_phase``), the state unchanged, where the event is not allowed.
        """
        if isinstance(event, ev.TimerFired) and event.generation != self._generation:
            return ()
        pair = (type(self.state), type(event))
        if pair in IGNORED:
            return ()
        transition = TABLE.get(pair)
        context = Context(self.spec, now, self._generation + 1, self.cleanup_budget_s)
        step = None if transition is None else transition(context, self.state, event)
        if step is None:
            wish = _WISHES.get(type(event), f"take {type(event).__name__}")  # no client asks for the latter
            message = f"session {self.spec.id} is {self.state.phase}: it cannot {wish} now"
            raise RefusedError(Reason.WRONG_PHASE, message)
        if type(step.state) is not type(self.state) or any(isinstance(effect, SetTimer) for effect in step.effects):
            self._generation += 1  # whatever timer was running is late from now on
        self.state = step.state
        if step.spec is not None:
            self.spec = step.spec
        return step.effects
