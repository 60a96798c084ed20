"""Opens the microphone that the settings ask for, by whichever way this machine has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import anyio

from parleqd.adapters.audio.microphone.portaudio import PortAudio, Stream, Wanted
from parleqd.adapters.audio.microphone.sound_server import SoundServer
from parleqd.core.capture import problems
from parleqd.core.capture.choice import DEFAULT, Input, Picked, channels_to_open, pick
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Device, MicrophoneChoice
from parleqd.protocol.names import SAMPLE_RATE


class HopelessError(OutsideError):
    """Trying again at once cannot help: only other settings can."""


class Opened(NamedTuple):
    """``device``: what was asked for; ``absent``: what stands in for it, since that is not there."""

    stream: Stream
    device: Device
    absent: bool


_UNKNOWN = object()


class Opening:
    """With a sound server the server's sources count, and PortAudio is only the way to them; else PortAudio's list.

    While the server does not answer, only its default source can be opened.
    """

    def __init__(self, portaudio: PortAudio, server: SoundServer) -> None:
        self.portaudio = portaudio
        self.server = server
        self._seen: object = _UNKNOWN

    async def inputs(self) -> list[Input]:
        """What can be chosen now. Raises ``OutsideError`` (``no_portaudio``, ``no_microphone``)."""
        await self.portaudio.load()
        found = await self._sources()
        if found is None:
            await self.portaudio.renew()
            found, server = await self.portaudio.inputs(), False
        else:
            server = True
        if not found:
            raise problems.no_input(server)
        return found

    async def pick(self, choice: MicrophoneChoice) -> Picked:
        """What would be opened. Raises as ``inputs`` does."""
        picked = pick(choice.device, await self.inputs(), choice.avoid_bluetooth)
        assert picked is not None
        return picked

    async def changed(self) -> bool:
        """Does the sound server know other sources than at the last opening, or since this was asked last?"""
        try:
            now = _ids(await self._sources())
        except OutsideError:  # it will be known when the server answers
            return False
        before, self._seen = self._seen, now
        return now != before

    def forget(self) -> None:
        """A stream was lost, or another is wanted: what the server knows now is news, be it the same."""
        self._seen = _UNKNOWN

    async def open(
        self, choice: MicrophoneChoice, take: Callable[[bytes], None], rate: int | None, renew: bool
    ) -> Opened:
        """Open it; its frames go to ``take``. ``rate``: the only one that will do; ``renew``: see `PortAudio`.

        Raises ``OutsideError``: ``HopelessError`` for a channel that it lacks, else as the ladder expects.
        """
        if renew:
            await self.portaudio.renew()
        await self.portaudio.load()
        inputs, server = await self._to_pick_from(choice.device)
        picked = pick(choice.device, inputs, choice.avoid_bluetooth)
        if picked is None:
            raise problems.no_input(server)
        wanted = await self._wanted(picked, choice.channel, rate, through_server=server)
        stream = await self.portaudio.open(wanted, take)
        if wanted.source:
            with anyio.CancelScope(shield=True):  # a stream that is open must reach its owner
                await self._steer(stream, wanted.source)
        return Opened(stream, picked.input.device, picked.absent)

    async def _to_pick_from(self, wanted: str) -> tuple[Sequence[Input], bool]:
        """The second: are they the server's?"""
        try:
            sources = await self._sources()
        except OutsideError:
            inputs = await self._default_route() if wanted == DEFAULT else []
            if not inputs:
                raise
            return inputs, False
        self._seen = _ids(sources)
        return (await self.portaudio.inputs(), False) if sources is None else (sources, True)

    async def _sources(self) -> list[Input] | None:
        """As `SoundServer.inputs`. Raises ``OutsideError`` (``no_microphone``) when the server does not answer."""
        try:
            return await self.server.inputs()
        except OutsideError as hang:
            self.forget()
            raise problems.no_answer(hang) from hang

    async def _default_route(self) -> list[Input]:
        """The way to the server, which leads to its default source whether it answers us or not."""
        route = await self._server_route()
        return [one for one in await self.portaudio.inputs() if one.number == route]

    async def _steer(self, stream: Stream, source: str) -> None:
        """PipeWire's own ALSA plugin does not find a monitor by the environment."""
        try:
            await self.server.steer(source)
        except OutsideError as hang:  # it might be another microphone
            await self.portaudio.close(stream)
            raise problems.no_answer(hang) from hang

    async def _wanted(self, picked: Picked, channel: int, rate: int | None, through_server: bool) -> Wanted:
        name, channels = picked.input.device.name, channels_to_open(picked.input.channels)
        if channel > channels:
            problem = problems.no_such_channel(name, channel, channels)
            raise HopelessError(problem.reason, problem.message, problem.hint)
        if through_server:
            device = await self._server_route()
            if device is None:
                raise problems.no_route(name)
        else:
            device = picked.input.number
        rates = (rate,) if rate else (SAMPLE_RATE, picked.input.rate)
        source = picked.input.device.id if through_server and picked.chosen else ""
        return Wanted(name, device, source, channels, channel, rates)

    async def _server_route(self) -> int | None:
        """PortAudio that began before the sound server knows no way to it: then it looks again."""
        route = await self.portaudio.server_route()
        if route is None:
            await self.portaudio.renew()
            route = await self.portaudio.server_route()
        return route


def _ids(sources: Sequence[Input] | None) -> frozenset[str] | None:
    return None if sources is None else frozenset(one.device.id for one in sources)
