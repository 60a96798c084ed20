"""Which source of a real sound server is heard, what is said of one that cannot be, and the command that mends it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from parleqd._tools.private_audio import PrivateAudio, private_audio
from tests.e2e.programs import Daemon, eventually, result_of, running_daemon
from tests.parts import need

pytestmark = pytest.mark.alone
PHONES = "device.bus=bluetooth device.string=AA:BB:CC:DD:EE:FF"


@contextmanager
def daemon_at(settings: str = "", *, headset: bool = False) -> Iterator[tuple[PrivateAudio, Daemon]]:
    """A sound server with a microphone, and a daemon. ``headset``: a Bluetooth headset is the default of both ways."""
    for part in ("pulseaudio", "pactl", "portaudio", "embedded-model"):
        need(part)
    with private_audio() as audio:
        if headset:
            audio.pactl("load-module", "module-null-sink", "sink_name=phones", f'sink_properties="{PHONES}"')
            source = ("source_name=phones-mic", "master=speaker.monitor", f'source_properties="{PHONES}"')
            audio.pactl("load-module", "module-remap-source", *source)
            audio.pactl("set-default-sink", "phones")
            audio.pactl("set-default-source", "phones-mic")
        with running_daemon(settings, environment=dict(audio.env)) as daemon:
            yield audio, daemon


@pytest.mark.parametrize(
    ("settings", "heard"),
    [
        ("", "mic"),
        ("[audio]\navoid_bluetooth = false\n", "phones-mic"),
        ("[audio]\ndevice = 'phones-mic'\n", "phones-mic"),
    ],
)
@pytest.mark.timeout(60)
def test_a_bluetooth_headset_that_plays_keeps_its_sound(settings: str, heard: str) -> None:
    with daemon_at(settings, headset=True) as (audio, daemon):
        daemon.wait_ready()
        listed = result_of(daemon.ctl("devices", "--json"))["devices"]
        assert [one["id"] for one in listed if one["chosen"]] == [heard]
        assert [one["id"] for one in listed if one["avoided"]] == (["phones-mic"] if heard == "mic" else [])
        started = daemon.ctl("start")
        assert started.returncode == 0, started.stderr
        eventually(lambda: audio.listeners() == [heard], f"{heard} is listened to", 10)
        assert daemon.ctl("cancel").returncode == 0


@pytest.mark.parametrize("turned", [("set-source-mute", "1"), ("set-source-volume", "0%")])
@pytest.mark.timeout(60)
def test_doctor_names_a_muted_source_and_the_command_that_mends_it(turned: tuple[str, str]) -> None:
    with daemon_at() as (audio, daemon):
        audio.pactl(turned[0], "mic", turned[1])
        check = _microphone(daemon)
        assert (check["verdict"], check["reason"]) == ("warning", "source_muted")
        _obey(check["hint"], audio)
        assert _microphone(daemon)["reason"] == "dead_input"  # nothing is played


@pytest.mark.timeout(60)
def test_doctor_names_a_suspended_source_and_the_command_that_mends_it() -> None:
    with daemon_at() as (audio, daemon):
        audio.pactl("suspend-source", "mic", "1")
        check = _microphone(daemon)
        assert (check["verdict"], check["reason"]) == ("failed", "device_lost")
        _obey(check["hint"], audio)
        assert _microphone(daemon)["reason"] == "dead_input"


@pytest.mark.timeout(60)
def test_doctor_names_a_sound_server_that_is_not_there_and_the_command_that_starts_one() -> None:
    with daemon_at() as (audio, daemon):
        audio.kill_server()
        check = _microphone(daemon)
        assert (check["verdict"], check["reason"]) == ("failed", "no_microphone")
        assert "no sound server answers" in check["message"]
        assert "`systemctl --user start pipewire-pulse`" in check["hint"]


def _microphone(daemon: Daemon) -> dict[str, Any]:
    checks = result_of(daemon.ctl("doctor", "--json"))["checks"]
    found: dict[str, Any] = next(check for check in checks if check["check"] == "microphone")
    return found


def _obey(hint: str, audio: PrivateAudio) -> None:
    """Type the first command of a hint, as the user would."""
    command = re.search("`([^`]+)`", hint)
    assert command is not None, hint
    subprocess.run(shlex.split(command[1]), env={**os.environ, **audio.env}, check=True, timeout=10)
