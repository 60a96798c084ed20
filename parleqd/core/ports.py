"""What the engine needs from outside, as small protocols; `app.wiring` names who fills them.

Every port has one contract test (``tests/contract``) that runs over the real part and over its fake.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import msgspec

from parleqd.core.settings import Settings
from parleqd.core.speech import messages as speech
from parleqd.protocol.names import Pace, Source


class Log(Protocol):
    """The event log. Fields are counts, names and durations: never dictated text, a key or a token."""

    def __call__(self, event: str, /, **fields: str | int | float | bool | None) -> None:
        """Record one event."""


# Hearing


class CaptureRequest(msgspec.Struct, frozen=True):
    """What to listen to. ``path`` and ``pace`` are a file's, ``device`` the microphone's."""

    source: Source
    path: str = ""
    pace: Pace = Pace.REALTIME
    device: str = "default"


class AudioSink(Protocol):
    """Where a source puts its frames: 16 kHz mono signed 16-bit little-endian, whole samples."""

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


class JournalEntry(Protocol):
    """One session's audio, kept until its text is safe."""

    @property
    def samples(self) -> int:
        """How many samples have been appended since the beginning, trimmed ones included."""

    async def append(self, pcm: bytes) -> None:
        """Keep these frames; returns when a crash of the daemon would no longer lose them (if the journal can)."""

    def read(self, start: int, count: int) -> bytes:
        """At most ``count`` samples from sample ``start``; less at the end. Trimmed samples cannot be read."""

    def trim(self, before: int) -> None:
        """Samples before ``before`` will not be read again."""

    def discard(self) -> None:
        """Forget the audio."""


class Journal(Protocol):
    """Keeps the audio of sessions until their text is delivered."""

    def open(self, session_id: str) -> JournalEntry:
        """A new, empty entry."""


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
