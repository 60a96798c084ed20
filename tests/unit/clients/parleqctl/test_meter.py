from __future__ import annotations

import io

from parleqctl.console import LiveLine
from parleqctl.meter import Meter


def shown(stream: io.StringIO) -> str:
    """What stands in the line now."""
    return stream.getvalue().rsplit("\r", 1)[1].removesuffix("\x1b[K")


def test_text_and_level_share_a_line_until_the_recording_is_over() -> None:
    stream = io.StringIO()
    meter = Meter(LiveLine(stream), "recording")
    meter.level(-60)
    assert shown(stream).startswith("recording [-")
    meter.partial("hello", "wor")
    assert shown(stream).startswith("hello wor [-")
    meter.phase("recording")
    assert shown(stream).startswith("hello wor [-")
    meter.phase("transcribing")
    assert shown(stream) == "transcribing…"
    meter.level(-10)
    assert shown(stream) == "transcribing…"
    meter.partial("hello world", "")
    assert shown(stream) == "hello world"
