"""Which watched key a pressed key is, with the modifiers that are held at that moment."""

from __future__ import annotations

from collections.abc import Collection

from parleq_hotkey.keys.names import Chord, parse
from parleq_hotkey.ports import Keys, Role


class WatchedKeys:
    """The chords of ``keys``, by role. Raises DesktopError when one of them is no name of a key."""

    def __init__(self, keys: Keys) -> None:
        written = {Role.DICTATE: keys.dictate, Role.CANCEL: keys.cancel, Role.OFFER: keys.offer}
        self.chords: dict[Role, Chord] = {role: parse(text) for role, text in written.items() if text}
        self.names = frozenset(chord.key.name for chord in self.chords.values())

    def role(self, key: str, modifiers: frozenset[str], held: Collection[Role] = ()) -> Role | None:
        """What the key of that name (as `names.Key`) is for, pressed while ``modifiers`` are held; None for nothing.

        A chord asks for its modifiers and no others, for ctrl+F9 is not F9; but those that the watched keys in ``held``
        bring along do not count, so that Escape cancels while Control_R or ctrl+F9 is held.
        """
        brought = {name for role in held if role in self.chords for name in _brings(self.chords[role])}
        for role, chord in sorted(self.chords.items(), key=lambda pair: -len(pair[1].modifiers)):
            if chord.key.name == key and chord.modifiers <= modifiers and modifiers <= chord.modifiers | brought:
                return role
        return None


def _brings(chord: Chord) -> frozenset[str]:
    """The modifiers that are held as long as the chord is."""
    return chord.modifiers | ({chord.key.modifier} if chord.key.modifier else frozenset())
