"""What the engine needs from outside, as small protocols; `app.wiring` names who fills them.

Every port has one contract test (``tests/contract``) that runs over the real part and over its fake.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from parleqd.core.session.stages import Stage
from parleqd.core.settings import Settings
from parleqd.core.speech import messages as speech
from parleqd.protocol.names import MicrophoneState, Pace, Reason, Source


class Log(Protocol):
    """The event log. Fields are counts, names and durations: never dictated text, a key or a token."""

    def __call__(self, event: str, /, **fields: str | int | float | bool | None) -> None:
        """Record one event."""


# Hearing


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
    """

    id: str
    name: str
    default: bool = False
    monitor: bool = False


class MicrophoneChoice(msgspec.Struct, frozen=True):
    """What the settings ask for. ``device``: "default", or a `Device`'s id or name. ``channel`` counts from 1.

    ``preroll_s``: seconds heard before the key goes down, kept in memory; 0 keeps the device closed between sessions.
    """

    device: str = "default"
    channel: int = 1
    preroll_s: float = 0.0


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


class JournalEntry(Protocol):
    """One session's audio and stages, kept until its text is delivered."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def samples(self) -> int:
        """How many samples have been appended since the beginning, trimmed ones included."""

    @property
    def seconds(self) -> float:
        """The same in seconds."""

    def set_rate(self, rate: int) -> None:
        """Samples a second, said before the first append; 16 000 when never said."""

    def note(self, stage: Stage) -> None:
        """Keep a stage. Never waits, never raises: what cannot be kept is told to the journal's log."""

    async def append(self, pcm: bytes) -> None:
        """Keep these frames; returns when a crash of the daemon would no longer lose them (if the journal can).

        Never raises: where the place is full or gone, the entry goes on in memory, and the journal says so once.
        """

    def read(self, start: int, count: int) -> bytes:
        """At most ``count`` samples from sample ``start``; less at the end. Trimmed samples cannot be read."""

    def trim(self, before: int) -> None:
        """Samples before ``before`` will not be read again."""

    def discard(self) -> None:
        """Forget audio and stages."""


class LeftBehind(NamedTuple):
    """An entry of a daemon that is gone: its stages in order; its audio is read from the entry."""

    session_id: str
    entry: JournalEntry
    stages: Sequence[Stage]


class Journal(Protocol):
    """Keeps what was said until it is delivered."""

    @property
    def place(self) -> str:
        """Where, in words for ``doctor``: a folder, or that it is the daemon's own memory."""

    @property
    def survives(self) -> bool:
        """Does what is kept now outlive the daemon?"""

    def open(self, session_id: str) -> JournalEntry:
        """A new, empty entry. Never raises: see ``JournalEntry.append``."""

    def inherit(self, session_id: str, entry: JournalEntry) -> JournalEntry:
        """A new entry with another's audio, which has none from then on; its stages stay with it."""

    def left_behind(self) -> Sequence[LeftBehind]:
        """What an earlier daemon on the same socket left, oldest first. Asked once, before ``open``.

        A damaged record costs only itself; an entry that cannot be understood at all is discarded and logged.
        """

    def close(self) -> None:
        """The daemon ends: what was not discarded stays for the next one, and the place is free for it."""


# Secrets


class Secrets(Protocol):
    """What the system keeps for this user under lock and key, by name.

    Every method raises ``OutsideError`` (``keyring_locked``, ``keyring_missing``) when the keyring cannot be used.
    """

    async def get(self, name: str) -> str | None:
        """The secret of that name; ``None`` where there is none."""

    async def set(self, name: str, secret: str) -> None:
        """Keep it, instead of the one of that name if there is one."""

    async def delete(self, name: str) -> None:
        """Forget it; one that is not there is no error."""


# Recognising


class Recogniser(Protocol):
    """One running recogniser, loaded with one model. Its end is the end of ``events``."""

    def send(self, command: speech.Command) -> None:
        """Queue a command, in order; never waits. Ignored once the recogniser has ended."""

    def events(self) -> AsyncIterator[speech.Event]:
        """What it answers; ends when the recogniser has ended, for whatever cause. Iterate once."""

    def kill(self) -> None:
        """End it now, whatever it is doing (a stopped process too)."""

    async def close(self) -> None:
        """Let it end by itself, then by force; returns when it is gone."""


class RecogniserFactory(Protocol):
    """Starts recognisers."""

    def start(self) -> AbstractAsyncContextManager[Recogniser]:
        """A fresh recogniser that waits for ``Load``; gone when the block is left.

        Entering raises ``OutsideError`` (``worker_failed``) when none can be started.
        """


# Models


class Model(msgspec.Struct, frozen=True):
    """A speech model that is, or can be, installed. ``path`` is "" while it is not installed."""

    name: str
    path: str
    installed: bool
    removable: bool = True
    description: str = ""


class DownloadProgress(msgspec.Struct, frozen=True):
    """How far a download is, in bytes; ``total`` is 0 while unknown."""

    file: str
    done: int
    total: int


class ProgressSink(Protocol):
    """Told how far a download is."""

    def __call__(self, progress: DownloadProgress, /) -> None:
        """Never waits."""


class ModelStore(Protocol):
    """The speech models on this machine and those that can be fetched."""

    def list(self) -> Sequence[Model]:
        """All known models: embedded, installed, and those that can be installed by name."""

    def find(self, name: str) -> Model:
        """The model of that name or folder. Raises ``RefusedError`` (``model_missing``) with what would be right."""

    async def install(self, name: str, progress: ProgressSink) -> Model:
        """Fetch a model by name, or register a local folder. Cancelling keeps what was fetched, to resume from.

        Raises ``OutsideError`` (``download_failed``, ``model_damaged``) or ``RefusedError`` (``model_missing``).
        """

    async def remove(self, name: str) -> None:
        """Delete an installed model (a registered local folder is only forgotten, the embedded one refused)."""


# Settings


class SettingsStore(Protocol):
    """The settings file, and what is in effect."""

    @property
    def path(self) -> Path:
        """Where the file is, or would be."""

    @property
    def settings(self) -> Settings:
        """What is in effect: the last good settings."""

    @property
    def problems(self) -> Sequence[object]:
        """What is wrong with the file as last read; each prints as one line."""

    def show(self) -> Sequence[SettingOrigin]:
        """Every effective setting with where its value comes from."""

    async def reload(self) -> Sequence[object]:
        """Read the file again; returns the problems."""

    async def set(self, key: str, value: str) -> None:
        """Write one key, keeping the file's comments. Raises ``ConfigError`` and leaves the file as it was."""


class SettingOrigin(msgspec.Struct, frozen=True):
    """One setting: dotted key, value as JSON, and its origin ("default", "environment NAME", "file:line")."""

    key: str
    value: str
    origin: str
