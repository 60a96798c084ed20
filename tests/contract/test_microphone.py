"""What a microphone must do: the adapter over fake libraries, and over a real PulseAudio in a process of its own."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from subprocess import PIPE
from typing import Any, Protocol

import anyio
import anyio.lowlevel
import pytest
from anyio import to_thread
from anyio.abc import TaskGroup

from parleqd._tools.private_audio import OTHER_MICROPHONE, PrivateAudio, private_audio
from parleqd.core.capture.ladder import RUNGS
from parleqd.core.errors import OutsideError
from parleqd.core.ports import CaptureRequest, MicrophoneChoice
from parleqd.protocol.names import MicrophoneState, Reason, Source
from tests.audio_files import write_wav
from tests.fakes.microphone_stage import Stage, until
from tests.fakes.pulsectl import FakeServer
from tests.fakes.sink import MemorySink
from tests.fakes.sounddevice import FakeSoundDevice
from tests.parts import ROOT, need

pytestmark = pytest.mark.alone

SOUND = random.Random(4).randbytes(32_000)  # one second of noise


class Rig(Protocol):
    """A microphone with a world around it."""

    async def begin(self) -> None:
        """Begin a capture."""

    async def heard(self) -> None:
        """Wait for its first frame."""

    async def stop(self) -> None:
        """Cancel it; returns when it is over."""

    async def ended(self) -> str:
        """Wait until it ends by itself; its reason."""

    async def play(self) -> None:
        """Let it hear `SOUND`."""

    async def told(self, state: MicrophoneState) -> None:
        """Wait for the next status like this."""

    async def probe(self) -> tuple[str, str | None]:
        """State and reason."""

    async def devices(self) -> list[str]:
        """Their names."""

    async def choose_other(self) -> None:
        """A second microphone is there, and chosen."""

    async def heard_from(self) -> list[str]:
        """The ids of the sources of all open streams."""

    async def flicker(self, moments: int) -> None:
        """Begin, and cancel it so many moments later; returns when it is over."""

    async def lose(self) -> None:
        """The device goes away."""

    async def restore(self) -> None:
        """It comes back."""

    async def pcm(self) -> bytes:
        """All that was heard."""

    async def open_streams(self) -> int:
        """As the system counts them."""


class FakeRig:
    """Over fakes of the libraries."""

    def __init__(self, stage: Stage, tasks: TaskGroup) -> None:
        self._stage, self._tasks = stage, tasks
        self._sink = MemorySink()
        self._scope = anyio.CancelScope()
        self._over = anyio.Event()
        self._problem: OutsideError | None = None
        self._seen = 0

    async def begin(self) -> None:
        self._scope, self._over, self._problem = anyio.CancelScope(), anyio.Event(), None
        self._tasks.start_soon(self._capture)

    async def heard(self) -> None:
        before = len(self._sink.frames)

        def heard() -> bool:
            for stream in self._stage.library.open:
                stream.feed(bytes(640))
            return len(self._sink.frames) > before

        await until(heard)

    async def stop(self) -> None:
        self._scope.cancel()
        await self._over.wait()

    async def ended(self) -> str:
        await self._over.wait()
        return self._problem.reason if self._problem is not None else ""

    async def play(self) -> None:
        for at in range(0, len(SOUND), 640):
            self._stage.library.open[0].feed(SOUND[at : at + 640])

    async def told(self, state: MicrophoneState) -> None:
        def seen() -> bool:
            if state is MicrophoneState.LISTENING and self._stage.library.open:
                self._stage.library.open[0].feed(bytes(640))
            for number, status in enumerate(self._stage.statuses[self._seen :], self._seen + 1):
                if status.state is state:
                    self._seen = number
                    return True
            return False

        await until(seen)

    async def probe(self) -> tuple[str, str | None]:
        self._stage.library.at_once = [bytes(640)] * 20
        status = await self._stage.source.probe()
        return status.state, status.reason

    async def devices(self) -> list[str]:
        return [device.name for device in await self._stage.source.devices()]

    async def choose_other(self) -> None:
        self._stage.server.names.append(OTHER_MICROPHONE)
        self._stage.source.choose(MicrophoneChoice(OTHER_MICROPHONE))

    async def heard_from(self) -> list[str]:
        return [stream.source for stream in self._stage.library.open]

    async def flicker(self, moments: int) -> None:
        await self.begin()
        for _ in range(moments):
            await anyio.lowlevel.checkpoint()
        await self.stop()

    async def lose(self) -> None:
        self._stage.server.names.clear()
        for stream in list(self._stage.library.open):
            stream.vanish()

    async def restore(self) -> None:
        self._stage.server.names.append("mic")

    async def pcm(self) -> bytes:
        return self._sink.pcm

    async def open_streams(self) -> int:
        return len(self._stage.library.open)

    async def _capture(self) -> None:
        try:
            with self._scope:
                await self._stage.source.capture(CaptureRequest(Source.MICROPHONE), self._sink)
        except OutsideError as problem:
            self._problem = problem
        finally:
            self._over.set()


class RealRig:
    """Over PulseAudio. ``killing``: its loss is the server's death, not the device's."""

    def __init__(self, audio: PrivateAudio, child: subprocess.Popen[str], folder: Path, killing: bool) -> None:
        self._audio, self._child, self._folder = audio, child, folder
        self._killing = killing

    async def begin(self) -> None:
        await self._say("start")

    async def heard(self) -> None:
        await self._event("heard")

    async def stop(self) -> None:
        await self._say("stop")
        await self._event("ended")

    async def ended(self) -> str:
        return str(await self._event("ended"))

    async def play(self) -> None:
        await to_thread.run_sync(self._audio.play, self._folder / "sound.wav")

    async def told(self, state: MicrophoneState) -> None:
        while (await self._event("status"))["state"] != state:
            pass

    async def probe(self) -> tuple[str, str | None]:
        await self._say("probe")
        status = await self._event("probe")
        return status["state"], status["reason"]

    async def devices(self) -> list[str]:
        await self._say("devices")
        return [device["name"] for device in await self._event("devices")]

    async def choose_other(self) -> None:
        await to_thread.run_sync(self._audio.add_other)
        await self._say(f"choose {OTHER_MICROPHONE}")

    async def heard_from(self) -> list[str]:
        return await to_thread.run_sync(self._audio.listeners)

    async def flicker(self, moments: int) -> None:
        await self._say("\n".join(["start", *["nothing"] * moments, "stop"]))
        await self._event("ended")

    async def lose(self) -> None:
        await to_thread.run_sync(self._audio.kill_server if self._killing else self._audio.unplug)

    async def restore(self) -> None:
        await to_thread.run_sync(self._audio.restart_server if self._killing else self._audio.replug)

    async def pcm(self) -> bytes:
        return await to_thread.run_sync((self._folder / "heard.pcm").read_bytes)

    async def open_streams(self) -> int:
        return len(await to_thread.run_sync(self._audio.listeners))

    async def _say(self, command: str) -> None:
        await to_thread.run_sync(self._write, f"{command}\n")

    def _write(self, line: str) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(line)
        self._child.stdin.flush()

    async def _event(self, key: str) -> Any:
        """The next event with that key; what comes before it is dropped."""
        assert self._child.stdout is not None
        while True:
            line = await to_thread.run_sync(self._child.stdout.readline)
            assert line, "the listener has ended"
            event = json.loads(line)
            if key in event:
                return event[key]


@asynccontextmanager
async def over_fakes(folder: Path) -> AsyncIterator[Rig]:
    stage = Stage(FakeSoundDevice(("pulse", 32)), FakeServer("mic"), RUNGS)
    async with stage.running(), anyio.create_task_group() as tasks:
        yield FakeRig(stage, tasks)


@asynccontextmanager
async def over_pulseaudio(folder: Path, killing: bool = False) -> AsyncIterator[Rig]:
    for part in ("pulseaudio", "pactl", "portaudio"):
        need(part)
    with ExitStack() as stack:
        rig = await to_thread.run_sync(stack.enter_context, real_rig(folder, killing))
        try:
            await rig.told(MicrophoneState.UNTRIED)
            yield rig
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(stack.close)


@contextmanager
def real_rig(folder: Path, killing: bool) -> Iterator[RealRig]:
    """Everything here blocks: for a thread."""
    write_wav(folder / "sound.wav", SOUND)
    command = [sys.executable, "-m", "tests.listener", str(folder / "heard.pcm")]
    with private_audio() as audio, (folder / "stderr").open("wb") as stderr:
        environment = {**os.environ, **audio.env}
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=PIPE, stdout=PIPE, stderr=stderr, text=True
        ) as child:
            yield RealRig(audio, child, folder, killing)
            assert child.stdin is not None
            child.stdin.close()
            child.wait()


@asynccontextmanager
async def over_a_dying_server(folder: Path) -> AsyncIterator[Rig]:
    async with over_pulseaudio(folder, killing=True) as rig:
        yield rig


Make = Callable[[Path], AbstractAsyncContextManager[Rig]]
every = pytest.mark.parametrize("make", [over_fakes, over_pulseaudio])
every_loss = pytest.mark.parametrize("make", [over_fakes, over_pulseaudio, over_a_dying_server])


@every
@pytest.mark.asyncio
async def test_what_is_played_is_heard_exactly_and_the_microphone_is_closed(make: Make, tmp_path: Path) -> None:
    async with make(tmp_path) as rig:
        for _ in range(2):
            await rig.begin()
            await rig.heard()
            assert await rig.open_streams() == 1
            await rig.play()
            await rig.stop()
            assert await rig.open_streams() == 0
        assert (await rig.pcm()).count(SOUND) == 2


@every_loss
@pytest.mark.asyncio
async def test_a_loss_costs_nothing_that_was_said_before_or_after(make: Make, tmp_path: Path) -> None:
    async with make(tmp_path) as rig:
        await rig.begin()
        await rig.heard()
        await rig.play()
        await rig.lose()
        await rig.told(MicrophoneState.RECOVERING)
        await rig.restore()
        await rig.told(MicrophoneState.LISTENING)
        await rig.play()
        await rig.stop()
        assert (await rig.pcm()).count(SOUND) == 2


@every_loss
@pytest.mark.asyncio
async def test_without_a_source_it_says_so_and_hears_again_when_there_is_one(make: Make, tmp_path: Path) -> None:
    async with make(tmp_path) as rig:
        await rig.lose()
        await rig.begin()
        assert await rig.ended() == Reason.NO_MICROPHONE
        assert await rig.open_streams() == 0
        await rig.restore()
        await rig.begin()
        await rig.heard()
        await rig.stop()


@every_loss
@pytest.mark.asyncio
async def test_letting_go_while_it_is_sought_ends_it(make: Make, tmp_path: Path) -> None:
    async with make(tmp_path) as rig:
        await rig.begin()
        await rig.heard()
        await rig.told(MicrophoneState.LISTENING)
        await rig.lose()
        await rig.told(MicrophoneState.RECOVERING)
        await rig.stop()
        assert await rig.open_streams() == 0


@every
@pytest.mark.asyncio
async def test_a_probe_opens_and_closes_it_and_tells_of_flat_silence(make: Make, tmp_path: Path) -> None:
    async with make(tmp_path) as rig:
        assert await rig.probe() == (MicrophoneState.IDLE, Reason.DEAD_INPUT)
        assert await rig.open_streams() == 0


@every
@pytest.mark.asyncio
async def test_devices_are_listed(make: Make, tmp_path: Path) -> None:
    async with make(tmp_path) as rig:
        assert {name.lower() for name in await rig.devices()} & {"mic", "testmic"}


@every
@pytest.mark.asyncio
async def test_however_soon_captures_are_cancelled_the_next_one_hears_the_chosen_microphone(
    make: Make, tmp_path: Path
) -> None:
    async with make(tmp_path) as rig:
        await rig.choose_other()
        for moments in range(40):
            await rig.flicker(moments)
            if moments % 4 == 0:
                await rig.begin()
                await rig.heard()
                assert await rig.heard_from() == [OTHER_MICROPHONE]
                await rig.stop()
