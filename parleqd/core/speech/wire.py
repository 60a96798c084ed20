"""Frames between the daemon and its children: four bytes of length, then one msgpack message.

Pure: bytes in, messages out, and back. Whoever owns the socket or pipe moves the bytes.
"""

from __future__ import annotations

import struct
from typing import Generic, TypeVar

import msgspec

from parleqd.core.speech.file_audio import FileAudio
from parleqd.core.speech.messages import Command, Event

MAX_FRAME_BYTES = 8 * 1024 * 1024
"""No message comes near this; a longer one means that something else wrote to the pipe."""

_LENGTH = struct.Struct("<I")
_ENCODER = msgspec.msgpack.Encoder()

T = TypeVar("T")


class WireError(Exception):
    """What came is no frame of ours. The stream cannot be trusted any further."""


class Unpacker(Generic[T]):
    """Collects bytes, however they arrive, and gives whole messages."""

    def __init__(self, decoder: msgspec.msgpack.Decoder[T]) -> None:
        self._decoder = decoder
        self._bytes = bytearray()

    def feed(self, data: bytes) -> list[T]:
        """The messages that are complete now. Raises ``WireError``."""
        self._bytes += data
        messages: list[T] = []
        at = 0
        while (body := at + _LENGTH.size) <= len(self._bytes):
            (length,) = _LENGTH.unpack_from(self._bytes, at)
            if length > MAX_FRAME_BYTES:
                raise WireError(f"a frame of {length} bytes was announced; at most {MAX_FRAME_BYTES} are sent")
            if body + length > len(self._bytes):
                break
            messages.append(self._decode(bytes(self._bytes[body : body + length])))
            at = body + length
        del self._bytes[:at]
        return messages

    def _decode(self, body: bytes) -> T:
        try:
            return self._decoder.decode(body)
        except msgspec.DecodeError as error:
            raise WireError(f"a frame of {len(body)} bytes holds no known message") from error


def pack(*messages: Command | Event | FileAudio) -> bytes:
    """The frames of these messages, one after the other."""
    frames = bytearray()
    for message in messages:
        body = _ENCODER.encode(message)
        frames += _LENGTH.pack(len(body))
        frames += body
    return bytes(frames)


def commands() -> Unpacker[Command]:
    """What a recogniser reads."""
    return Unpacker(msgspec.msgpack.Decoder(Command))


def events() -> Unpacker[Event]:
    """What the daemon reads from a recogniser."""
    return Unpacker(msgspec.msgpack.Decoder(Event))


def file_audio() -> Unpacker[FileAudio]:
    """What the daemon reads from the child that decodes a file."""
    return Unpacker(msgspec.msgpack.Decoder(FileAudio))
