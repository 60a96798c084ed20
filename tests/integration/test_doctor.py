"""``doctor`` and ``devices`` from the command line, over a daemon in this process."""

from __future__ import annotations

import pytest
from anyio import to_thread

from parleqd.core.errors import OutsideError
from parleqd.core.ports import MicrophoneStatus
from parleqd.protocol.names import MicrophoneState, Reason
from tests.fakes.command_line import parleqctl_at
from tests.fakes.microphone import FakeMicrophone
from tests.integration.daemon import running_daemon


@pytest.mark.asyncio
async def test_every_part_is_tried_over_the_socket() -> None:
    microphone = FakeMicrophone()
    async with running_daemon(microphone=microphone) as daemon:
        outcome = await parleqctl_at(daemon, "doctor", "--json")
        (report,) = outcome.json
        checks = {check["check"]: check["verdict"] for check in report["checks"]}
        assert checks == {
            "settings": "ok",
            "model": "ok",
            "worker": "ok",
            "speed": "ok",
            "devices": "ok",
            "microphone": "ok",
            "journal": "warning",
            "targets": "ok",
            "socket": "ok",
            "desktop": "warning",
        }
        assert (outcome.code, report["verdict"], microphone.probes, microphone.open) == (0, "warning", 1, 0)


@pytest.mark.asyncio
async def test_a_socket_that_others_can_get_at_is_found() -> None:
    async with running_daemon(microphone=FakeMicrophone()) as daemon:
        await to_thread.run_sync(daemon.path.chmod, 0o666)
        outcome = await parleqctl_at(daemon, "doctor")
    assert outcome.code == 4
    assert "failed   socket" in outcome.out
    assert "chmod 600" in outcome.out


@pytest.mark.asyncio
async def test_a_machine_without_the_library_is_told_the_package_everywhere() -> None:
    microphone = FakeMicrophone()
    missing = OutsideError(Reason.NO_PORTAUDIO, "PortAudio is not installed", "`apt install libportaudio2`")
    microphone.known = microphone.failure = missing
    microphone.probed = MicrophoneStatus(MicrophoneState.MISSING, "", missing.reason, missing.message, missing.hint)
    async with running_daemon(microphone=microphone) as daemon:
        outcomes = [await parleqctl_at(daemon, command, "--json") for command in ("devices", "doctor", "start")]
        assert [(outcome.code, outcome.json[0]["error"]["reason"]) for outcome in outcomes] == [(4, "no_portaudio")] * 3
        assert all("libportaudio2" in outcome.json[0]["error"]["hint"] for outcome in outcomes)
        status = await parleqctl_at(daemon, "status")
        assert "missing: PortAudio is not installed" in status.out
        assert "libportaudio2" in status.out


@pytest.mark.asyncio
async def test_choosing_a_microphone_moves_the_mark() -> None:
    microphone = FakeMicrophone()
    async with running_daemon(microphone=microphone) as daemon:
        await parleqctl_at(daemon, "config", "set", "audio.device", "alsa_input.headset")
        listed = await parleqctl_at(daemon, "devices", "--json")
    chosen = [device["name"] for device in listed.json[0]["devices"] if device["chosen"]]
    assert (chosen, microphone.choice.device) == (["Headset"], "alsa_input.headset")
