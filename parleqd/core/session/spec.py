"""What a session was asked to be. Only ``owner`` and ``deliver`` can change later, by a claim or a redirected stop."""

from __future__ import annotations

import msgspec

from parleqd.core.session.behaviour import Behaviour
from parleqd.protocol.names import Deliver, Mode, OnDisconnect, Pace, Source


class SessionSpec(msgspec.Struct, frozen=True):
    """``owner`` is a client's instance, or the connection of one that skipped the handshake.

    ``number`` counts sessions in start order; ``started`` is seconds since the epoch, for people. ``resumed``: a later
    daemon finishes it, so its text is offered, and never inserted unasked. ``languages``: those that "auto" may find;
    ``translate``: the text is wanted in English. ``behaviour``: what is done with it because of where it goes; the
    place itself is nowhere in here, since this is kept. ``baseline``: a text that what is spoken is to change.
    """

    id: str
    number: int
    owner: str
    source: Source
    deliver: Deliver
    mode: Mode
    started: float
    path: str = ""
    pace: Pace = Pace.REALTIME
    on_disconnect: OnDisconnect = OnDisconnect.STOP
    language: str = "en"
    languages: tuple[str, ...] = ()
    translate: bool = False
    partials: bool = False
    resumed: bool = False
    behaviour: Behaviour = Behaviour()
    baseline: str | None = None

    def unchanged(self, raw: str) -> str:
        """The text where cleanup or refinement failed."""
        return raw if self.baseline is None else self.baseline
