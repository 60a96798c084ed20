"""Ways of signing in without anybody to sign in to: the port ``TokenSource``, scripted."""

from __future__ import annotations

from collections.abc import Iterable

import anyio.lowlevel

from parleqd.core.errors import OutsideError
from parleqd.core.ports import Token


class ScriptedTokens:
    """Fills the ``TokenSource`` port: each call takes the next line of the script, the last one again and again.

    An event among the lines is waited for before the line after it is taken.
    """

    def __init__(self, script: Iterable[Token | OutsideError | anyio.Event]) -> None:
        self.asked: list[str] = []
        """The scope of each call."""
        self.cancelled = 0
        self._script = list(script)

    def then(self, *lines: Token | OutsideError | anyio.Event) -> None:
        """From now on, these."""
        self._script = list(lines)

    async def mint(self, scope: str) -> Token:
        self.asked.append(scope)
        try:
            await anyio.lowlevel.checkpoint()
            while isinstance(line := self._next(), anyio.Event):
                await line.wait()
        except anyio.get_cancelled_exc_class():
            self.cancelled += 1
            raise
        if isinstance(line, OutsideError):
            raise OutsideError(line.reason, line.message, line.hint)
        return line

    def _next(self) -> Token | OutsideError | anyio.Event:
        return self._script.pop(0) if len(self._script) > 1 else self._script[0]
