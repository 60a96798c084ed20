"""Where nothing can be heard, files and text work all the same, and the error names what to install or to start."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from parleqd._tools.private_audio import private_audio
from tests.e2e.programs import Daemon, eventually, running_daemon
from tests.e2e.recordings import clips
from tests.parts import ROOT, need

# Put before everything else on the path: a Python that finds every library but PortAudio.
NO_PORTAUDIO = """
import ctypes.util
found = ctypes.util.find_library
ctypes.util.find_library = lambda name: None if "portaudio" in name else found(name)
"""


@contextmanager
def without_portaudio(folder: Path) -> Iterator[Daemon]:
    (folder / "sitecustomize.py").write_text(NO_PORTAUDIO)
    path = os.pathsep.join([str(folder), str(ROOT), str(ROOT / "clients")])
    with running_daemon(environment={"PYTHONPATH": path}) as daemon:
        yield daemon


@contextmanager
def without_server(folder: Path) -> Iterator[Daemon]:
    """As on a machine that has had a sound server, but for that one."""
    need("pulseaudio")
    need("pactl")
    need("portaudio")
    with private_audio() as audio:
        audio.kill_server()
        with running_daemon(environment=dict(audio.env)) as daemon:
            yield daemon


@contextmanager
def without_device(folder: Path) -> Iterator[Daemon]:
    need("pulseaudio")
    need("pactl")
    need("portaudio")
    with private_audio() as audio:
        audio.unplug()
        with running_daemon(environment=dict(audio.env)) as daemon:
            yield daemon


@pytest.mark.timeout(90)
@pytest.mark.parametrize(
    "machine, reason, helps",
    [
        (without_portaudio, "no_portaudio", ("libportaudio2", "brew install portaudio")),
        (without_server, "no_microphone", ("pulseaudio", "pipewire", "pactl")),
        (without_device, "no_microphone", ("pactl", "parleqctl devices")),
    ],
)
def test_files_and_text_work_and_the_error_says_what_to_do(
    machine: Callable[[Path], AbstractContextManager[Daemon]], reason: str, helps: tuple[str, ...], tmp_path: Path
) -> None:
    need("embedded-model")
    clip = next(clip for clip in clips("utterance") if clip["file"] == "utt-spk1_snt4.flac")
    with machine(tmp_path) as daemon:
        dictated = daemon.ctl("dictate", "--pace", "fast", clip["path"])
        assert (dictated.returncode, bool(dictated.stdout.strip())) == (0, True), dictated.stderr
        cleaned = daemon.ctl("clean", "so um hello there")
        assert (cleaned.returncode, cleaned.stdout.strip()) == (0, "So hello there"), cleaned.stderr
        started = daemon.ctl("start", "--json")
        assert started.returncode == 4, started
        error = json.loads(started.stdout)["error"]
        assert error["reason"] == reason, error
        assert any(help_ in f"{error['message']} {error['hint']}".lower() for help_ in helps), error
        eventually(lambda: daemon.status()["microphone"]["reason"] == reason, "the status names it", 10)
        checks = json.loads(daemon.ctl("doctor", "--json").stdout)["checks"]
        assert reason in [check.get("reason") for check in checks], checks
        again = daemon.ctl("dictate", "--pace", "fast", clip["path"])
        assert again.stdout == dictated.stdout
