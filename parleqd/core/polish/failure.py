"""Why a target gave no usable text, and what may be tried next."""

from __future__ import annotations

import enum

import msgspec

from parleqd.protocol.names import Reason


class Remedy(enum.Enum):
    """What may be tried with the same target, once each and inside the budget."""

    NOTHING = "nothing"
    REPAIR = "repair"
    """The request without, or with another name for, the parameter ``param``."""
    NEW_TOKEN = "new_token"
    """The same request with a token minted anew."""
    AGAIN = "again"
    """The same request, after ``retry_after_s`` if that is known, else after a short pause."""


class Failure(msgspec.Struct, frozen=True):
    """One request that failed.

    ``fail_over``: another target may do better. ``ails``: it says something of the target's health (a filtered prompt
    does not). ``retry_after_s``: the service's own hint, ``None`` without one; it may be a day. ``param``: what a
    ``REPAIR`` is about. ``request_id``: what the service's support asks for. ``audience``: what a 401 names as the
    one it expects.
    """

    reason: Reason
    message: str
    hint: str = ""
    remedy: Remedy = Remedy.NOTHING
    fail_over: bool = True
    ails: bool = True
    retry_after_s: float | None = None
    param: str = ""
    request_id: str = ""
    audience: str = ""
