"""Records in a file: each with a number and a checksum, so that a torn or damaged one costs only itself."""

from __future__ import annotations

import errno
import os
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

_MAGIC = b"\xf1PQ\x1e"
_HEADER = struct.Struct("<4sIQI")
"""Magic, length of the payload, number, CRC-32 of number and payload."""


class Record(NamedTuple):
    """``offset``: where in the file it begins."""

    number: int
    payload: bytes
    offset: int


def frame(number: int, payload: bytes) -> bytes:
    """The bytes of one record. ``number`` places it: a sample's, or a count."""
    return _HEADER.pack(_MAGIC, len(payload), number, _checksum(number, payload)) + payload


def scan(data: bytes) -> Iterator[Record]:
    """The whole records of a file, in order; what is none is passed over up to the next that is."""
    at = data.find(_MAGIC)
    while 0 <= at <= len(data) - _HEADER.size:
        _, length, number, checksum = _HEADER.unpack_from(data, at)
        begin = at + _HEADER.size
        payload = data[begin : begin + length]
        if len(payload) == length and _checksum(number, payload) == checksum:
            yield Record(number, payload, at)
            at = data.find(_MAGIC, begin + length)
        else:
            at = data.find(_MAGIC, at + 1)


def write(file: int, record: bytes) -> None:
    """Append to an open file. Raises ``OSError``, also where only a part was taken: then the place is full."""
    if os.write(file, record) < len(record):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _checksum(number: int, payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(number.to_bytes(8, "little")))
