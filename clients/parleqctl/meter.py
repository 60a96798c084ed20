"""The text so far and how loud it is, on one line of a terminal that is written over and over."""

from __future__ import annotations

from parleqctl.layout import level_bar

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from parleqctl.console import LiveLine


class Meter:
    """``text`` stands there until there is some of the dictation's own."""

    def __init__(self, line: LiveLine, text: str = "") -> None:
        self._line = line
        self._text = text
        self._level = ""
        self._over = False

    def partial(self, stable: str, provisional: str) -> None:
        """More text."""
        self._text = f"{stable} {provisional}".strip()
        self._show()

    def level(self, dbfs: float) -> None:
        """Louder, or less so; what comes after the end is of no interest."""
        if not self._over:
            self._level = level_bar(dbfs)
            self._show()

    def phase(self, phase: str) -> None:
        """Once the recording is over there is no level any more."""
        self._over = phase != "recording"
        if self._over:
            self._level = ""
            self._line.show(f"{phase}…")
        else:
            self._show()

    def _show(self) -> None:
        self._line.show(f"{self._text} {self._level}".strip())
