"""The real daemon before a real speech server: who decodes is told, and nothing is lost when the server goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.programs import Daemon, result_of, running_daemon
from tests.parts import ROOT
from tests.speech_server import SpeechServer, running_speech_server

pytestmark = pytest.mark.timeout(180)
RECORDING = ROOT / "parleqd" / "_tools" / "demo_recording" / "demo.flac"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SpeechServer]:
    with running_speech_server(tmp_path) as server:
        yield server


def dictated(daemon: Daemon) -> dict[str, str]:
    """The result of the demo's recording: its text, and the name of the model that decoded it."""
    result = result_of(daemon.ctl("dictate", "--pace", "fast", "--json", str(RECORDING)))
    assert "garden party is on Friday" in result["raw"]
    model: dict[str, str] = result["model"]
    return model


def test_a_server_that_goes_costs_no_word(server: SpeechServer) -> None:
    settings = f"[speech]\nengine = 'openai-compatible'\nserver = '{server.url}'\nserver_model = '{server.model}'\n"
    with running_daemon(
        settings, environment={"http_proxy": "http://127.0.0.1:9", "all_proxy": "http://127.0.0.1:9"}
    ) as daemon:
        daemon.wait_ready()
        assert daemon.status()["model"]["name"] == server.model
        assert dictated(daemon)["name"] == server.model
        server.process.kill()
        server.process.wait()
        assert dictated(daemon)["name"] == "tiny.en"
        status = daemon.status()["model"]
        assert (status["name"], status["state"]) == ("tiny.en", "ready")
        assert "cannot be reached" in status["detail"]


def test_the_settings_cannot_send_audio_elsewhere() -> None:
    with running_daemon() as daemon:
        for url in ("http://speech.example.com:8000/v1", "http://127.0.0.1@speech.example.com", "http://2130706433"):
            refused = daemon.ctl("config", "set", "speech.server", url)
            assert refused.returncode != 0
            assert "http://127.0.0.1:8000/v1" in refused.stderr
        assert "speech.server" not in (daemon.home / "config.toml").read_text()
