"""What a person means with the dictation key: presses and releases with their times in, intents out. No clock.

    hold                           dictate: the recording begins at the press, so that no first word is clipped
    tap, tap                       hands-free, until the next tap
    tap, hold                      quick: inserted without review
    a text in review: tap, hold    accept it, change it by voice
    one tap                        an accident, given up without a word once no second one has come
    offer key: tap, hold           insert what waits, undo the last insertion

The gestures are those of Parleq for macOS, as are the thresholds (`HotkeySettings`).
"""

from __future__ import annotations

from enum import Enum, StrEnum, auto

from parleq_hotkey.ports import KeyAction, KeyEvent, Role
from parleq_hotkey.settings import HotkeySettings

_MS = 0.001


class Intent(StrEnum):
    """What is to be done. Every START or REFINE is followed by exactly one STOP, STOP_QUICK, DROP or CANCEL, unless
    `Gestures.over` says that the recording has ended by itself."""

    START = "start"
    REFINE = "refine"
    """Begin to record what shall change the text in review; it may still turn out to be a tap, and be dropped."""
    HELD = "held"
    """The REFINE before is meant."""
    HANDS_FREE = "hands_free"
    """The recording goes on without the key."""
    STOP = "stop"
    STOP_QUICK = "stop_quick"
    """The recording is over, and its text is to be inserted without review."""
    DROP = "drop"
    """The recording was none: an accident, or a tap."""
    CANCEL = "cancel"
    """The user gives the recording up."""
    GIVE_UP = "give_up"
    """The cancel key, while nothing is recorded: whatever is under way, or in review."""
    ACCEPT = "accept"
    OFFER = "offer"
    UNDO = "undo"


class _State(Enum):
    IDLE = auto()
    DOWN = auto()
    GAP = auto()
    """After a tap: is there a second one?"""
    SECOND = auto()
    HANDS_FREE = auto()
    ENDING = auto()
    """Down again in hands-free: the end of it, unless it is chatter."""
    OVER_REVIEW = auto()
    REFINING = auto()
    SPENT = auto()
    """Still down, and means nothing any more."""


_RECORDING = frozenset(_State) - {_State.IDLE, _State.SPENT}
_UP = frozenset({_State.IDLE, _State.GAP, _State.HANDS_FREE})


