from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools.bench import first_frame
from tests.parts import need

pytestmark = pytest.mark.alone


def test_a_real_microphone_is_heard_by_a_client() -> None:
    for part in ("pulseaudio", "pactl", "portaudio"):
        need(part)
    (figure,) = first_frame.measure(rounds=2)
    assert (figure.limit, figure.unit) == (150, "ms")
    assert figure.detail.startswith("2 presses, median ")


def test_without_a_sound_server_the_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (figure,) = first_frame.measure()
    assert figure.held is None
    assert "apt-get install pulseaudio" in figure.detail
