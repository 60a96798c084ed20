from __future__ import annotations

import shlex

import pytest

from parleqd.core.capture import problems
from parleqd.core.capture.choice import Input
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Device
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


@pytest.mark.parametrize(
    ("default", "muted", "volume", "said", "command", "wireplumber"),
    [
        (True, True, 1.0, "'Mic' is muted", "pactl set-source-mute in.mic 0", True),
        (False, True, 0.0, "'Mic' is muted", "pactl set-source-mute in.mic 0", False),
        (True, False, 0.0, "'Mic' is turned down to nothing", "pactl set-source-volume in.mic 100%", True),
    ],
)
def test_a_muted_microphone_is_named_with_the_command_that_mends_it(
    default: bool, muted: bool, volume: float, said: str, command: str, wireplumber: bool
) -> None:
    problem = problems.muted(Input(Device("in.mic", "Mic", default), 1, 48_000, muted, volume=volume))
    assert problem is not None
    assert problem.reason is Reason.SOURCE_MUTED
    assert said in problem.message
    assert command in problem.hint
    assert ("wpctl" in problem.hint) == wireplumber


def test_a_microphone_that_is_on_has_no_such_problem() -> None:
    assert problems.muted(Input(Device("in.mic", "Mic"), 1, 48_000, volume=0.01)) is None


def test_an_odd_name_is_quoted_in_a_command() -> None:
    hint = problems.suspended(Input(Device("it's", "Mic"), 1, 48_000)).hint
    assert shlex.split(hint.split("`")[1]) == ["pactl", "suspend-source", "it's", "0"]


def test_a_dead_microphone_leads_to_the_others() -> None:
    assert problems.dead("Mic").reason is Reason.DEAD_INPUT
    assert "`parleqctl config set audio.device ID`" in problems.dead("Mic").hint
