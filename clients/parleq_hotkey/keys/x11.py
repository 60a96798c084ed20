"""Watches keys on X11 by grabbing them: nobody else gets them, and of all other keys nothing is seen.

A grab belongs to one key with one set of modifiers, so the keys are grabbed once for each state of Caps Lock, Num Lock
and Scroll Lock. While a grabbed key is held, the server gives this client all others too; they are dropped unread.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import reduce
from itertools import chain, combinations
from operator import or_
from time import monotonic
from typing import Any

import anyio
from Xlib import XK, X, error

from parleq_hotkey.background import beside
from parleq_hotkey.keys.held import HeldKeys
from parleq_hotkey.keys.matching import WatchedKeys
from parleq_hotkey.keys.names import Chord
from parleq_hotkey.keys.server_clock import ServerClock
from parleq_hotkey.ports import DesktopError, KeyEvent, Keys, Role
from parleq_hotkey.x11_connection import GONE, XConnection, no_display
from parleqd.protocol.names import Reason

CHECK_S = 0.2
"""How often the server is asked whether a held key is still down: a lock screen or another grab swallows releases."""

SHARED_CHECK_S = 0.02
"""The same while the keyboard was given back with the key held: its release then goes to somebody else for sure."""

_KEYS_OF_MODIFIERS = {"alt": ("Alt_L", "Alt_R"), "super": ("Super_L", "Super_R")}
_LOCKS = ("Num_Lock", "Scroll_Lock")
# The right Alt key has one name or the other, as the layout has it.
_ALIKE = {"Alt_R": "ISO_Level3_Shift", "ISO_Level3_Shift": "Alt_R"}
Connect = Callable[[str], Awaitable[XConnection]]
_LOG = logging.getLogger(__name__)

for _group in ("xf86", "xkb"):
    XK.load_keysym_group(_group)


class X11Keys:
    """The key source "x11", on the display of that name, reached by ``connect``."""

    name = "x11"
    sees_release = True

    def __init__(self, display: str, connect: Connect = XConnection.open) -> None:
        self._display = display
        self._connect = connect
        self._cancel_wanted = False
        self._chords_wanted = False
        self._grabs: _Grabs | None = None
        self._events: _Events | None = None

    async def watch(self, keys: Keys, on_event: Callable[[KeyEvent], None], ready: Callable[[], None]) -> None:
        """As the port. Raises DesktopError for a key that another program has grabbed, or that the layout lacks."""
        watched = WatchedKeys(keys)
        connection = await self._connect(self._display)
        held = HeldKeys(on_event)
        self._grabs = _Grabs(connection, watched)
        try:
            self._grabs.take(self._cancel_wanted)
            self._events = events = _Events(connection, self._grabs, held)
            ready()
            async with beside(events.check_held):
                await connection.pump(events.handle)
        except GONE as problem:
            raise no_display("the X server has ended") from problem
        finally:
            self._grabs.leave_all()
            self._grabs = self._events = None
            connection.close()
            held.release_all(monotonic())

    def listen_for_cancel(self, wanted: bool) -> None:
        """As the port."""
        self._cancel_wanted = wanted
        if self._grabs is not None:
            self._grabs.want_cancel(wanted)

    def let_chords_through(self, wanted: bool) -> None:
        """As the port: a key that is held has the whole keyboard grabbed, so a chord would come here."""
        if self._events is not None:
            self._events.share(wanted)


class _Grabs:
    """The grabs of the watched keys, made anew when the layout changes."""

    def __init__(self, connection: XConnection, watched: WatchedKeys) -> None:
        self._connection = connection
        self._display = connection.display
        self._root = connection.root
        self._watched = watched
        self._cancel_wanted = False
        self._taken: dict[Role, set[tuple[int, int]]] = {}
        self._masks: dict[str, int] = {}
        self._locks: tuple[int, ...] = ()
        self._codes: dict[int, str] = {}

    def take(self, cancel_wanted: bool) -> None:
        """Grabs by the layout of now. Raises DesktopError, KEY_TAKEN or KEY_UNKNOWN."""
        self._cancel_wanted = cancel_wanted
        self.take_anew()

    def take_anew(self) -> None:
        """The layout changed, or there is another keyboard: what stays where it was remains grabbed without a gap."""
        self._read_layout()
        for role in self._watched.chords:
            if role is not Role.CANCEL:
                self._take(role)
        self.want_cancel(self._cancel_wanted)

    def leave_all(self) -> None:
        """Leaves all keys at once: the server ends a connection that was closed a moment later, with its grabs."""
        try:
            for role, pairs in self._taken.items():
                self._leave(role, pairs)
            self._display.sync()
        except GONE:
            pass  # With it the grabs have ended.

    def want_cancel(self, wanted: bool) -> None:
        """Grabs the cancel key, or leaves it. Where that fails the dictation goes on, and only the log tells."""
        self._cancel_wanted = wanted
        if Role.CANCEL not in self._watched.chords:
            return
        try:
            if wanted:
                self._take(Role.CANCEL)
            else:
                self._leave(Role.CANCEL, self._taken.get(Role.CANCEL, set()))
        except DesktopError as problem:
            _LOG.warning("the cancel key is not watched: %s", problem.message)
        except GONE:
            pass  # `pump` sees it too.
        self._connection.poke()

    def role(self, code: int, state: int, held: Iterable[Role]) -> Role | None:
        """What a pressed key is for."""
        modifiers = frozenset(name for name, mask in self._masks.items() if state & mask)
        role = self._watched.role(self._codes.get(code, ""), modifiers, frozenset(held))
        return role if role is not Role.CANCEL or self._cancel_wanted else None

    def _take(self, role: Role) -> None:
        chord = self._watched.chords[role]
        wanted = self._pairs(chord)
        before = self._taken.get(role, set())
        refused = error.CatchError(error.BadAccess)
        for code, mask in wanted - before:
            self._root.grab_key(code, mask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
        self._taken[role] = wanted
        self._leave(role, before - wanted)
        self._display.sync()
        if refused.get_error() is not None:
            self._leave(role, wanted)
            hint = "close that program, free the key in its settings, or choose another: hotkey.key = …"
            raise DesktopError(Reason.KEY_TAKEN, f"another program has grabbed the key {chord}", hint)

    def _leave(self, role: Role, pairs: set[tuple[int, int]]) -> None:
        for code, mask in pairs:
            self._root.ungrab_key(code, mask)
        self._taken[role] = self._taken.get(role, set()) - pairs
        self._display.flush()

    def _read_layout(self) -> None:
        modifiers = self._display.get_modifier_mapping()
        self._masks = {"ctrl": X.ControlMask, "shift": X.ShiftMask}
        self._masks |= {name: self._mask(modifiers, keys) for name, keys in _KEYS_OF_MODIFIERS.items()}
        locks = {X.LockMask, *(self._mask(modifiers, (key,)) for key in _LOCKS)} - {0}
        subsets = chain.from_iterable(combinations(locks, size) for size in range(len(locks) + 1))
        self._locks = tuple(sum(subset) for subset in subsets)
        chords = self._watched.chords.values()
        self._codes = {code: chord.key.name for chord in chords for code in self._codes_of(chord)}

    def _mask(self, modifiers: Any, keys: Iterable[str]) -> int:
        """The modifier that those keys are, 0 if none."""
        codes = {code for key in keys for code in _keycodes(self._display, key, levels=None)}
        return next((1 << row for row, members in enumerate(modifiers) if codes & set(members)), 0)

    def _codes_of(self, chord: Chord) -> list[int]:
        """The key codes of a chord's key; none when the layout has no such key."""
        name = chord.key.name
        return _keycodes(self._display, name, levels=2) or _keycodes(self._display, _ALIKE.get(name, ""), levels=2)

    def _pairs(self, chord: Chord) -> set[tuple[int, int]]:
        """Key codes and modifiers to grab. Raises DesktopError when the layout has no such key."""
        codes = self._codes_of(chord)
        lacking = next((modifier for modifier in chord.modifiers if not self._masks[modifier]), "")
        if not codes or lacking:
            what = f"{lacking} key" if lacking else f"key {chord.key.name} without Shift"
            hint = "choose another key; `xev` shows the names of those that you press"
            raise DesktopError(Reason.KEY_UNKNOWN, f"the keyboard layout has no {what}", hint)
        modifiers = reduce(or_, (self._masks[name] for name in chord.modifiers), 0)
        return {(code, modifiers | locks) for code in codes for locks in self._locks}


