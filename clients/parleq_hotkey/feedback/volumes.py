"""Turns other programs' sound down while the microphone listens, through the sound server, and up again."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import Any

from anyio import to_thread

from parleq_hotkey.feedback.loudness import Ducking, Stream, to_duck, to_restore
from parleq_hotkey.feedback.record import Record

CLIENT_NAME = "parleq-hotkey"
_KIND = "module-stream-restore.id"
"""PulseAudio's name for what it remembers a volume by; PipeWire's stand-in sets it too."""
_PROCESS = "application.process.id"


class Volumes:
    """``record`` outlives a crash: `restore` mends what any earlier process has turned down.

    ``load`` gives the module (pulsectl), or raises ``ImportError`` or ``OSError`` where it, or libpulse, is not.
    ``server``: the sound server's address, None for the one of the environment.
    """

    def __init__(self, record: Record, load: Callable[[], Any] | None = None, server: str | None = None) -> None:
        self._record = record
        self._load = load or load_pulsectl
        self._server = server
        self._turn = threading.Lock()  # a task that is cancelled leaves its thread at work

    async def quieten(self) -> None:
        """Turns every other program down. Never raises."""
        await to_thread.run_sync(self._with_server, self._duck, abandon_on_cancel=True)

    async def restore(self) -> None:
        """Turns those up that are as they were left. Never raises."""
        await to_thread.run_sync(self._if_any_is_down, abandon_on_cancel=True)

    def _if_any_is_down(self) -> None:
        with self._turn:
            any_is_down = bool(self._record.read())
        if any_is_down:
            self._with_server(self._restore)

    def _with_server(self, do: Callable[[Any, Any], None]) -> None:
        try:
            library = self._load()
        except (ImportError, OSError):
            return
        try:
            with self._turn, library.Pulse(CLIENT_NAME, server=self._server) as server:
                do(library, server)
        except (library.PulseError, library._pulsectl.LibPulse.CallError):  # none there, or it died meanwhile
            return

    def _duck(self, library: Any, server: Any) -> None:
        ducked = self._ducked()
        more = to_duck(_streams(server), str(os.getpid()), ducked)
        self._record.write([one.as_change() for one in (*ducked, *more)])
        for one in more:
            _set(library, server, one.number, one.after)

    def _restore(self, library: Any, server: Any) -> None:
        for number, volumes in to_restore(_streams(server), self._ducked()):
            _set(library, server, number, volumes)
        self._record.write([])

    def _ducked(self) -> list[Ducking]:
        return [one for one in map(Ducking.of, self._record.read()) if one is not None]


def _streams(server: Any) -> list[Stream]:
    clients = {client.index: client.proplist.get(_PROCESS, "") for client in server.client_list()}
    return [
        Stream(
            number=found.index,
            kind=found.proplist.get(_KIND) or found.proplist.get("application.name", ""),
            process=found.proplist.get(_PROCESS) or clients.get(found.client, ""),
            volumes=tuple(found.volume.values),
        )
        for found in server.sink_input_list()
    ]


def _set(library: Any, server: Any, number: int, volumes: Sequence[float]) -> None:
    try:
        server.sink_input_volume_set(number, library.PulseVolumeInfo(list(volumes)))
    except library.PulseOperationFailed:  # it has just ended
        return


def load_pulsectl() -> Any:
    """Imports the library: slow. Raises ImportError or OSError where it, or libpulse, is not."""
    import pulsectl

    return pulsectl
