"""Any audio that FFmpeg reads (PyAV), as 16 kHz mono; what is none is refused in words that help.

Only the regular file that was named is read: FFmpeg gets its bytes, not its name, and an empty list of protocols, so
that a playlist opens neither other files nor addresses.

More than one channel is mixed to one by the mean of left and right. Where these cancel each other (one channel wired
inversely), the mean is near silence: such a stretch is heard from its louder channel instead.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from numpy.typing import NDArray

from parleqd.protocol.names import SAMPLE_RATE

AUDIO_HINT = "any audio or video file with sound will do: WAV, FLAC, MP3, M4A, Ogg, Opus, WebM, MP4 …"

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_EXACT_FORMATS = {"flac", "aiff", "caf", "w64", "mov", "matroska"}
"""Formats that say how long they are; of the others FFmpeg makes an estimate."""
_SLACK_S = 0.5
_FLAC_SLACK_S = 0.001
"""FLAC counts its samples; the other formats round, or count a coder's padding. WAV is held to its bytes."""
_STRETCH_SAMPLES = SAMPLE_RATE // 4
_CANCELLED = 0.1
"""Of the louder channel's energy: a voice in one channel alone leaves 0.25 in the mean, unlike channels leave 0.5."""
_UNKNOWN_SIZE = 0x7FFF_0000
"""Programs that write WAV to a pipe put a number like this where the size should be."""


class AudioFileError(Exception):
    """The file cannot be heard (any further)."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def pcm(path: Path) -> Iterator[bytes]:
    """The whole audio, piece by piece. Raises ``AudioFileError``, after what could be read."""
    with open_regular(path) as file:
        promised = promised_bytes(file.read(12))
        file.seek(0)
        size = os.fstat(file.fileno()).st_size
        try:
            with av.open(file, "r", metadata_errors="ignore", options={"protocol_whitelist": ""}) as container:
                yield from _decode(container)
        except av.error.PermissionError as error:
            raise AudioFileError("refers to other files or addresses, which are not followed", AUDIO_HINT) from error
        except av.error.FFmpegError as error:
            raise AudioFileError("is no audio that can be decoded, or is damaged", AUDIO_HINT) from error
        if promised is not None and promised > size:
            raise AudioFileError(f"breaks off: it holds {size} of {promised} bytes")


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file, and nothing that could keep the reader waiting. Raises ``AudioFileError``."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise AudioFileError("does not exist", "name an existing audio file") from error
    except PermissionError as error:
        raise AudioFileError("may not be read", "give yourself the right to read it") from error
    except OSError as error:
        raise AudioFileError(f"cannot be opened ({os.strerror(error.errno or 0)})", AUDIO_HINT) from error
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and found.st_size:
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    kind = _KINDS.get(stat.S_IFMT(found.st_mode))
    raise AudioFileError("is empty" if kind is None else f"is {kind}, not an audio file", AUDIO_HINT)


def promised_bytes(head: bytes) -> int | None:
    """How large a WAV file should be by its own header; ``None`` when it does not say, or is none."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    size = int.from_bytes(head[4:8], "little")
    return size + 8 if 0 < size < _UNKNOWN_SIZE else None


def _decode(container: InputContainer) -> Iterator[bytes]:
    if not container.streams.audio:
        raise AudioFileError("holds no sound", AUDIO_HINT)
    resampler = _resampler(mono=container.streams.audio[0].codec_context.layout.nb_channels == 1)
    heard = 0.0
    for frame in _frames(container):
        heard += frame.samples / frame.sample_rate
        frame.pts = None  # gaps in the time stamps are no silence
        yield from _bytes(resampler.resample(frame))
    yield from _bytes(resampler.resample(None))
    names = container.format.name.split(",")
    promised = (container.duration or 0) / av.time_base if _EXACT_FORMATS.intersection(names) else 0.0
    if heard < promised - (_FLAC_SLACK_S if "flac" in names else _SLACK_S):
        raise AudioFileError(f"breaks off: {heard:.2f} of {promised:.2f} seconds could be read")


def _resampler(*, mono: bool) -> AudioResampler:
    if mono:
        return AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    return AudioResampler(format="s16p", layout="stereo", rate=SAMPLE_RATE, frame_size=_STRETCH_SAMPLES)


def _frames(container: InputContainer) -> Iterator[AudioFrame]:
    """The frames of the first audio stream; damaged packets are passed over, as players do."""
    for packet in container.demux(container.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            if isinstance(frame, AudioFrame):
                yield frame


def _bytes(frames: list[AudioFrame]) -> Iterator[bytes]:
    for frame in frames:
        yield _mixed(frame.to_ndarray().astype(np.int16, copy=False)).tobytes()


def _mixed(channels: NDArray[np.int16]) -> NDArray[np.int16]:
    """One stretch of one or two channels (shape: channels, samples) as one channel."""
    if len(channels) == 1:
        return channels
    mean: NDArray[np.int32] = channels.sum(axis=0, dtype=np.int32) // 2
    energies = np.square(channels, dtype=np.float64).sum(axis=1)
    cancelled = np.square(mean, dtype=np.float64).sum() < _CANCELLED * energies.max()
    return channels[[energies.argmax()]] if cancelled else mean.astype(np.int16)
