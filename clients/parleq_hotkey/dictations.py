"""What is known of each dictation that this client has begun, or is to insert."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

import anyio

from parleq_hotkey.gesture import Intent
from parleq_hotkey.ports import ReadyText, Window
from parleqd.protocol.names import Phase


@dataclass(eq=False)
class Dictation:
    """``session_id`` is "" until the daemon has answered. ``ending``: how the keys ended it, None while they do not.

    ``target``: where its text shall go, once `window` is set. ``mine``: begun here, not by another client.
    ``unsure``: it may turn out to be a tap, so nothing is shown of it. ``refines``: the review whose text it changes.
    """

    session_id: str = ""
    begun: float = field(default_factory=monotonic)
    """When the key went down, by the monotonic clock, seconds."""
    mine: bool = True
    hands_free: bool = False
    unsure: bool = False
    refines: Review | None = None
    ending: Intent | None = None
    phase: Phase | None = None
    over: bool = False
    target: Window | None = None
    known: anyio.Event = field(default_factory=anyio.Event)
    """The daemon has answered, or it never will."""
    told: anyio.Event = field(default_factory=anyio.Event)
    """The daemon knows how the keys ended it."""
    captured: anyio.Event = field(default_factory=anyio.Event)
    """``target`` says where the text shall go."""

    @property
    def recording(self) -> bool:
        """Is it still being recorded, as far as is known here?"""
        return not self.over and self.ending is None and self.phase in (None, Phase.RECORDING)

    @property
    def released(self) -> bool:
        """Have the keys ended it?"""
        return self.ending is not None

    @property
    def given_up(self) -> bool:
        """Have they ended it without a text?"""
        return self.ending in (Intent.DROP, Intent.CANCEL)

    @property
    def quick(self) -> bool:
        """Is its text to be inserted without review?"""
        return self.ending is Intent.STOP_QUICK


@dataclass(eq=False)
class Review:
    """A text that waits for a tap. ``sessions``: those whose texts it stands for, all to be acknowledged with it.

    ``refining``: what is being said, or was, shall change it. ``accepted``: the tap came before that change.
    """

    sessions: list[str]
    ready: ReadyText
    target: Window | None
    refining: bool = False
    accepted: bool = False


class Dictations:
    """All that are under way. The daemon may speak of one before it has answered with its name."""

    def __init__(self) -> None:
        self._starting: list[Dictation] = []
        self._by_session: dict[str, Dictation] = {}

    @property
    def starting(self) -> bool:
        """Is there one that the daemon has not named yet?"""
        return bool(self._starting)

    @property
    def all(self) -> list[Dictation]:
        """In the order in which they began, those without a name last."""
        return [*self._by_session.values(), *self._starting]

    @property
    def recording(self) -> bool:
        """Is one of them being recorded, or about to be? Another client's only once it is heard."""
        return any(one.recording and (one.mine or one.phase is not None) for one in self.all)

    def begin(self, dictation: Dictation) -> None:
        """The daemon is being asked to begin it."""
        self._starting.append(dictation)

    def name(self, dictation: Dictation, session_id: str) -> None:
        """The daemon has begun it."""
        dictation.session_id = session_id
        self._by_session[session_id] = dictation
        self._answered(dictation)

    def find(self, session_id: object) -> Dictation | None:
        """The one of that session, if it is known here."""
        return self._by_session.get(str(session_id))

    async def named(self, session_id: str) -> Dictation | None:
        """As `find`, after the daemon has named those that begin."""
        for starting in tuple(self._starting):
            if session_id not in self._by_session:
                await starting.known.wait()
        return self.find(session_id)

    def forget(self, dictation: Dictation) -> None:
        """Nothing more will come of it."""
        dictation.over = True
        dictation.told.set()
        self._by_session.pop(dictation.session_id, None)
        self._answered(dictation)

    def _answered(self, dictation: Dictation) -> None:
        dictation.known.set()
        if dictation in self._starting:
            self._starting.remove(dictation)
