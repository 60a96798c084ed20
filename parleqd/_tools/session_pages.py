"""The session machine as pictures and a table, found out by driving its transitions.

Nothing is drawn by hand: each transition of ``core.session.table`` is run over every example state, event and
spec below, and what it does is what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path

from parleqd.core.session import events as ev
from parleqd.core.session.outcome import Cleaned, Heard, HeardSegment, Outcome, Problem
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.states import (
    STATES,
    Cleaning,
    Delivering,
    Ended,
    Offer,
    Recording,
    State,
    Transcribing,
)
from parleqd.core.session.table import IGNORED, TABLE, Context
from parleqd.protocol.names import Deliver, End, Mode, OnDisconnect, Reason, ReceiptStatus, Source, Verdict

REFUSED = "**refused**"
PROBLEM = Problem(Reason.WORKER_FAILED, "an example")
SAID = Heard(Verdict.SPEECH, "so", (HeardSegment(0.0, 1.0, "so"),), 1.0, 1.0, "tiny.en", "int8")
SILENT = Heard(Verdict.SILENCE, "", (), 1.0, 1.0, "tiny.en", "int8")


def _outcome(heard: Heard) -> Outcome:
    return Outcome(heard, Cleaned(heard.raw, Mode.RAW), Mode.RAW, 1.0, 1.0, 2.0)


EXAMPLE_SPECS: tuple[SessionSpec, ...] = tuple(
    SessionSpec("s", 1, "somebody", source, deliver, Mode.INSTANT, 0.0, on_disconnect=on_disconnect)
    for source, deliver, on_disconnect in product(Source, Deliver, OnDisconnect)
)
EXAMPLE_STATES: tuple[State, ...] = (
    Recording(),
    Recording(released=1.0),
    Transcribing(1.0, 1.0),
    Cleaning(1.0, SAID, 2.0),
    *(Delivering(_outcome(heard), offer) for heard, offer in product((SAID, SILENT), Offer)),
    *(Ended(end) for end in End),
)
EXAMPLE_EVENTS: tuple[ev.Event, ...] = (
    ev.StopRequested(),
    ev.CancelRequested(),
    ev.AudioBegan(),
    ev.AudioEnded(1.0),
    ev.AudioEnded(1.0, (PROBLEM,)),
    ev.CaptureFailed(PROBLEM),
    ev.TranscriptReady(SAID),
    ev.TranscriptReady(SILENT),
    ev.RecognitionFailed(PROBLEM),
    ev.RecognitionFailed(PROBLEM, SAID),
    ev.RecogniserAdvanced(),
    ev.TextCleaned(Cleaned("So.", Mode.INSTANT)),
    ev.TimerFired(1),
    ev.TurnCame(),
    ev.HandedOut(),
    ev.InsertionBegan(),
    ev.InsertionLost(),
    *(ev.ReceiptCame(status) for status in ReceiptStatus),
    ev.OwnerLeft(),
    ev.TakenOver("somebody else"),
)


def phase_diagram(_: Path) -> str:
    """The phases of a session."""
    return _diagram(_phase, "recording", (Recording, Transcribing, Cleaning, Delivering))


def delivery_diagram(_: Path) -> str:
    """What happens within ``delivering``."""
    return _diagram(_offer, "waiting", (Delivering,))


def event_table(_: Path) -> str:
    """What every event does in every state."""
    head = f"| event | {' | '.join(state.phase for state in STATES)} |"
    rows = [f"| `{event.__name__}` | {' | '.join(_cell(state, event) for state in STATES)} |" for event in ev.EVENTS]
    return "\n".join([head, "| --- " * (len(STATES) + 1) + "|", *rows])


def outcomes(state: type[State], event: type[ev.Event]) -> Iterator[tuple[State, State | None]]:
    """Every example of this state with what this event makes of it; ``None`` where it is refused."""
    if (state, event) not in TABLE:
        return
    states = [example for example in EXAMPLE_STATES if type(example) is state]
    events = [example for example in EXAMPLE_EVENTS if type(example) is event]
    for spec, before, happens in product(EXAMPLE_SPECS, states, events):
        step = TABLE[state, event](Context(spec, 3.0, 2, 4.0), before, happens)
        yield before, None if step is None else step.state


def _diagram(name: Callable[[State], str], first: str, states: Iterable[type[State]]) -> str:
    """Arrows between places; what leaves a session where it is, is not drawn."""
    arrows: dict[tuple[str, str], dict[str, None]] = {}
    for state, event in product(states, ev.EVENTS):
        for before, after in outcomes(state, event):
            if after is not None and name(before) != name(after):
                arrows.setdefault((name(before), name(after)), {})[event.__name__] = None
    drawn = [f"{one} --> {other}: {', '.join(labels)}" for (one, other), labels in arrows.items()]
    lines = [f"    {line}" for line in (f"[*] --> {first}", *drawn, "ended --> [*]")]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _cell(state: type[State], event: type[ev.Event]) -> str:
    if (state, event) in IGNORED:
        return "ignored"
    if (state, event) not in TABLE:
        return REFUSED
    return " or ".join(dict.fromkeys(_word(before, after) for before, after in outcomes(state, event)))


def _word(before: State, after: State | None) -> str:
    if after is None:
        return REFUSED
    return "stays" if type(after) is type(before) else f"→ {after.phase}"


def _phase(state: State) -> str:
    return str(state.phase)


def _offer(state: State) -> str:
    return state.offer.value if isinstance(state, Delivering) else _phase(state)
