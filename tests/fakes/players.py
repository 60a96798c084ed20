"""A media player on a bus, as MPRIS 2 has it."""

from __future__ import annotations

from parleq_hotkey.feedback.media import PLAYER, PREFIX
from tests.fakes.bus_service import Body, Call, FakeService


class FakePlayer(FakeService):
    """``status`` is what it does: "Playing", "Paused" or "Stopped"."""

    def __init__(self, name: str, status: str) -> None:
        super().__init__(PREFIX + name)
        self.status = status
        self.method(PLAYER, "Pause", "", self._pause)
        self.method(PLAYER, "Play", "", self._play)

    @property
    def status(self) -> str:
        return str(self.value(PLAYER, "PlaybackStatus"))

    @status.setter
    def status(self, status: str) -> None:
        self.property(PLAYER, "PlaybackStatus", "s", status)

    def _pause(self, call: Call) -> Body:
        self.status = "Paused"
        return ()

    def _play(self, call: Call) -> Body:
        self.status = "Playing"
        return ()
