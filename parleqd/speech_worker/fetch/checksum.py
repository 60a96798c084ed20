"""Whether a file is the one that was promised."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec


class Promise(msgspec.Struct, frozen=True):
    """What is known of a file beforehand; ``None``: nothing. ``git_sha1`` is git's name of its content."""

    name: str
    size: int | None = None
    sha256: str | None = None
    git_sha1: str | None = None


def is_kept(promise: Promise, path: Path) -> bool:
    """Compare size and checksum: sha256 where one is known (large files), else git's."""
    size = path.stat().st_size
    if promise.size not in (None, size):
        return False
    with open(path, "rb") as file:
        if promise.sha256 is not None:
            return hashlib.file_digest(file, "sha256").hexdigest() == promise.sha256
        if promise.git_sha1 is not None:
            # git hashes a header before the content: git-scm.com/book, "Git Internals - Git Objects".
            digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
            digest.update(file.read())
            return digest.hexdigest() == promise.git_sha1
    return True
