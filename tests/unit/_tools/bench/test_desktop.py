from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools.bench import desktop
from tests.parts import need

pytestmark = pytest.mark.alone


@pytest.mark.timeout(60)
def test_a_key_is_held_and_what_is_said_stands_in_the_window() -> None:
    for part in ("pulseaudio", "pactl", "portaudio", "xvfb", "openbox", "xdotool", "system-tk", "embedded-model"):
        need(part)
    key, text = desktop.measure(rounds=1)
    assert (key.limit, key.unit, text.limit, text.unit) == (150, "ms", 50, "ms")
    assert key.detail.startswith("1 presses, median ")
    assert text.detail.startswith("1 texts, median ")


def test_without_a_desktop_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for figure in desktop.measure():
        assert figure.held is None
        assert "apt-get install" in figure.detail
