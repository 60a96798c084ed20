"""How long and how much the HTTP client bears with. Kept apart from what needs httpx, which is slow to import."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """``connect_s``: for TCP, and again for TLS. ``warm_s``: for a connection opened in advance, with its question.

    ``idle_s``: an unused connection is closed then; load balancers of clouds forget one after 4 minutes, silently.

    ``proved_s``: so long a connection that worked is taken to work still.

    ``body_bytes``: the longest answer, unpacked: about 30 times that of an hour's dictation, streamed.
    """

    connect_s: float = 3.0
    warm_s: float = 5.0
    idle_s: float = 120.0
    proved_s: float = 10.0
    body_bytes: int = 32 * 2**20


LIMITS = Limits()