class _Events:
    """Makes of the server's events what happened to the watched keys.

    A grab ends with the key that began it: the release of a second key that was pressed meanwhile does not come here,
    nor do the releases among its repeats. So a press of a key that is down is no new one; `check_held` finds its end.
    """

    def __init__(self, connection: XConnection, grabs: _Grabs, held: HeldKeys) -> None:
        self._connection = connection
        self._display = connection.display
        self._grabs = grabs
        self._held = held
        self._clock = ServerClock()
        self._sharing = False
        self._shared = anyio.Event()

    def handle(self, event: Any) -> None:
        """One event. Raises DesktopError when a key cannot be grabbed by a new layout."""
        if event.type == X.KeyPress:
            role = self._grabs.role(event.detail, event.state, self._held.roles)
            if role is not None:
                self._held.press(role, self._clock.at(event.time, monotonic()), by=event.detail)
            if self._sharing:  # each repeat of a held key grabs the keyboard again
                self._give_back()
        elif event.type == X.KeyRelease and event.detail in self._held.down:
            following = self._following()
            if following is None or not _repeats(event, following):
                self._held.release(self._clock.at(event.time, monotonic()), by=event.detail)
            if following is not None:
                self.handle(following)
        elif event.type == X.MappingNotify:
            self._display.refresh_keyboard_mapping(event)
            self._grabs.take_anew()

    def share(self, wanted: bool) -> None:
        """Whether the keyboard is given back while a key is held."""
        self._sharing = wanted
        if wanted and self._held.down:
            try:
                self._give_back()
                self._connection.flush()
            except GONE:
                pass  # `pump` sees it too.

    def _give_back(self) -> None:
        self._display.ungrab_keyboard(X.CurrentTime)
        self._shared.set()

    async def check_held(self) -> None:
        """Releases keys that are up without having told so. Ends with the server."""
        while True:
            with anyio.move_on_after(CHECK_S):
                await self._shared.wait()
                await anyio.sleep(SHARED_CHECK_S)
            try:
                if self._held.down:
                    self._release_what_is_up()
                else:
                    self._shared = anyio.Event()
            except GONE:
                return  # `pump` tells.

    def _release_what_is_up(self) -> None:
        down = self._display.query_keymap()
        self._connection.poke()
        # Releases that are on their way have the better time, and repeats among them are none.
        if self._display.pending_events():
            return
        for code in self._held.down:
            if isinstance(code, int) and not down[code // 8] >> code % 8 & 1:
                self._held.release(monotonic(), by=code)

    def _following(self) -> Any:
        """The event after a release. The server sends both halves of a repeat at once; an answer comes after them."""
        if not self._display.pending_events():
            self._display.query_keymap()
        return self._display.next_event() if self._display.pending_events() else None


def _repeats(release: Any, press: Any) -> bool:
    """A key that repeats goes up and down again in the same millisecond."""
    return bool(press.type == X.KeyPress and press.detail == release.detail and press.time == release.time)


def _keycodes(display: Any, name: str, levels: int | None) -> list[int]:
    """The codes of the keys of that name: in each of the layout's groups without Shift (levels=2), or anyhow."""
    keysym = XK.string_to_keysym(name.replace("XF86", "XF86_")) if name else 0
    found = display.keysym_to_keycodes(keysym) if keysym else ()
    return [code for code, index in found if levels is None or index % levels == 0]
