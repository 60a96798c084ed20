"""Whose turn it is: texts for one recipient are delivered in the order in which their sessions started.

A session waits for earlier ones that will end by themselves. A live recording that is still going on holds nobody
back (it ends when its owner wants), and a file holds no live dictation back (it may be an hour long).
"""

from __future__ import annotations

from collections.abc import Iterable

from parleqd.core.session.machine import Session
from parleqd.core.session.states import Delivering, Ended, Offer, Recording
from parleqd.protocol.names import Deliver, Source


def ready(sessions: Iterable[Session]) -> list[Session]:
    """Of ``sessions``, those whose finished text waits and need wait no longer, in start order."""
    everybody = list(sessions)
    waiting = [session for session in everybody if _waits(session)]
    free = [later for later in waiting if not any(_holds_back(earlier, later) for earlier in everybody)]
    return sorted(free, key=lambda session: session.spec.number)


def _waits(session: Session) -> bool:
    return isinstance(session.state, Delivering) and session.state.offer is Offer.WAITING


def _recipient(session: Session) -> str:
    return "insert" if session.spec.deliver is Deliver.INSERT else session.spec.owner


def _holds_back(earlier: Session, later: Session) -> bool:
    if earlier.spec.number >= later.spec.number or _recipient(earlier) != _recipient(later):
        return False
    if isinstance(earlier.state, Ended):
        return False
    if isinstance(earlier.state, Delivering):
        return earlier.state.offer in (Offer.WAITING, Offer.UNDER_WAY)
    if earlier.spec.source is Source.FILE:
        return later.spec.source is Source.FILE
    return not isinstance(earlier.state, Recording)
