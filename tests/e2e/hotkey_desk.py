"""A desk where a key is pressed in every way: real programs, real key events, a real microphone that hears speech."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from parleq_client.connection import Connection
from parleq_client.errors import RefusedError
from parleqd._tools.demo_recording import RECORDING
from parleqd._tools.private_x import PrivateX, private_x
from parleqd.speech_worker.decode.audio_file import pcm
from tests.audio_files import write_wav
from tests.desktop_targets.targets import gtk
from tests.e2e.hotkeys import Hotkey, running_hotkey
from tests.e2e.microphone import hearing
from tests.e2e.programs import Daemon, eventually, pause
from tests.parts import need
from tests.x_keys import XKeys, x_keys

KEY, CANCEL, OFFER = "F9", "Escape", "F8"
TAP_S, BETWEEN_TAPS_S, DECIDED_S = 0.08, 0.1, 0.45
"""Well within a tap, and well within and beyond the gap of a double tap."""

CLOSED_WITHIN_S = 1.0
_LONG_ENOUGH = 60


class Observer:
    """Another client, which is told of every session: their phases, and how they ended."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.phases: dict[str, list[str]] = {}
        self.ends: dict[str, str] = {}
        connection.initialize("observer", instance="observer", partials=False)
        connection.on_notification = self._note
        connection.call("events/subscribe", {"topics": ["state"]})

    def status(self) -> tuple[str, bool]:
        """The daemon's state, and whether the microphone is open."""
        status = self._connection.call("status/get")
        return str(status["state"]), status["microphone"]["state"] in ("opening", "listening")

    def listens(self) -> bool:
        """Is the microphone open?"""
        return self.status()[1]

    def idle(self) -> bool:
        """Is nothing under way?"""
        return self.status() == ("idle", False)

    def stop(self) -> None:
        """Stops the recording, whoever began it, if there is one."""
        with suppress(RefusedError):
            self._connection.call("session/stop")

    def waiting(self) -> set[str]:
        """The sessions whose texts wait."""
        found = self._connection.call("session/pending", {"all": True})["sessions"]
        return {str(session["session_id"]) for session in found}

    def settled(self) -> bool:
        """Has every session ended, or does its text wait?"""
        return set(self.phases) <= set(self.ends) | self.waiting()

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "session/state":
            self.phases.setdefault(params["session_id"], []).append(params["phase"])
            if params["phase"] == "ended":
                self.ends[params["session_id"]] = str(params["end"])


class HotkeyDesk:
    """``presses``: how often the key was pressed. ``kills``: how often the client was killed."""

    def __init__(self, folder: Path, server: PrivateX, daemon: Daemon, observer: Observer) -> None:
        self.server, self.daemon, self.observer = server, daemon, observer
        self.presses = self.kills = self.deaths = 0
        self._folder = folder
        self._keyboard = ExitStack()
        self.keys = self._opened()
        self._runs = 0
        self._running = ExitStack()
        self._logs = ""
        self.hotkey = self._started()

    def press(self) -> None:
        """The key goes down."""
        self.presses += 1
        self.keys.press(KEY)

    def release(self) -> None:
        """It goes up."""
        self.keys.release(KEY)

    def tap(self, seconds: float = TAP_S) -> None:
        """Down for a moment."""
        self.press()
        pause(seconds)
        self.release()

    def cancel(self) -> None:
        """The cancel key is tapped."""
        self.keys.press(CANCEL)
        self.keys.release(CANCEL)

    def wait_open(self) -> None:
        """Until the microphone is open."""
        eventually(self.observer.listens, f"the microphone is open\n{self.log}", 5)

    def wait_closed(self) -> None:
        """Until it is not: whatever happened, so soon."""
        eventually(lambda: not self.observer.listens(), f"no microphone is left open\n{self.log}", CLOSED_WITHIN_S)

    @property
    def log(self) -> str:
        """What all hotkey clients wrote to stderr."""
        return self._logs + self.hotkey.log

    @property
    def intended(self) -> int:
        """How many dictations the hotkey clients meant to begin, were not refused, and had not heard the end of yet."""
        log = self.log
        begun, refused, over = "DEBUG start\n", "a dictation could not begin", "a dictation was over before it began"
        return log.count(begun) - log.count(refused) - log.count(over)

    def restart_hotkey(self, number: signal.Signals) -> None:
        """The client ends by that signal, and another one takes its place."""
        self.kills += number is signal.SIGKILL
        self.hotkey.process.send_signal(number)
        self.wait_closed()
        self.hotkey.process.wait(10)
        self._logs += self.hotkey.log
        self._running.close()
        self.hotkey = self._started()

    def suspend_hotkey(self, seconds: float) -> None:
        """The client does nothing for a while."""
        self.hotkey.process.send_signal(signal.SIGSTOP)
        pause(seconds)
        self.hotkey.process.send_signal(signal.SIGCONT)

    def restart_server(self) -> None:
        """The display dies, and begins again, with a window on it."""
        self.deaths += 1
        watched, inserted = (self.hotkey.log.count(what) for what in ("keys are watched by", "texts are inserted by"))
        self.server.kill()
        self.wait_closed()
        self.server.start()
        self.keys = self._opened()
        eventually(lambda: self.hotkey.log.count("keys are watched by") > watched, f"watched again\n{self.log}", 20)
        eventually(lambda: self.hotkey.log.count("texts are inserted by") > inserted, f"inserts again\n{self.log}", 20)

    def end(self) -> None:
        """Ends the client."""
        self._running.close()
        self._keyboard.close()

    def _opened(self) -> XKeys:
        """A keyboard, and a window for what is dictated."""
        self._keyboard.close()
        gtk(self.server, self._folder, f"window-{self.deaths}").focus()
        return self._keyboard.enter_context(x_keys(self.server.name))

    def _started(self) -> Hotkey:
        self._runs += 1
        options = ("--log-level", "debug")
        return self._running.enter_context(
            running_hotkey(self.server, self.daemon, *options, log=f"hotkey-{self._runs}.log")
        )


@contextmanager
def hotkey_desk(folder: Path, settings: str = "") -> Iterator[HotkeyDesk]:
    """All of it, while somebody speaks."""
    for part in ("xvfb", "openbox", "xdotool", "gtk"):
        need(part)
    wav = write_wav(folder / "spoken.wav", b"".join(pcm(RECORDING)) * _LONG_ENOUGH)
    with hearing(settings) as (audio, daemon), private_x() as server, daemon.connect() as connection:
        player = audio.start_playing(wav)
        try:
            desk = HotkeyDesk(folder, server, daemon, Observer(connection))
            try:
                yield desk
            finally:
                desk.end()
        finally:
            player.kill()
            player.wait()
