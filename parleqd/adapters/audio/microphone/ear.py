"""An open stream together with the tap that its frames run through, and the choice that it was opened for."""

from __future__ import annotations

import anyio

from parleqd.adapters.audio.microphone.opening import Opened, Opening
from parleqd.core.capture.tap import Tap
from parleqd.core.errors import OutsideError
from parleqd.core.ports import MicrophoneChoice


class OpenEar:
    """An open stream with its tap; ``choice``: what it was opened for."""

    def __init__(self, opened: Opened, tap: Tap, choice: MicrophoneChoice) -> None:
        self.stream, self.device, self.absent = opened
        self.tap = tap
        self.choice = choice

    @classmethod
    async def open(
        cls, opening: Opening, choice: MicrophoneChoice, blocks: int, rate: int | None = None, renew: bool = False
    ) -> OpenEar:
        """Open what ``choice`` asks for; see `Opening.open`. ``blocks``: how many are remembered unheard."""
        tap = Tap(blocks)
        return cls(await opening.open(choice, tap.put, rate, renew), tap, choice)

    async def close(self, opening: Opening) -> None:
        """Whatever becomes of the caller, the microphone does not stay open. Raises nothing."""
        with anyio.CancelScope(shield=True):
            try:
                await opening.portaudio.close(self.stream)
            except OutsideError:  # it hangs, and is silenced: nothing more can be done about it
                return
            finally:
                self.tap.close()
