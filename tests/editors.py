"""What the tests of every editor stand on: a real daemon with a real model, and somebody who speaks to its microphone.

    with editor_desk(tmp_path) as desk:
        editor = start_my_editor(env=desk.environment)   # PARLEQ_SOCKET names the daemon; HOME is the test's own
        editor.start_dictation()
        desk.wait_listening()
        with desk.speaking():                            # somebody speaks until the block ends
            eventually(editor.shows_partials, "…")
        editor.stop_dictation()
        desk.wait_settled()                              # nothing under way, nothing pending: acknowledged
        assert editor.text() == "before " + desk.last_text() + "after"

``desk.speak()`` plays the whole recording and returns when it has been heard. ``desk.daemon`` is a
`tests.e2e.programs.Daemon`: ``crash()``, then ``start_again()``, is a daemon that dies in the middle of a dictation and
comes back. A test that uses this is marked ``pytest.mark.alone`` and has a timeout of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from parleqd._tools.demo_recording import RECORDING
from parleqd._tools.private_audio import PrivateAudio
from parleqd.speech_worker.decode.audio_file import pcm
from tests.audio_files import write_wav
from tests.e2e.microphone import UNDER_WAY_S, hearing, wait_listening
from tests.e2e.programs import Daemon, eventually, pause
from tests.e2e.recordings import part, words

SPOKEN_S = 3.6
"""So much of the recording is spoken by default: "So, um, the garden party is on Friday, …"."""
SPOKEN_WORDS = {"garden", "party", "friday"}
"""What a model hears of that."""
PATIENCE_S = 60.0


class EditorDesk:
    """``environment``: what an editor needs beside the ordinary variables of its process."""

    def __init__(self, audio: PrivateAudio, daemon: Daemon, wav: Path, home: Path) -> None:
        self.audio, self.daemon = audio, daemon
        self.environment = {
            "PARLEQ_SOCKET": str(daemon.socket),
            **{name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")},
        }
        self._wav = wav

    def speak(self) -> None:
        """Speaks the whole recording, and returns when the daemon has heard it."""
        self.audio.play(self._wav)
        pause(UNDER_WAY_S)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Speaks until the block ends, or the recording does."""
        player = self.audio.start_playing(self._wav)
        try:
            yield
        finally:
            player.kill()
            player.wait()

    def wait_listening(self) -> None:
        """Until the microphone gives frames."""
        wait_listening(self.daemon)

    def wait_settled(self) -> None:
        """Until nothing is under way and no text waits: each was acknowledged, or given up."""
        try:
            eventually(self._settled, "everything is delivered", PATIENCE_S)
        except AssertionError as missed:
            raise AssertionError(f"{missed}; pending: {self.pending()}") from missed

    def wait_pending(self, count: int = 1) -> None:
        """Until so many texts wait, and nothing is under way."""
        eventually(lambda: self.daemon.status()["sessions"] == 0 and len(self.pending()) == count, f"{count} wait")

    def pending(self) -> list[dict[str, Any]]:
        """The sessions whose texts wait, whosever they are."""
        return list(self._ask("session/pending", {"all": True})["sessions"])

    def last_text(self, *, at_least: int = 2) -> str:
        """The text of the latest finished dictation; it is checked to be what was spoken.

        ``at_least``: so many of `SPOKEN_WORDS`; one, where it was cut off in the middle.
        """
        text = str(self._ask("history/last")["result"]["text"])
        assert sounds_right(text, at_least=at_least), text
        return text

    def dictations(self) -> int:
        """How many dictations the daemon has finished since it started."""
        return len(self._ask("history/list")["entries"])

    def _settled(self) -> bool:
        status = self.daemon.status()
        return bool(status["state"] == "idle" and status["pending"] == 0 and status["sessions"] == 0)

    def _ask(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        with self.daemon.connect() as connection:
            return connection.call(method, params)


def sounds_right(text: str, *, at_least: int = 2) -> bool:
    """Is that, give or take what a model mishears, what was spoken?"""
    return len(SPOKEN_WORDS & set(words(text))) >= at_least


@contextmanager
def editor_desk(folder: Path, *, spoken_s: float = SPOKEN_S, settings: str = "") -> Iterator[EditorDesk]:
    """The daemon, the sound server and the recording's first ``spoken_s`` seconds; the daemon's model is loaded."""
    wav = write_wav(folder / "spoken.wav", part(b"".join(pcm(RECORDING)), 0, spoken_s))
    home = folder / "home"
    home.mkdir()
    with hearing(settings) as (audio, daemon):
        try:
            yield EditorDesk(audio, daemon, wav, home)
        except Exception as failure:
            failure.add_note(f"the daemon's log:\n{daemon.log}")
            raise
