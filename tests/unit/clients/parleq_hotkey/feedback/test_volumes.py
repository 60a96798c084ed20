from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from parleq_hotkey.feedback.record import Record
from parleq_hotkey.feedback.volumes import Volumes
from parleqd._tools.private_audio import PrivateAudio, private_audio
from tests.audio_files import write_wav
from tests.clips import tone
from tests.parts import need

pytestmark = pytest.mark.alone
FULL, DOWN = 65_536, round(0.3 * 65_536)
"""PA_VOLUME_NORM, and as much as is left of it."""


class Speaker:
    """A sound server on which programs play. ``start`` gives the number of a new one's stream."""

    def __init__(self, audio: PrivateAudio, folder: Path) -> None:
        self.audio, self.folder = audio, folder
        self._players: list[subprocess.Popen[bytes]] = []
        write_wav(folder / "long.wav", tone(30.0))

    def volumes(self, folder: str = "run") -> Volumes:
        return Volumes(Record(self.folder / folder / "ducked.json"), server=self.audio.env["PULSE_SERVER"])

    def start(self, name: str = "Music") -> int:
        before = set(self.levels())
        command = ["paplay", f"--client-name={name}", str(self.folder / "long.wav")]
        self._players.append(subprocess.Popen(command, env={**os.environ, **self.audio.env}))
        while not (new := set(self.levels()) - before):  # bounded by the test's time limit
            pass
        return new.pop()

    def end(self, number: int) -> None:
        player = self._players.pop(number)
        player.terminate()
        player.wait()
        while len(self.levels()) > len(self._players):  # bounded as above
            pass

    def levels(self) -> dict[int, int]:
        """The volume of every stream."""
        streams: list[dict[str, Any]] = json.loads(self.audio.pactl("--format=json", "list", "sink-inputs"))
        return {one["index"]: next(iter(one["volume"].values()))["value"] for one in streams}

    def stop(self) -> None:
        for player in self._players:
            player.terminate()
            player.wait()


@contextmanager
def speaker(folder: Path) -> Iterator[Speaker]:
    with private_audio() as audio:
        playing = Speaker(audio, folder)
        try:
            yield playing
        finally:
            playing.stop()


@pytest.fixture
def playing(tmp_path: Path) -> Iterator[Speaker]:
    for part in ("pulseaudio", "pactl"):
        need(part)
    with speaker(tmp_path) as running:
        yield running


async def outside(function: Callable[..., Any], *arguments: object) -> Any:
    return await to_thread.run_sync(function, *arguments)


@pytest.mark.asyncio
async def test_others_are_turned_down_and_up_again_but_for_what_the_user_changed(playing: Speaker) -> None:
    music, film = await outside(playing.start), await outside(playing.start, "Film")
    volumes = playing.volumes()
    await volumes.quieten()
    await volumes.quieten()
    assert await outside(playing.levels) == {music: DOWN, film: DOWN}
    await outside(playing.audio.pactl, "set-sink-input-volume", str(film), "50%")
    await volumes.restore()
    await volumes.restore()
    assert await outside(playing.levels) == {music: FULL, film: FULL // 2}
    assert await outside(Record(playing.folder / "run" / "ducked.json").read) == []


@pytest.mark.asyncio
async def test_after_a_crash_the_next_start_turns_them_up(playing: Speaker) -> None:
    music = await outside(playing.start)
    await playing.volumes().quieten()
    assert await outside(playing.levels) == {music: DOWN}
    await playing.volumes("another").restore()
    assert await outside(playing.levels) == {music: DOWN}
    await playing.volumes().restore()
    assert await outside(playing.levels) == {music: FULL}


@pytest.mark.asyncio
async def test_a_song_that_began_meanwhile_at_the_volume_of_the_last_one_is_turned_up(playing: Speaker) -> None:
    await outside(playing.audio.pactl, "load-module", "module-stream-restore")
    await outside(playing.start)
    volumes = playing.volumes()
    await volumes.quieten()
    await outside(playing.end, 0)
    second = await outside(playing.start)
    assert await outside(playing.levels) == {second: DOWN}
    await volumes.restore()
    assert await outside(playing.levels) == {second: FULL}


@pytest.mark.asyncio
async def test_a_server_that_is_gone_or_a_library_that_is_not_there_does_no_harm(playing: Speaker) -> None:
    volumes = playing.volumes()
    await outside(playing.start)
    await volumes.quieten()
    await outside(playing.audio.kill_server)
    with anyio.fail_after(5):
        await volumes.quieten()
        await volumes.restore()

    def missing() -> Any:
        raise OSError("libpulse.so.0: cannot open shared object file")

    await Volumes(Record(playing.folder / "none.json"), missing).quieten()
