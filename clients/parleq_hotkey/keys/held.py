"""Which watched keys are down: makes of raw presses and releases, with repeats and gaps, events that pair up."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from parleq_hotkey.ports import KeyAction, KeyEvent, Role


class HeldKeys:
    """What every key source runs its raw events through; ``on_event`` gets what remains of them.

    A press of a key that is down is a repeat, and dropped. A release is emitted for each press and for nothing else: by
    `release_all` at the latest, which a source calls when watching ends, for whatever reason. ``by`` tells apart the
    physical keys of one role (two keyboards): the role is released with the last of them.
    """

    def __init__(self, on_event: Callable[[KeyEvent], None]) -> None:
        self._on_event = on_event
        self._down: dict[Hashable, Role] = {}
        self._since: dict[Role, float] = {}

    @property
    def down(self) -> tuple[Hashable, ...]:
        """The physical keys that are down."""
        return tuple(self._down)

    @property
    def roles(self) -> frozenset[Role]:
        """What the keys that are down are for."""
        return frozenset(self._since)

    def press(self, role: Role, at: float, by: Hashable = None) -> None:
        """A physical key went down, or repeats."""
        if by in self._down:
            return
        self._down[by] = role
        if role not in self._since:
            self._since[role] = at
            self._on_event(KeyEvent(role, KeyAction.PRESSED, at))

    def release(self, at: float, by: Hashable = None) -> None:
        """A physical key went up, or is known to be up."""
        role = self._down.pop(by, None)
        if role is not None and role not in self._down.values():
            self._on_event(KeyEvent(role, KeyAction.RELEASED, max(at, self._since.pop(role))))

    def release_all(self, at: float) -> None:
        """Nobody will tell any more: what is down counts as up."""
        for by in self.down:
            self.release(at, by)
