from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event
from typing import Any

import anyio
import pytest

from parleq_hotkey.feedback.sounds import Player, Sounds, examine
from parleq_hotkey.feedback.tones import END, START, tones
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase
from tests.fakes.sound_output import FakeOutput, PortAudioError

PLAYED = ["open", "start", "write", "stop", "close"]


@asynccontextmanager
async def running(output: FakeOutput, settings: FeedbackSettings) -> AsyncIterator[Sounds]:
    sounds = Sounds(output.load)
    sounds.choose(settings)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sounds.run)
        await anyio.wait_all_tasks_blocked()
        yield sounds
        tasks.cancel_scope.cancel()


async def until_played(output: FakeOutput, number: int) -> None:
    with anyio.fail_after(5):
        while output.events.count("close") < number:  # noqa: ASYNC110 - a thread sets no event of the loop
            await anyio.sleep(0.002)


@pytest.mark.asyncio
async def test_the_start_sound_is_over_when_the_microphone_may_open_and_the_end_sound_comes_once() -> None:
    output = FakeOutput()
    async with running(output, FeedbackSettings(sounds="all")) as sounds:
        await sounds.before_recording()
        assert output.events == PLAYED
        assert output.played == [tones(START)]
        sounds.recording(hands_free=False)
        for phase in (Phase.TRANSCRIBING, Phase.CLEANING, Phase.DELIVERING):
            sounds.working(phase)
        await until_played(output, 2)
        await anyio.wait_all_tasks_blocked()
    assert output.played == [tones(START), tones(END)]


@pytest.mark.parametrize(
    ("settings", "played"),
    [
        (FeedbackSettings(sounds="end"), [tones(END)]),
        (FeedbackSettings(sounds="all", preroll_s=0.5), [tones(END)]),  # the pre-roll would hold a start sound
    ],
)
@pytest.mark.asyncio
async def test_without_a_start_sound(settings: FeedbackSettings, played: list[bytes]) -> None:
    output = FakeOutput()
    async with running(output, settings) as sounds:
        await sounds.before_recording()
        assert output.played == []
        sounds.working(Phase.TRANSCRIBING)
        await until_played(output, 1)
    assert output.played == played


@pytest.mark.asyncio
async def test_off_does_not_even_load_the_library_and_what_is_given_up_ends_without_a_sound() -> None:
    output = FakeOutput()
    async with running(output, FeedbackSettings(sounds="off")) as sounds:
        await sounds.before_recording()
        sounds.working(Phase.TRANSCRIBING)
        await anyio.wait_all_tasks_blocked()
        assert output.loads == 0
        sounds.choose(FeedbackSettings(sounds="end"))
        for give_up in (sounds.cancelled, sounds.dropped):
            await sounds.before_recording()
            give_up()
            sounds.working(Phase.CLEANING)
        await anyio.wait_all_tasks_blocked()
    assert output.played == []


@pytest.mark.asyncio
async def test_another_recording_breaks_the_end_sound_off() -> None:
    output = FakeOutput()
    output.hang["write"] = Event()
    async with running(output, FeedbackSettings(sounds="end")) as sounds:
        await sounds.before_recording()
        sounds.working(Phase.TRANSCRIBING)
        with anyio.fail_after(5):
            while "write" not in output.events:  # noqa: ASYNC110 - a thread sets no event of the loop
                await anyio.sleep(0.002)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(sounds.before_recording)
            await anyio.wait_all_tasks_blocked()
            output.hang["write"].set()
        assert output.events == ["open", "start", "write", "abort", "close"]
        assert len(output.played[0]) < len(tones(END))


@pytest.mark.asyncio
async def test_a_sound_that_does_not_begin_in_time_never_does() -> None:
    output = FakeOutput()
    output.hang["open"] = Event()
    player = Player(output.load, begins_within_s=0.5, ends_within_s=0.6)
    await player.play(START)
    await player.play(START)  # the call that hangs is left alone, and no other is begun
    assert output.events == ["open"]
    output.hang["open"].set()
    await until_played(output, 1)
    assert output.events == ["open", "close"]
    assert output.played == [b""]


@pytest.mark.asyncio
async def test_a_sound_system_that_hangs_over_the_end_is_not_waited_for() -> None:
    output = FakeOutput()
    output.hang["stop"] = Event()
    with anyio.fail_after(5):
        await Player(output.load, begins_within_s=0.2, ends_within_s=0.3).play(START)
    assert output.events == PLAYED[:-1]
    output.hang["stop"].set()
    await until_played(output, 1)


@pytest.mark.asyncio
async def test_what_cannot_be_played_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    output = FakeOutput()
    output.failure = PortAudioError("no default output device")
    player = Player(output.load)
    await player.play(START)
    await player.play(START)

    def missing() -> FakeOutput:
        raise OSError("PortAudio library not found")

    await Player(missing).play(START)
    told = [record.getMessage() for record in caplog.records if record.name.startswith("parleq_hotkey")]
    assert told == [
        "no sounds can be played: no default output device",
        "no sounds can be played: PortAudio library not found",
    ]


class Devices:
    """As much of sounddevice as is looked at."""

    PortAudioError = PortAudioError

    def __init__(self, name: str = "") -> None:
        self._name = name

    def query_devices(self, kind: str) -> dict[str, str]:
        if not self._name:
            raise PortAudioError("Error querying device -1")
        return {"name": self._name}


def missing(error: Exception) -> Callable[[], Any]:
    def load() -> Any:
        raise error

    return load


@pytest.mark.parametrize(
    ("load", "usable", "message", "hint"),
    [
        (lambda: Devices("speaker"), True, "'speaker'", ""),
        (lambda: Devices(), False, "no loudspeaker", "`pulseaudio --start`"),
        (missing(OSError("PortAudio library not found")), False, "PortAudio", "`sudo apt install libportaudio2`"),
        (missing(ImportError("sounddevice")), False, "sounddevice", "`pip install sounddevice`"),
    ],
)
@pytest.mark.asyncio
async def test_what_sounds_lack_is_named_with_what_mends_it(
    load: Callable[[], Any], usable: bool, message: str, hint: str
) -> None:
    found = await examine(load)
    assert (found.kind, found.name, found.usable) == ("feedback", "sounds", usable)
    assert message in found.message
    assert hint in found.hint


@pytest.mark.asyncio
async def test_a_sound_system_that_hangs_is_given_up() -> None:
    hang = Event()
    found = await examine(lambda: hang.wait(10), within_s=0.01)
    hang.set()
    assert (found.usable, "does not answer" in found.message) == (False, True)
