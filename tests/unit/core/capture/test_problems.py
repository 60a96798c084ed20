from __future__ import annotations

import pytest

from parleqd.core.capture import problems
from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason


@pytest.mark.parametrize(
    ("problem", "reason", "said", "hinted"),
    [
        (problems.no_portaudio("not found"), Reason.NO_PORTAUDIO, "not found", "libportaudio2"),
        (problems.no_input(server=True), Reason.NO_MICROPHONE, "knows no source", "pactl"),
        (problems.no_input(server=False), Reason.NO_MICROPHONE, "no sound server answers", "systemctl --user start"),
        (
            problems.no_answer(problems.hangs("the sound server", 1.0)),
            Reason.NO_MICROPHONE,
            "no microphone can be chosen now: the sound server does not answer",
            "restart the sound server",
        ),
        (problems.no_route("Mic"), Reason.NO_MICROPHONE, "'Mic'", "libasound2-plugins"),
        (problems.cannot_open("Mic", "busy"), Reason.NO_MICROPHONE, "'Mic' cannot be opened: busy", "devices"),
        (problems.no_such_channel("Mic", 3, 1), Reason.NO_MICROPHONE, "'Mic' has 1 channel", "audio.channel = 1"),
        (problems.no_such_channel("Mic", 3, 2), Reason.NO_MICROPHONE, "has 2 channels", "audio.channel to 1 … 2"),
        (problems.hangs("the sound system", 4.0), Reason.DEVICE_LOST, "more than 4 s", "restart"),
        (problems.lost("Mic", "went away"), Reason.DEVICE_LOST, "the microphone 'Mic' went away", "plug it in"),
    ],
)
def test_each_names_its_cause_and_what_helps(problem: OutsideError, reason: Reason, said: str, hinted: str) -> None:
    assert problem.reason is reason
    assert said in problem.message
    assert hinted in problem.hint


def test_a_muted_microphone_is_named() -> None:
    message, hint = problems.muted("Mic")
    assert "'Mic' is muted" in message
    assert "unmute" in hint
