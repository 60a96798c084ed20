"""What a session was asked to be. Only ``owner`` and ``deliver`` can change later, by a claim or a redirected stop."""

from __future__ import annotations

import msgspec

from parleqd.protocol.names import Deliver, Mode, OnDisconnect, Pace, Source


class SessionSpec(msgspec.Struct, frozen=True):
    """``owner`` is a client's instance, or the connection of one that skipped the handshake.

    ``number`` counts sessions in start order; ``started`` is seconds since the epoch, for people. ``resumed``: a later
    daemon finishes it, so its text is offered, and never inserted unasked. ``languages``: those that "auto" may find;
    ``translate``: the text is wanted in English.
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
