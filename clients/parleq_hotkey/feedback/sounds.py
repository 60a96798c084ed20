"""Plays a sound before a recording and one after it, and never lets the microphone hear the first.

The start sound is played to its end before the microphone is asked for (`before_recording`), and what is left of an
earlier end sound is broken off; where a pre-roll keeps the microphone open, there is no start sound. A sound that
cannot be played, or not in time, is left out.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import anyio
from anyio import to_thread

from parleq_hotkey.feedback.tones import END, RATE, START, tones
from parleq_hotkey.feedbacks import Silent
from parleq_hotkey.ports import BackEnd
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, Reason

BEGINS_WITHIN_S = 0.5
"""A start sound that has not begun by then is left out: people speak."""
ENDS_WITHIN_S = 1.0
"""Of the moment when it was to begin; a sound system that takes longer hangs."""
EXAMINED_WITHIN_S = 3.0
_BYTES_A_SECOND = 2 * RATE
_CHUNK_BYTES = _BYTES_A_SECOND // 100
"""10 ms."""
_LOG = logging.getLogger(__name__)


class Sounds(Silent):
    """``load`` gives the module (sounddevice), or raises ImportError or OSError where it, or PortAudio, is not."""

    def __init__(self, load: Callable[[], Any] | None = None) -> None:
        self._player = Player(load or load_sounddevice)
        self._settings = FeedbackSettings()
        self._chosen = anyio.Event()
        self._news = anyio.Event()
        self._ended = False
        self._recorded = False

    async def run(self) -> None:
        """Plays what is to be played after recordings, until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._prepare)
            while True:
                await self._news.wait()
                self._news = anyio.Event()
                if self._ended:
                    self._ended = False
                    await self._player.play(END)

    def choose(self, settings: FeedbackSettings) -> None:
        """Holds from the next recording on."""
        self._settings = settings
        if settings.sounds != "off":
            self._chosen.set()

    async def before_recording(self) -> None:
        """Returns when nothing of ours is to be heard any more."""
        self._recorded, self._ended = True, False
        await self._player.hush()
        if self._settings.sounds == "all" and not self._settings.preroll_s:
            await self._player.play(START)

    def working(self, phase: Phase) -> None:
        """Once for each recording: the microphone is closed by now."""
        if self._recorded and self._settings.sounds != "off":
            self._ended = True
            self._news.set()
        self._recorded = False

    def cancelled(self) -> None:
        """The user knows that it is over."""
        self._recorded = False

    def dropped(self) -> None:
        """There was none."""
        self._recorded = False

    def failed(self, reason: str, message: str, hint: str) -> None:
        """There was none, or it is over."""
        self._recorded = False

    async def _prepare(self) -> None:
        """Loading the library takes as long as a word: it is done before the first sound is wanted."""
        await self._chosen.wait()
        await self._player.prepare()