class Gestures:
    """The state between the keys' events. ``sees_release``: without it every press begins or ends a dictation.

    ``reviewing`` is to be set while a text is in review.
    """

    def __init__(self, settings: HotkeySettings, *, sees_release: bool = True) -> None:
        self.settings = settings
        self.sees_release = sees_release
        self.reviewing = False
        self._state = _State.IDLE
        self._pressed = 0.0
        self._released: float | None = None  # waits for the end of its chatter
        self._gap_until = 0.0
        self._offer_pressed: float | None = None

    @property
    def recording(self) -> bool:
        """Is a dictation meant to be recorded now?"""
        return self._state in _RECORDING

    def handle(self, event: KeyEvent, now: float) -> list[Intent]:
        """One event; ``now`` is monotonic seconds, and no event is later than that."""
        at = min(event.at, now)
        intents = self.tick(at)
        if event.role is Role.OFFER:
            return intents + self._offer(event.action, at)
        if event.role is Role.CANCEL:
            return intents + (self._cancel() if event.action is KeyAction.PRESSED else [])
        if not self.sees_release:
            return intents + (self._toggle() if event.action is KeyAction.PRESSED else [])
        if event.action is KeyAction.PRESSED:
            return intents + self._press(at)
        if self._state not in _UP and self._released is None:
            self._released = at
        return intents + self.tick(at)

    def due(self) -> float | None:
        """When `tick` has something to do, if no event comes before."""
        if self._released is not None:
            return self._released + self.settings.chatter_ms * _MS
        if self._state is _State.GAP:
            return self._gap_until
        if self._state is _State.ENDING:
            return self._pressed + self.settings.shortest_ms * _MS
        if self._state is _State.OVER_REVIEW:
            return self._pressed + self.settings.refine_ms * _MS
        return None

    def tick(self, now: float) -> list[Intent]:
        """What time alone has decided by ``now``."""
        intents: list[Intent] = []
        while (due := self.due()) is not None and due <= now:
            intents += self._decide()
        return intents

    def over(self) -> None:
        """The recording has ended, or could not begin, without a word of the keys'."""
        if self.recording:
            self._state = _State.IDLE if self._state in _UP or self._released is not None else _State.SPENT
            self._released = None

    def lost(self, now: float) -> list[Intent]:
        """The keys are not watched any more: whatever is recorded ends here, since no key could end it."""
        intents, state = self.tick(now), self._state
        self._state, self._released, self._offer_pressed = _State.IDLE, None, None
        if state in (_State.GAP, _State.OVER_REVIEW):
            return [*intents, Intent.DROP]
        return [*intents, Intent.STOP] if state in _RECORDING else intents

    def _decide(self) -> list[Intent]:
        if self._released is not None:
            return self._release()
        if self._state is _State.OVER_REVIEW:
            self._state = _State.REFINING
            return [Intent.HELD]
        if self._state is _State.ENDING:
            self._state = _State.SPENT
            return [Intent.STOP]
        self._state = _State.IDLE
        return [Intent.DROP]

    def _press(self, at: float) -> list[Intent]:
        if self._released is not None:  # too soon for a finger: the key never was up
            self._released = None
            return []
        self._pressed = at
        if self._state is _State.GAP:
            self._state = _State.SECOND
            return []
        if self._state in (_State.HANDS_FREE, _State.ENDING):
            self._state = _State.ENDING
            return self.tick(at)
        # What was down was released without anybody's seeing it.
        missed = Intent.DROP if self._state is _State.OVER_REVIEW else Intent.STOP
        ended = [missed] if self.recording else []
        self._state = _State.OVER_REVIEW if self.reviewing else _State.DOWN
        return [*ended, Intent.REFINE if self.reviewing else Intent.START]

    def _release(self) -> list[Intent]:
        assert self._released is not None
        at, self._released = self._released, None
        state, self._state = self._state, _State.IDLE
        held = at - self._pressed
        chatter = held < self.settings.shortest_ms * _MS
        tap = chatter or held < self.settings.tap_ms * _MS
        if state is _State.SPENT:
            return []
        if state is _State.OVER_REVIEW:
            return [Intent.DROP] if chatter else [Intent.DROP, Intent.ACCEPT]
        if state is _State.ENDING and chatter:
            self._state = _State.HANDS_FREE
            return []
        if state is _State.DOWN and tap:
            return self._after_tap(at, chatter)
        if state is _State.SECOND and chatter:
            self._state = _State.GAP
            return []
        if state is _State.SECOND and tap:
            return self._after_second_tap()
        return [Intent.STOP_QUICK if state is _State.SECOND and self.settings.quick else Intent.STOP]

    def _after_tap(self, at: float, chatter: bool) -> list[Intent]:
        if chatter or not (self.settings.double_tap or self.settings.quick):
            return [Intent.DROP]
        self._state = _State.GAP
        self._gap_until = at + self.settings.double_tap_ms * _MS
        return []

    def _after_second_tap(self) -> list[Intent]:
        if not self.settings.double_tap:
            return [Intent.DROP]
        self._state = _State.HANDS_FREE
        return [Intent.HANDS_FREE]

    def _toggle(self) -> list[Intent]:
        if self.recording:
            self._state = _State.IDLE
            return [Intent.STOP]
        if self.reviewing:
            return [Intent.ACCEPT]
        self._state = _State.HANDS_FREE
        return [Intent.START, Intent.HANDS_FREE]

    def _cancel(self) -> list[Intent]:
        if not self.recording:
            return [Intent.GIVE_UP]
        self.over()
        return [Intent.CANCEL]

    def _offer(self, action: KeyAction, at: float) -> list[Intent]:
        if not self.sees_release:
            return [Intent.OFFER] if action is KeyAction.PRESSED else []
        if action is KeyAction.PRESSED:
            self._offer_pressed = at
            return []
        if self._offer_pressed is None:
            return []
        held, self._offer_pressed = at - self._offer_pressed, None
        return [Intent.OFFER if held < self.settings.tap_ms * _MS else Intent.UNDO]
