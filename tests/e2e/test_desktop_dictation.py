"""All of it at once: a key held down, a voice at a real microphone, a real model, and the text in a window."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parleqd._tools.demo_recording import RECORDING
from parleqd._tools.private_audio import PrivateAudio
from parleqd._tools.private_wayland import private_wayland
from parleqd._tools.private_x import PrivateX, private_x
from parleqd.speech_worker.decode.audio_file import pcm
from tests import wayland
from tests.audio_files import write_wav
from tests.desktop_targets import targets
from tests.desktop_targets.targets import Target
from tests.e2e.hotkeys import INSERTED, Hotkey, running_hotkey
from tests.e2e.microphone import UNDER_WAY_S, hearing, wait_listening
from tests.e2e.programs import Daemon, eventually, pause
from tests.parts import need, scale

KEY = "F9"
SHELL = """bash --norc --noprofile -c 'read -e -r line; printf %s "$line" > "$0"' '{file}'"""

pytestmark = [pytest.mark.alone, pytest.mark.timeout(scale(120, 900))]


class Desk:
    """A desktop with everything that it takes to dictate."""

    def __init__(self, server: PrivateX, audio: PrivateAudio, daemon: Daemon, hotkey: Hotkey, wav: Path) -> None:
        self.server, self.audio, self.daemon, self.hotkey, self._wav = server, audio, daemon, hotkey, wav

    def dictate(self) -> None:
        """Holds the key while the recording is played."""
        self.server.run("xdotool", "keydown", KEY)
        wait_listening(self.daemon)
        self.audio.play(self._wav)
        pause(UNDER_WAY_S)
        self.server.run("xdotool", "keyup", KEY)

    def delivered(self) -> str:
        """The text of the last dictation, once nothing is under way or waits."""
        eventually(self._is_done, f"the text is delivered: {self.hotkey.log}\n{self.daemon.log}", 30)
        return str(json.loads(self.daemon.ctl("last", "--json").stdout)["text"])

    def _is_done(self) -> bool:
        status = self.daemon.status()
        return bool(status["state"] == "idle" and status["pending"] == 0 and status["sessions"] == 0)


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    for part in ("xvfb", "openbox", "xdotool"):
        need(part)
    wav = write_wav(folder / "spoken.wav", b"".join(pcm(RECORDING)))
    with hearing() as (audio, daemon), private_x() as server, running_hotkey(server, daemon) as hotkey:
        yield Desk(server, audio, daemon, hotkey, wav)


@pytest.mark.parametrize("kind", ["gtk", "tk", "chromium"])
def test_what_is_said_while_the_key_is_held_stands_in_the_window(kind: str, tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        target = targets.KINDS[kind](here.server, tmp_path)
        content = ""
        for _ in range(scale(1, 20)):
            here.dictate()
            text = here.delivered()
            assert text
            content += text
            target.shows(content)
        assert here.daemon.status()["microphone"]["state"] != "listening"


def test_in_a_terminal_it_stands_on_the_command_line_and_nothing_runs(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        for turn in range(scale(1, 20)):
            target = shell(here.server, tmp_path, f"line-{turn}")
            here.dictate()
            text = here.delivered()
            assert text
            assert not target.file.exists()
            here.server.run("xdotool", "key", "Return")
            target.server.until(target.file.exists, "the shell has not taken the line")
            assert target.content() == text


@pytest.mark.parametrize("kind", ["foot", "gtk"])
def test_on_wayland_the_compositor_s_own_binding_does_it(kind: str, tmp_path: Path) -> None:
    for part in ("sway", "foot", "pywayland", "gtk"):
        need(part)
    wav = write_wav(tmp_path / "spoken.wav", b"".join(pcm(RECORDING)))
    with hearing() as (audio, daemon), private_wayland() as sway:
        target, content = wayland.Target(sway, kind), ""
        eventually(lambda: sway.focused() == target.window, "the window has the focus", 10)
        with running_hotkey(sway, daemon, ready=[INSERTED]) as hotkey:
            for _ in range(scale(1, 20)):
                daemon.ctl("start")  # what the key is bound to: sway runs as another user here, whom no daemon serves
                audio.play(wav)
                pause(UNDER_WAY_S)
                done = daemon.ctl("stop", "--json")
                assert json.loads(done.stdout).get("end") == "delivered", done.stdout + hotkey.log
                content += str(json.loads(daemon.ctl("last", "--json").stdout)["text"])
                wait_for(target, content)


def wait_for(target: wayland.Target, content: str) -> None:
    """Until all of it stands in the window, and nothing else."""
    eventually(lambda: target.text == content, "the text is in the window", 10)


def shell(server: PrivateX, folder: Path, title: str) -> Target:
    """A terminal in which a shell reads a line, with its line editor; the line is written down at Return."""
    need("xterm")
    program = server.program("xterm", "-title", title, "-e", "sh", "-c", SHELL.format(file=folder / title))
    window = server.window_of(program, title)
    targets.give_focus(server, window)
    return Target(server, program, window, folder / title)
