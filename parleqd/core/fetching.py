"""What the model store and its downloading child say to each other: the child writes one of these a line.

Over the pipe they are JSON, told apart by the field ``is``.
"""

from __future__ import annotations

import msgspec


class FetchProgress(msgspec.Struct, frozen=True, tag_field="is", tag="progress"):
    """How far the whole download is, in bytes, and the file at work; ``total`` is 0 while unknown."""

    file: str
    done: int
    total: int


class FetchFailed(msgspec.Struct, frozen=True, tag_field="is", tag="failed"):
    """The download gave up: the last line. ``reason`` is a ``Reason``; what was fetched is kept."""

    reason: str
    message: str
    hint: str


class FetchDone(msgspec.Struct, frozen=True, tag_field="is", tag="done"):
    """Every file is there and verified: the last line."""


FetchLine = FetchProgress | FetchFailed | FetchDone
