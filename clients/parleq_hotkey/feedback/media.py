"""Pauses what plays, by MPRIS 2 (the Media Player Remote Interfacing Specification), and lets exactly that go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import anyio
from anyio import to_thread

from parleq_hotkey.feedback.record import Record

TYPE_CHECKING = False  # as typing.TYPE_CHECKING: the bus's library is loaded only where there is one to talk to
if TYPE_CHECKING:
    from parleq_hotkey.bus import Bus

PREFIX = "org.mpris.MediaPlayer2."
PATH = "/org/mpris/MediaPlayer2"
PLAYER = "org.mpris.MediaPlayer2.Player"
_PLAYS, _PAUSED = "Playing", "Paused"
_MIRROR = f"{PREFIX}playerctld"
"""playerctl's daemon shows itself as the player that was used last: that one is on the bus under its own name too."""
_ANSWERS_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Player:
    """A player that was paused. ``owner``: its connection; a player that was restarted is another one."""

    name: str
    owner: str


class Players:
    """``record`` outlives a crash: `resume` lets go on what any earlier process has paused."""

    def __init__(self, record: Record, environment: Mapping[str, str] | None = None) -> None:
        self._record = record
        self._environment = environment

    async def quieten(self) -> None:
        """Pauses every player that plays. Never raises."""
        await self._with_bus(self._pause)

    async def restore(self) -> None:
        """Lets those go on that were paused here and still are. Never raises."""
        if await to_thread.run_sync(self._record.read):
            await self._with_bus(self._resume)

    async def _with_bus(self, do: Any) -> None:
        try:
            from parleq_hotkey.bus import Bus, BusError
        except ImportError:
            return
        try:
            async with Bus.session(self._environment) as bus:
                await do(bus)
        except BusError:
            return  # No bus, no players.

    async def _pause(self, bus: Bus) -> None:
        playing: list[Player] = []

        async def look(name: str) -> None:
            if await self._status(bus, name) == _PLAYS:
                playing.append(Player(name, await bus.owner(name)))

        async with anyio.create_task_group() as tasks:
            for name in await bus.names():
                if name.startswith(PREFIX) and name != _MIRROR:
                    tasks.start_soon(look, name)
        before = await to_thread.run_sync(self._record.read)
        if playing:
            await to_thread.run_sync(self._record.write, [*before, *map(asdict, playing)])
        async with anyio.create_task_group() as tasks:
            for player in playing:
                tasks.start_soon(self._order, bus, player, "Pause")

    async def _resume(self, bus: Bus) -> None:
        paused = [_player(change) for change in await to_thread.run_sync(self._record.read)]

        async def resume(player: Player) -> None:
            if await bus.owner(player.name) == player.owner and await self._status(bus, player.name) == _PAUSED:
                await self._order(bus, player, "Play")

        async with anyio.create_task_group() as tasks:
            for player in paused:
                if player is not None:
                    tasks.start_soon(resume, player)
        await to_thread.run_sync(self._record.write, [])

    async def _status(self, bus: Bus, name: str) -> str:
        """ "" for a player that does not tell."""
        from parleq_hotkey.bus import BusError

        try:
            return str(await bus.get(name, PATH, PLAYER, "PlaybackStatus", timeout=_ANSWERS_WITHIN_S))
        except BusError:
            return ""

    async def _order(self, bus: Bus, player: Player, order: str) -> None:
        from parleq_hotkey.bus import BusError

        try:
            await bus.call(player.owner, PATH, PLAYER, order, timeout=_ANSWERS_WITHIN_S)
        except BusError:
            return


def _player(change: Mapping[str, Any]) -> Player | None:
    name, owner = change.get("name"), change.get("owner")
    return Player(name, owner) if isinstance(name, str) and isinstance(owner, str) else None
