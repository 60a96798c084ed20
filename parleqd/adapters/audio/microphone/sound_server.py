"""The sound server (PulseAudio, or PipeWire's stand-in): its sources, and which of them this process hears."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, TypeVar

import anyio

from parleqd.adapters.audio.microphone.calls import Calls
from parleqd.core.capture.choice import Input
from parleqd.core.capture.connections import bus, is_one_device
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Device

ANSWERS_WITHIN_S = 1.0
CLIENT_NAME = "parleqd"
LOOKS_FOR_STREAM = 20
"""The server may know of a stream that runs only later: after up to 30 ms with PipeWire's own ALSA plugin."""
_LOOK_S = 0.01
_LOAD_AGAIN_S = 30.0
"""A library that is not there is looked for by starting other programs: not with every question."""
_PROCESS = "application.process.id"
T = TypeVar("T")


class SoundServer:
    """``load`` gives the module (pulsectl), or raises ``ImportError`` or ``OSError`` where there is none.

    No server is one thing, a server that does not answer another: of its sources nothing is known then.
    """

    def __init__(self, load: Callable[[], Any], patience_s: float = ANSWERS_WITHIN_S) -> None:
        self._load = load
        self._call = Calls("the sound server", patience_s, whole=False)
        self._library: Any = None
        self._load_after = 0.0
        self._connection: Any = None

    async def inputs(self) -> list[Input] | None:
        """Its sources; ``None`` when there is no server. Raises ``OutsideError`` when it does not answer."""
        return await self._ask(_inputs)

    async def heard(self) -> Input | None:
        """The source that this process records from; ``None`` when it records from none, as far as can be seen."""
        try:
            return await self._ask(_heard)
        except OutsideError:
            return None

    async def steer(self, source: str) -> None:
        """Let this process record from another source; what it records by may not be known to the server yet.

        Raises ``OutsideError`` when the server does not answer.
        """
        for _ in range(LOOKS_FOR_STREAM):
            if await self._ask(lambda server: _steer(server, source)) is not False:
                return
            await anyio.sleep(_LOOK_S)

    async def close(self) -> None:
        """Leave the server."""
        try:
            await self._call(self._drop)
        except OutsideError:  # it hangs: its end is not worth waiting for
            return

    async def _ask(self, question: Callable[[Any], T]) -> T | None:
        return await self._call(lambda: self._answer(question))

    def _answer(self, question: Callable[[Any], T]) -> T | None:
        """In a thread. A connection whose server has gone is dropped, and another is tried once."""
        library = self._loaded()
        for _ in range(2 if library is not None else 0):
            try:
                if self._connection is None:
                    self._connection = library.Pulse(CLIENT_NAME)
                return question(self._connection)
            except (library.PulseError, library._pulsectl.LibPulse.CallError):  # the server died before, or meanwhile
                self._drop()
        return None

    def _loaded(self) -> Any:
        if self._library is None and monotonic() >= self._load_after:
            try:
                self._library = self._load()
            except (ImportError, OSError):
                self._load_after = monotonic() + _LOAD_AGAIN_S
        return self._library

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _inputs(server: Any) -> list[Input]:
    defaults = server.server_info()
    sink = next((sink for sink in server.sink_list() if sink.name == defaults.default_sink_name), None)
    played = sink.proplist if sink is not None else {}
    return [_input(source, defaults.default_source_name, played) for source in server.source_list()]


def _heard(server: Any) -> Input | None:
    numbers = {output.source for output in _own_outputs(server)}
    default = server.server_info().default_source_name
    return next((_input(source, default, {}) for source in server.source_list() if source.index in numbers), None)


def _steer(server: Any, wanted: str) -> bool:
    """Does it record from any source yet? What does may be moved, what does not will still be given one.

    A move is the last resort: the server remembers it for later streams.
    """
    names = {source.index: source.name for source in server.source_list()}
    number = next((number for number, name in names.items() if name == wanted), None)
    outputs = [output for output in _own_outputs(server) if output.source in names]
    for output in outputs:
        if number is not None and output.source != number:
            server.source_output_move(output.index, number)
    return bool(outputs)


def _own_outputs(server: Any) -> list[Any]:
    """libpulse's streams tell their process; of those by PipeWire's own ALSA plugin only the client does."""
    own = str(os.getpid())
    clients = {client.index for client in server.client_list() if client.proplist.get(_PROCESS) == own}
    outputs = server.source_output_list()
    return [output for output in outputs if output.proplist.get(_PROCESS) == own or output.client in clients]


def _input(source: Any, default: str, played: Mapping[str, str]) -> Input:
    """``played``: the properties of the default sink."""
    device = Device(
        id=source.name,
        name=source.description or source.name,
        default=source.name == default,
        monitor=bool(source.monitor_of_sink_name),
        bus=bus(source.proplist),
        output=is_one_device(source.proplist, played),
    )
    return Input(
        device,
        channels=source.channel_count,
        rate=source.sample_spec.rate,
        muted=bool(source.mute),
        volume=source.volume.value_flat,
        suspended=source.state == "suspended",
    )


def load_pulsectl() -> Any:
    """Import the library: slow. Raises ``ImportError`` or ``OSError`` where it, or libpulse, is not."""
    import pulsectl

    return pulsectl
