"""Exit codes: what a script learns without reading a word."""

from __future__ import annotations

from parleq_client import ClientError, UnreachableError

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Iterable

DONE = 0
USAGE = 2
UNREACHABLE = 3
FAILED = 4
NOTHING_SAID = 5
INTERRUPTED = 130
"""128 + SIGINT, as shells have it; SIGTERM and SIGHUP end a command in the same way."""

_WORST_FIRST = (UNREACHABLE, FAILED, NOTHING_SAID, DONE)


def of_error(error: ClientError) -> int:
    """3 when no daemon was there, or it went away in between; 4 for every other refusal or failure."""
    return UNREACHABLE if isinstance(error, UnreachableError) else FAILED


def worst(codes: Iterable[int]) -> int:
    """The code of several files together: a failure outweighs one in which nothing was said."""
    return min(codes, key=_WORST_FIRST.index, default=DONE)
