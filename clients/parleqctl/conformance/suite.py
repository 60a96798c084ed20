"""All checks of a server, in the order in which they are made."""

from __future__ import annotations

from parleqctl.conformance import events, framing, handshake, ownership, refusals, requests, sessions

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from parleqctl.conformance.checks import Check

CHECKS: list[Check] = [
    *handshake.GROUP,
    *framing.GROUP,
    *refusals.GROUP,
    *requests.GROUP,
    *events.GROUP,
    *sessions.GROUP,
    *ownership.GROUP,
]


def chosen(names: list[str]) -> list[Check]:
    """The checks of these names, or all. Raises KeyError with a name that is none's."""
    known = {check.name: check for check in CHECKS}
    return [known[name] for name in names] if names else CHECKS
