"""Audio: where it comes from, and how a microphone is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from parleqd.protocol.names import MicrophoneState, Pace, Reason, Source


class CaptureRequest(msgspec.Struct, frozen=True):
    """What to listen to. ``path`` and ``pace`` are a file's."""

    source: Source
    path: str = ""
    pace: Pace = Pace.REALTIME


class AudioSink(Protocol):
    """Where a source puts its frames: mono signed 16-bit little-endian, whole samples."""

    def set_rate(self, rate: int) -> None:
        """How many samples a second will come; said once, before the first frame, if it is not 16 000."""

    async def write(self, pcm: bytes) -> None:
        """From the event loop: waits for room, returns once the frames are in the journal."""

    def push(self, pcm: bytes) -> None:
        """From any thread, one at a time: never waits; what finds no room is dropped and counted."""


class AudioSource(Protocol):
    """A file or a microphone."""

    async def capture(self, request: CaptureRequest, sink: AudioSink) -> None:
        """Put the audio into ``sink`` until it ends by itself, or until cancelled.

        Raises ``OutsideError`` with ``audio_unreadable`` when nothing at all could be heard, and with
        ``audio_incomplete`` or ``device_lost`` when the audio broke off after frames were delivered.
        """


class Device(msgspec.Struct, frozen=True):
    """A microphone that can be chosen. ``id`` is what the settings hold, ``name`` what people read.

    ``default``: the system's own choice at present. ``monitor``: hears what a loudspeaker plays.

    ``bus``: how it is connected, as the sound server says ("bluetooth", "usb", "pci"), "" unknown. ``output``: what
    programs play goes to the same device.
    """

    id: str
    name: str
    default: bool = False
    monitor: bool = False
    bus: str = ""
    output: bool = False


class MicrophoneChoice(msgspec.Struct, frozen=True):
    """What the settings ask for. ``device``: "default", or a `Device`'s id or name. ``channel`` counts from 1.

    ``preroll_s``: seconds heard before the key goes down, kept in memory; 0 keeps the device closed between sessions.

    ``avoid_bluetooth``: "default" is no Bluetooth headset that plays, while there is another microphone.
    """

    device: str = "default"
    channel: int = 1
    preroll_s: float = 0.0
    avoid_bluetooth: bool = True


class MicrophoneStatus(msgspec.Struct, frozen=True):
    """How the microphone is. ``device`` is the name of the one that is heard, or was last, or would be.

    ``reason``, ``message`` and ``hint`` say what is wrong where something is.
    """

    state: MicrophoneState
    device: str = ""
    reason: Reason | None = None
    message: str = ""
    hint: str = ""


class Microphone(AudioSource, Protocol):
    """The audio source that is a device, whatever becomes of it while it is heard."""

    @property
    def status(self) -> MicrophoneStatus:
        """How it is now, as far as is known without asking the system."""

    async def run(self, choice: MicrophoneChoice, on_status: Callable[[MicrophoneStatus], None]) -> None:
        """Prepare, then keep the pre-roll if one is asked for, until cancelled. ``on_status`` is told of changes."""

    def choose(self, choice: MicrophoneChoice) -> None:
        """Use this from now on (a capture that is under way keeps its device)."""

    async def devices(self) -> Sequence[Device]:
        """What can be chosen, as the system says now. Raises ``OutsideError`` (``no_portaudio``, ``no_microphone``)."""

    async def probe(self) -> MicrophoneStatus:
        """Try it for real: open it, wait for the first frame, close it. Never raises."""
