"""A private PulseAudio server whose microphone hears what is played: for tests and bench, without sound hardware.

The microphone is a null sink's monitor, remapped so that it counts as an ordinary source. PortAudio reaches it through
ALSA's pulse plugin. Everything stands in a folder of its own; pass ``env`` to the processes that shall hear it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

SPEAKER, MICROPHONE, OTHER_MICROPHONE = "speaker", "mic", "other-mic"
MICROPHONE_NAME, OTHER_NAME = "TestMic", "OtherMic"
PROGRAMS = ("pulseaudio", "pactl", "paplay", "parec")
PACKAGES = "pulseaudio pulseaudio-utils libportaudio2 libasound2-plugins"
_DEADLINE_S = 10.0
_POLL_S = 0.02
_ASOUNDRC = """</usr/share/alsa/alsa.conf>
pcm.!default { type pulse hint { show on description "Default (PulseAudio)" } }
ctl.!default { type pulse }
"""


class NoAudioError(Exception):
    """The server cannot be had, or did not do what was asked; the message says why."""


class PrivateAudio:
    """A running sound server. ``env``: what a program's environment needs beside the ordinary to hear it."""

    def __init__(self, folder: Path, rate: int, channels: int) -> None:
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        (folder / "asoundrc").write_text(_ASOUNDRC, encoding="utf-8")
        self._socket, self._log = runtime / "native", folder / "log"
        self._form = (f"rate={rate}", f"channels={channels}", "format=s16le")
        self._server: subprocess.Popen[bytes] | None = None
        self._pacer: subprocess.Popen[bytes] | None = None
        self.env: Mapping[str, str] = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_COOKIE": str(folder / "cookie"),
            "ALSA_CONFIG_PATH": str(folder / "asoundrc"),
        }

    def play(self, wav: Path) -> None:
        """Let the microphone hear a recording; returns when it has been played."""
        self._done(self.start_playing(wav))

    def start_playing(self, wav: Path) -> subprocess.Popen[bytes]:
        """The same, without waiting for its end: the player, which ends by itself. The server has its stream."""
        player = self._program("paplay", f"--device={SPEAKER}", str(wav))
        self._until(lambda: player.poll() is not None or bool(self._short("sink-inputs")), "paplay did not begin")
        return player

    def sources(self) -> list[str]:
        """The names of all sources, monitors included."""
        return [line.split("\t")[1] for line in self.pactl("list", "short", "sources").splitlines()]

    def listeners(self) -> list[str]:
        """The names of the sources that programs listen to, one a stream; the rig's own streams are left out."""
        if self._server is None:
            return []
        names = {int(line.split("\t")[0]): line.split("\t")[1] for line in self._short("sources")}
        outputs: list[dict[str, Any]] = json.loads(self.pactl("--format=json", "list", "source-outputs"))
        processes = [(output["properties"].get("application.process.id"), output["source"]) for output in outputs]
        pacer = str(self._pacer.pid) if self._pacer is not None else ""
        return [names.get(source, "") for process, source in processes if process not in (None, pacer)]

    def unplug(self) -> None:
        """The microphone goes away, and no source at all is left."""
        self._end_pacer()
        for module in ("module-remap-source", "module-null-sink"):
            self.pactl("unload-module", module, check=False)
        self._until(lambda: not self.sources(), "the sources did not go away")

    def replug(self) -> None:
        """The microphone is back."""
        self.pactl("load-module", "module-null-sink", f"sink_name={SPEAKER}", "norewinds=1", *self._form)
        self._add_source(MICROPHONE, MICROPHONE_NAME)
        self.pactl("set-default-sink", SPEAKER)
        self.pactl("set-default-source", MICROPHONE)
        self._start_pacer()

    def mute(self, on: bool) -> None:
        """Let the microphone give flat zeros, or sound again."""
        self.pactl("set-source-mute", MICROPHONE, "1" if on else "0")

    def add_other(self) -> None:
        """A second microphone, which hears the same."""
        self._add_source(OTHER_MICROPHONE, OTHER_NAME)

    def replace(self) -> None:
        """Another microphone becomes the default one, and the first goes away."""
        self.add_other()
        self.pactl("set-default-source", OTHER_MICROPHONE)
        first = [line.split("\t")[0] for line in self._short("modules") if f"source_name={MICROPHONE} " in line]
        self.pactl("unload-module", *first)

    def kill_server(self) -> None:
        """The server dies without a word."""
        self._end_pacer()
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None
        self._socket.unlink(missing_ok=True)

    def restart_server(self) -> None:
        """A fresh server with the microphone. Raises ``NoAudioError`` when it does not start."""
        options = "-n --daemonize=no --exit-idle-time=-1 --disallow-exit=yes --use-pid-file=no --realtime=no"
        socket = f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"
        self._server = subprocess.Popen(
            ["pulseaudio", *options.split(), "--high-priority=no", f"--log-target=file:{self._log}", "-L", socket],
            # The server must not take itself for a remote one, nor look for a session bus.
            env=_environment(self.env, without=("PULSE_SERVER", "DBUS_SESSION_BUS_ADDRESS")),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._until(self._answers, "the server does not answer")
        self.replug()

    def pactl(self, *arguments: str, check: bool = True) -> str:
        """What the server's control program says. Raises ``NoAudioError`` when it fails and ``check`` is on."""
        command = ["pactl", *arguments]
        run = subprocess.run(
            command,
            env=_environment({**self.env, "LC_ALL": "C.UTF-8"}),
            capture_output=True,
            text=True,
            timeout=_DEADLINE_S,
        )
        if check and run.returncode:
            raise NoAudioError(f"{' '.join(command)}: {run.stderr.strip()}")
        return run.stdout

    def _add_source(self, name: str, description: str) -> None:
        properties = f"source_properties=device.description={description}"
        source = (f"source_name={name}", f"master={SPEAKER}.monitor", *self._form, properties)
        self.pactl("load-module", "module-remap-source", *source)

    def _start_pacer(self) -> None:
        """A null sink renders as seldom as its readers allow: one that wants 10 ms makes it a steady clock."""
        self._pacer = self._program("parec", f"--device={SPEAKER}.monitor", "--latency-msec=10")
        number = f'application.process.id = "{self._pacer.pid}"'
        self._until(lambda: number in self.pactl("list", "source-outputs"), "the pacer does not listen")

    def _end_pacer(self) -> None:
        if self._pacer is not None:
            self._pacer.terminate()
            self._pacer.wait()
            self._pacer = None

    def _answers(self) -> bool:
        assert self._server is not None
        if self._server.poll() is not None:
            said = self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""
            raise NoAudioError(f"pulseaudio ended at once, with code {self._server.returncode}: {said}")
        return bool(self.pactl("info", check=False))

    def _short(self, what: str) -> list[str]:
        return self.pactl("list", "short", what).splitlines()

    def _program(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=_environment(self.env), stdout=subprocess.DEVNULL)

    def _done(self, player: subprocess.Popen[bytes]) -> None:
        if player.wait():
            raise NoAudioError("paplay failed; what it said stands on stderr")

    def _until(self, holds: Callable[[], bool], otherwise: str) -> None:
        give_up = monotonic() + _DEADLINE_S
        while not holds():
            if monotonic() > give_up:
                raise NoAudioError(otherwise)
            self._pause()

    def _pause(self) -> None:
        """A moment; shorter when the server ends."""
        assert self._server is not None
        try:
            self._server.wait(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            pass


@contextmanager
def private_audio(rate: int = 16_000, channels: int = 1) -> Iterator[PrivateAudio]:
    """A server with a microphone of this form; gone with all it wrote after the block. Raises ``NoAudioError``."""
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        raise NoAudioError(f"{', '.join(missing)} missing; to install: apt-get install {PACKAGES}")
    with tempfile.TemporaryDirectory(prefix="pa-", ignore_cleanup_errors=True) as folder:  # short: a socket's limit
        audio = PrivateAudio(Path(folder), rate, channels)
        try:
            audio.restart_server()
            yield audio
        finally:
            audio.kill_server()


def _environment(more: Mapping[str, str], without: tuple[str, ...] = ()) -> dict[str, str]:
    return {name: value for name, value in {**os.environ, **more}.items() if name not in without}