class Player:
    """Plays one sound at a time, in a thread. Never raises."""

    def __init__(
        self, load: Callable[[], Any], begins_within_s: float = BEGINS_WITHIN_S, ends_within_s: float = ENDS_WITHIN_S
    ) -> None:
        self._load = load
        self._begins_within_s = begins_within_s
        self._ends_within_s = ends_within_s
        self._turn = anyio.Lock()
        self._failed = False
        self._busy = False
        self._sound: _Sound | None = None

    async def prepare(self) -> None:
        """Loads what is needed."""
        await to_thread.run_sync(self._loaded, abandon_on_cancel=True)

    async def play(self, notes: tuple[float, ...]) -> None:
        """Returns when the notes have been heard, or will not be."""
        async with self._turn:
            if self._busy:  # a call into the library has not come back: no other is begun
                return
            self._sound = sound = _Sound(notes)
            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(self._watch, sound, scope)
                    await to_thread.run_sync(self._play, sound, abandon_on_cancel=True)
                    await anyio.sleep(max(0.0, sound.over_at - monotonic()))
                    tasks.cancel_scope.cancel()

    async def hush(self) -> None:
        """Breaks off what is played; returns when nothing of it is left."""
        if self._sound is not None:
            self._sound.hushed = True
        async with self._turn:
            return

    async def _watch(self, sound: _Sound, scope: anyio.CancelScope) -> None:
        """Ends the waiting: at once where the sound had not begun in time, and then never will; else a while later."""
        await anyio.sleep(self._begins_within_s)
        if not sound.forbid():
            await anyio.sleep(self._ends_within_s - self._begins_within_s)
            sound.hushed = True
        scope.cancel()

    def _play(self, sound: _Sound) -> None:
        """In a thread."""
        self._busy = True
        try:
            self._sound_out(sound)
        finally:
            self._busy = False

    def _sound_out(self, sound: _Sound) -> None:
        library = self._loaded()
        if library is None:
            return
        try:
            stream = library.RawOutputStream(samplerate=RATE, channels=1, dtype="int16", latency="low")
            try:
                if sound.begin():
                    stream.start()
                    _write(stream, sound)
            finally:
                stream.close()
        except library.PortAudioError as error:
            self._fail(error)

    def _loaded(self) -> Any:
        try:
            return self._load()
        except (ImportError, OSError) as error:
            self._fail(error)
            return None

    def _fail(self, error: Exception) -> None:
        """Told once: without sounds everything else goes on."""
        if not self._failed:
            self._failed = True
            _LOG.warning("no sounds can be played: %s", error)


class _Sound:
    """A sound that either begins or is forbidden, whichever comes first.

    ``over_at``: when the loudspeaker has played it, in monotonic seconds.
    """

    def __init__(self, notes: tuple[float, ...]) -> None:
        self.notes = notes
        self.hushed = False
        self.over_at = 0.0
        self._decision = threading.Lock()

    def begin(self) -> bool:
        return self._decision.acquire(blocking=False)

    def forbid(self) -> bool:
        return self._decision.acquire(blocking=False)


def _write(stream: Any, sound: _Sound) -> None:
    pcm, began = tones(sound.notes), monotonic()
    for at in range(0, len(pcm), _CHUNK_BYTES):
        if sound.hushed:
            stream.abort()
            return
        stream.write(pcm[at : at + _CHUNK_BYTES])
    # It returns when all has been handed over, with PulseAudio before the end is heard.
    stream.stop()
    sound.over_at = began + len(pcm) / _BYTES_A_SECOND + stream.latency


async def examine(load: Callable[[], Any] | None = None, within_s: float = EXAMINED_WITHIN_S) -> BackEnd:
    """Can sounds be played here?"""
    found: list[BackEnd] = []

    def look() -> None:
        found.append(_looked_at(load or load_sounddevice))

    with anyio.move_on_after(within_s):
        await to_thread.run_sync(look, abandon_on_cancel=True)
    message, hint = f"the sound system does not answer within {within_s:g} s", "`systemctl --user restart pipewire`"
    return found[0] if found else BackEnd("feedback", "sounds", False, message, hint)


def _looked_at(load: Callable[[], Any]) -> BackEnd:
    """In a thread."""
    try:
        library = load()
    except ImportError:
        message, hint = "the Python package sounddevice is not installed", "`pip install sounddevice`"
        return BackEnd("feedback", "sounds", False, message, hint)
    except OSError:
        hint = "`sudo apt install libportaudio2` on Debian and Ubuntu, portaudio on Fedora and Arch"
        return BackEnd("feedback", "sounds", False, "PortAudio is not installed", hint, Reason.NO_PORTAUDIO)
    try:
        name = library.query_devices(kind="output")["name"]
    except (library.PortAudioError, ValueError):
        hint = "start the sound server: `systemctl --user start pipewire-pulse`, or `pulseaudio --start`"
        return BackEnd("feedback", "sounds", False, "PortAudio finds no loudspeaker", hint)
    return BackEnd("feedback", "sounds", True, f"PortAudio, by the device {name!r}")


def load_sounddevice() -> Any:
    """Imports the library, which loads and begins PortAudio: slow. Raises OSError without PortAudio."""
    import sounddevice

    return sounddevice
