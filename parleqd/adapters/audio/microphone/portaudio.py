"""PortAudio, through sounddevice: what can be opened, and streams of raw samples. Everything runs in threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import monotonic
from typing import Any, NamedTuple

from parleqd.adapters.audio.microphone.calls import Calls
from parleqd.core.capture import problems
from parleqd.core.capture.channels import take_channel
from parleqd.core.capture.choice import Input
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Device
from parleqd.protocol.names import SAMPLE_RATE

CALL_WITHIN_S = 4.0
BLOCKS_A_SECOND = 50
SERVER_ROUTES = ("pulse", "default")
"""ALSA's names for a way through the sound server, the surest first."""
_INVALID_SAMPLE_RATE = -9997  # paInvalidSampleRate, portaudio.h
_SERVER_SOURCE = ("PULSE_SOURCE", "PIPEWIRE_NODE")
"""The environment that libpulse (pulseaudio(1)) and PipeWire's own ALSA plugin read whenever a stream is opened."""


class Wanted(NamedTuple):
    """What to open. ``device``: PortAudio's number or ``None`` for its default; ``source``: the server's id or "".

    ``rates``: to be tried in this order.
    """

    name: str
    device: int | None
    source: str
    channels: int
    channel: int
    rates: tuple[int, ...]


class Stream:
    """One open microphone. ``last_frame``: when the latest frames came, by ``time.monotonic``.

    ``overflows``: how often the system dropped samples before PortAudio had them.
    """

    def __init__(self, wanted: Wanted, take: Callable[[bytes], None]) -> None:
        self.rate = SAMPLE_RATE
        self.last_frame: float | None = None
        self.ended = False
        self.overflows = 0
        self._channels, self._channel = wanted.channels, wanted.channel
        self._take: Callable[[bytes], None] | None = take
        self._native: Any = None

    def begin(self, library: Any, wanted: Wanted) -> Stream:
        """Open and start, in this thread; returns itself. Raises the library's ``PortAudioError``."""
        for rate in wanted.rates:
            try:
                self._native = library.RawInputStream(
                    samplerate=rate,
                    blocksize=rate // BLOCKS_A_SECOND,
                    device=wanted.device,
                    channels=wanted.channels,
                    dtype="int16",
                    latency="low",
                    callback=self._called,
                    finished_callback=self._finished,
                )
            except library.PortAudioError as error:
                if error.args[1:2] == (_INVALID_SAMPLE_RATE,) and rate != wanted.rates[-1]:
                    continue
                raise
            self.rate = rate
            break
        try:
            self._native.start()
        except library.PortAudioError:
            self._native.close()
            raise
        return self

    def silence(self) -> None:
        """Hand over nothing more, from now on."""
        self._take = None

    def end(self) -> None:
        """Abort and close, in this thread; a lost device may refuse either, which changes nothing."""
        self.silence()
        self._native.abort(ignore_errors=True)
        self._native.close(ignore_errors=True)

    def _called(self, data: Any, frames: int, time: object, flags: Any) -> None:
        """PortAudio's thread: copy, hand over, stamp."""
        take = self._take
        if take is not None:
            take(take_channel(bytes(data), self._channels, self._channel))
        self.last_frame = monotonic()
        self.overflows += bool(flags)

    def _finished(self) -> None:
        self.ended = True


class PortAudio:
    """The library: loaded when it is first needed. ``load`` gives the module (sounddevice), or raises ``OSError``."""

    def __init__(self, load: Callable[[], Any], patience_s: float = CALL_WITHIN_S) -> None:
        self._load = load
        self._call = Calls("the sound system", patience_s, whole=True)
        self._module: Any = None
        self._open: set[Stream] = set()

    async def load(self) -> Any:
        """Load it, if that is still to be done. Raises ``OutsideError`` (``no_portaudio``)."""
        if self._module is None:
            try:
                self._module = await self._call(self._load)
            except OutsideError:
                raise
            except Exception as error:  # OSError without the library, PortAudioError where it cannot begin
                raise problems.no_portaudio(str(error)) from error
        return self._module

    async def renew(self) -> None:
        """Look at the system's devices afresh; not while a stream is open, whose ground this would take away."""
        library = await self.load()
        await self._call(lambda: None if self._open else _renew(library))  # asked when it is this call's turn

    async def inputs(self) -> list[Input]:
        """What PortAudio itself can open, as it was at the last ``renew``."""
        library = await self.load()
        return await self._call(lambda: _inputs(library))

    async def server_route(self) -> int | None:
        """The number of the device that leads to the sound server."""
        library = await self.load()
        names = {str(device["name"]): int(device["index"]) for device in await self._call(library.query_devices)}
        return next((names[route] for route in SERVER_ROUTES if route in names), None)

    async def open(self, wanted: Wanted, take: Callable[[bytes], None]) -> Stream:
        """Open a microphone whose frames go to ``take``, in PortAudio's thread, until ``close``.

        Raises ``OutsideError`` (``no_microphone``, ``no_portaudio``, ``device_lost``).
        """
        library = await self.load()
        stream = Stream(wanted, take)
        try:
            opened = await self._call(lambda: _open(library, stream, wanted), undo=Stream.end)
        except library.PortAudioError as error:
            raise problems.cannot_open(wanted.name, str(error.args[0] if error.args else error)) from error
        self._open.add(opened)
        return opened

    async def close(self, stream: Stream) -> None:
        """The end of a stream. Raises ``OutsideError`` (``device_lost``) when the library hangs over it."""
        stream.silence()
        await self._call(stream.end)
        self._open.discard(stream)


def _open(library: Any, stream: Stream, wanted: Wanted) -> Stream:
    if not wanted.source:
        return stream.begin(library, wanted)
    before = {name: os.environ.get(name) for name in _SERVER_SOURCE}
    os.environ.update(dict.fromkeys(_SERVER_SOURCE, wanted.source))
    try:
        return stream.begin(library, wanted)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _renew(library: Any) -> None:
    library._terminate()
    library._initialize()


def _inputs(library: Any) -> list[Input]:
    default = library.default.device[0]
    systems = library.query_hostapis()
    if default < 0 and systems:
        default = systems[0]["default_input_device"]
    return [
        Input(
            Device(
                id=f"{device['name']}, {systems[device['hostapi']]['name']}",
                name=device["name"],
                default=device["index"] == default,
            ),
            channels=device["max_input_channels"],
            rate=int(device["default_samplerate"]),
            number=device["index"],
        )
        for device in library.query_devices()
        if device["max_input_channels"] > 0
    ]


def load_sounddevice() -> Any:
    """Import the library, which loads and begins PortAudio: slow. Raises ``OSError`` without PortAudio."""
    import sounddevice

    return sounddevice
